import type { RiskItem } from '#risk/person/risk-item.ts';
import { expect, test } from 'vitest';
import { between, birthDateEnds, isPossibleBirthDate } from '#risk/person/birth-date.ts';
import { sampleProvenance } from '../store/samples.ts';

const TODAY = new Date('2026-11-22T20:00:00Z');

const both = (text: string) => ({ vi: text, en: text });

const flag = (risk: number) => ({
  facilityId: 'local',
  sourceId: String(risk),
  equationId: 'score2',
  title: both('SCORE2'),
  result: both(`${Math.round(risk * 100)} %`),
  risk,
  contributions: [],
  limitations: [],
  provenance: sampleProvenance(),
});
const assessed = (risk: number): RiskItem => ({ kind: 'assessed', flag: flag(risk) });
const notAssessed: RiskItem = { kind: 'not-assessed', equationId: 'score2', title: both('SCORE2'), reasons: [] };

test('a year or a month has two ends, a day is itself', () => {
  expect(birthDateEnds('1965', TODAY)).toEqual(['1965-01-01', '1965-12-31']);
  expect(birthDateEnds('1964-02', TODAY)).toEqual(['1964-02-01', '1964-02-29']);
  expect(birthDateEnds('1964-02-03', TODAY)).toEqual(['1964-02-03']);
  expect(birthDateEnds(undefined, TODAY)).toEqual([]);
  // Nobody is born after today, which in Viet Nam is the 23rd already.
  expect(birthDateEnds('2026', TODAY)).toEqual(['2026-01-01', '2026-11-23']);
});

test('nobody is born tomorrow, nor is older than 120', () => {
  const possible = ['2026-11-23', '2026-11-24', '2027', '1906', '1905-12-31', '0001-01-01'].map((date) =>
    isPossibleBirthDate(date, TODAY),
  );
  expect(possible).toEqual([true, false, false, true, false, false]);
});

test('a risk that differs between the ends is told as what lies between, and says what is missing', () => {
  expect(between([assessed(0.2)], [assessed(0.18)])).toMatchObject([
    {
      kind: 'interval',
      lower: { risk: 0.18 },
      upper: { risk: 0.2 },
      missing: [{ en: expect.stringContaining('birth date') }],
    },
  ]);
});

test('a risk that reads the same at both ends is simply told', () => {
  expect(between([assessed(0.201)], [assessed(0.199)])).toMatchObject([{ kind: 'assessed' }]);
});

test('an equation that holds at one end only is not told', () => {
  expect(between([notAssessed], [assessed(0.2)])).toEqual([notAssessed]);
  expect(between([assessed(0.2)], [notAssessed])).toEqual([notAssessed]);
});
