// A Condition is read whole: every coding, status in any FHIR release, dates; what names nothing is counted.
import { expect, test } from 'vitest';
import { conditionsIn } from '#interop/fhir-model/conditions.ts';

const status = (code: string) => ({ coding: [{ code }] });
const icd10 = (code: string) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] });

test('codings, statuses and dates are kept as they were sent', () => {
  const { conditions } = conditionsIn([
    {
      resourceType: 'Condition',
      id: 'c1',
      code: {
        coding: [
          { system: 'urn:gl', code: 'X' },
          { system: 'http://snomed.info/sct', code: '22298006' },
        ],
        text: 'NMCT',
      },
      category: [status('encounter-diagnosis')],
      clinicalStatus: status('resolved'),
      verificationStatus: status('confirmed'),
      onsetDateTime: '2019',
      abatementDateTime: '2020-03-01',
      recordedDate: '2020-03-02',
    },
  ]);
  expect(conditions).toEqual([
    {
      codings: [
        { system: 'urn:gl', code: 'X' },
        { system: 'http://snomed.info/sct', code: '22298006' },
      ],
      text: 'NMCT',
      clinical: 'resolved',
      verification: 'confirmed',
      onset: '2019',
      abatement: '2020-03-01',
      recorded: '2020-03-02',
      categories: ['encounter-diagnosis'],
      source: 'Condition/c1',
    },
  ]);
});

test.each([
  ['DSTU2 and STU3 write a plain text', { clinicalStatus: 'resolved', verificationStatus: 'refuted' }],
  [
    'a second coding and a text count',
    { clinicalStatus: { coding: [{ code: 'x' }, { code: 'resolved' }] }, verificationStatus: { text: 'Refuted' } },
  ],
])('%s', (_, statuses) => {
  const { conditions } = conditionsIn([{ resourceType: 'Condition', code: icd10('I21'), ...statuses }]);
  expect(conditions).toMatchObject([{ clinical: 'resolved', verification: 'refuted' }]);
});

test.each([{ abatementAge: { value: 60 } }, { abatementString: 'năm ngoái' }, { abatementBoolean: true }])(
  'an end without a date is an end: %j',
  (end) => {
    const { conditions } = conditionsIn([{ resourceType: 'Condition', code: icd10('O80'), ...end }]);
    expect(conditions).toMatchObject([{ abated: true }]);
  },
);

test('a broken part takes no other with it, and a condition without a name is counted', () => {
  const read = conditionsIn([
    {
      resourceType: 'Condition',
      code: { coding: [7, { system: 'urn:a', code: 'A' }] },
      onsetDateTime: 3,
      category: 'x',
    },
    { resourceType: 'Condition' },
    { resourceType: 'Patient' },
  ]);
  expect(read.conditions.map(({ codings }) => codings)).toEqual([[{ system: 'urn:a', code: 'A' }]]);
  expect(read.unusable).toBe(1);
});
