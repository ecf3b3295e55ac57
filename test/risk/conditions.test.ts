// Which diagnoses count: an established disease stays though it is over, a pregnancy ends, a suspicion is neither yes nor no.
import { describe, expect, test } from 'vitest';
import type { Condition } from '#kernel/condition.ts';
import { statedConditions } from '#risk/person/conditions.ts';

const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const NOW = new Date('2026-11-30T02:00:00Z');

const counted = (code: string, rest: Omit<Condition, 'codings'> = {}): readonly string[] =>
  statedConditions([{ codings: [{ system: ICD10, code }], ...rest }], NOW).statements.map((one) => one.code);

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
      const stated = statedConditions([{ codings: [{ system: ICD10, code: 'I63.9' }], verification }], NOW);
      expect(stated).toEqual({ statements: [], suspected: ['I63.9'] });
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
    expect(counted('O80', rest).includes('pregnancy')).toBe(counts);
  });
});

test('a code of a system that is not known is kept to be shown, and states nothing', () => {
  const { statements } = statedConditions(
    [{ codings: [{ system: 'http://hospital.example/wards', code: 'E11' }] }],
    NOW,
  );
  expect(statements).toEqual([
    { code: 'E11', system: 'http://hospital.example/wards', codings: expect.any(Array), value: true },
  ]);
});
