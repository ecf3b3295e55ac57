// Diagnoses that count: an established disease stays though it is over, a pregnancy ends, a suspicion is neither yes nor no.
import { describe, expect, test } from 'vitest';
import type { Condition } from '#kernel/condition.ts';
import type { AssessedPerson } from '#risk/measure/read.ts';
import { statedConditions } from '#risk/person/conditions.ts';

const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const NOW = new Date('2026-11-30T02:00:00Z');

type Person = Pick<AssessedPerson, 'sex' | 'birthDate'>;
const view = (person: Person = {}): AssessedPerson => ({ ...person, asOf: NOW });

const counted = (code: string, rest: Omit<Condition, 'codings'> = {}, person: Person = {}): readonly string[] =>
  statedConditions([{ codings: [{ system: ICD10, code }], ...rest }], view(person)).statements.map((one) => one.code);

describe('an established disease', () => {
  test.each<Omit<Condition, 'codings'>>([
    {},
    { clinical: 'active' },
    { clinical: 'resolved' },
    { clinical: 'inactive' },
    { clinical: 'remission' },
    { abatement: '2019-01-01' },
    { abated: true },
    { verification: 'confirmed' },
  ])('counts with %j', (rest) => {
    expect(counted('I21.9', rest)).toContain('prior_cvd');
  });

  test.each<Omit<Condition, 'codings'>>([{ verification: 'refuted' }, { verification: 'entered-in-error' }])(
    'never was with %j',
    (rest) => {
      expect(counted('I21.9', rest)).toEqual([]);
    },
  );

  test.each(['unconfirmed', 'provisional', 'differential'] as const)(
    'is only suspected when it is %s',
    (verification) => {
      const stated = statedConditions([{ codings: [{ system: ICD10, code: 'I63.9' }], verification }], view());
      expect(stated).toEqual({ statements: [], unused: [{ code: 'I63.9', because: 'suspected' }] });
    },
  );
});

describe('a pregnancy', () => {
  test.each<[string, Omit<Condition, 'codings'>, boolean]>([
    ['without any date', {}, true],
    ['that began two months ago', { onset: '2026-09-28' }, true],
    ['that began in this year', { onset: '2026' }, true],
    ['that began a year ago', { onset: '2025-11-01' }, false],
    ['recorded eight years ago', { recorded: '2018-11-30' }, false],
    ['that has ended', { abatement: '2026-10-01' }, false],
    ['that is resolved', { clinical: 'resolved' }, false],
    ['that will end', { abatement: '2027-02-01' }, true],
  ])('%s counts: %j → %s', (_, rest, counts) => {
    expect(counted('Z34.9', rest).includes('pregnancy')).toBe(counts);
  });

  test.each([
    ['O80', '2026-11-20', true],
    ['O80', '2026-10-01', false],
    ['O03.9', '2026-10-01', false],
    ['O85', '2026-11-01', true],
    ['O14.1', '2026-10-01', true],
    ['O00.1', '2026-10-01', true],
  ])('%s of %s: a delivery ends it after six weeks → %s', (code, recorded, counts) => {
    expect(counted(code, { recorded }).includes('pregnancy')).toBe(counts);
  });

  test.each<[string, number, boolean]>([
    ['1996-05-14', 22, false],
    ['1996-05-14', 30, true],
    ['1996', 28, false],
    ['1996-05', 29, true],
  ])('of a woman born %s at the age of %d counts: %s', (birthDate, onsetYears, counts) => {
    expect(counted('Z34.9', { onsetYears }, { birthDate }).includes('pregnancy')).toBe(counts);
  });

  test('of a man is shown as not possible and states nothing; a diabetes beside it counts', () => {
    const codings = [{ system: ICD10, code: 'Z34.9' }];
    expect(statedConditions([{ codings }], view({ sex: 'male' }))).toEqual({
      statements: [],
      unused: [{ code: 'Z34.9', because: 'other-sex' }],
    });
    expect(counted('O24.1', {}, { sex: 'male' })).toEqual(['type2_diabetes', 'diabetes']);
    expect(counted('Z34.9', {}, { sex: 'female' })).toEqual(['pregnancy']);
  });
});

test('a code of a system that is not known is kept to be shown, and states nothing', () => {
  const { statements } = statedConditions(
    [{ codings: [{ system: 'http://hospital.example/wards', code: 'E11' }] }],
    view(),
  );
  expect(statements).toEqual([
    { code: 'E11', system: 'http://hospital.example/wards', codings: expect.any(Array), value: true },
  ]);
});

test('a diagnosis that begins in the future has not begun', () => {
  const codings = [{ system: ICD10, code: 'I21.9' }];
  expect(statedConditions([{ codings, onset: '2027-05-01' }], view())).toEqual({
    statements: [],
    unused: [{ code: 'I21.9', because: 'in-the-future' }],
  });
  expect(counted('I21.9', { onset: '2026' })).toContain('prior_cvd');
  expect(counted('I21.9', { onset: '2026-12-01' })).toContain('prior_cvd');
});

describe('a smoker in the problem list', () => {
  const SNOMED = 'http://snomed.info/sct';
  const stated = (code: string, rest: Omit<Condition, 'codings'> = {}) =>
    statedConditions([{ codings: [{ system: SNOMED, code }], ...rest }], view()).statements;

  test('states what the finding states, at its time', () => {
    expect(stated('77176002', { recorded: '2026-05-01' })).toEqual([
      {
        code: '77176002',
        system: SNOMED,
        codings: [{ system: SNOMED, code: '77176002' }],
        value: true,
        time: '2026-05-01',
      },
    ]);
    expect(stated('8517006')).toHaveLength(1);
  });

  test.each<Omit<Condition, 'codings'>>([
    { verification: 'refuted' },
    { verification: 'provisional' },
    { clinical: 'resolved' },
  ])('states nothing with %j', (rest) => {
    expect(stated('77176002', rest)).toEqual([]);
  });
});
