import { expect, test } from 'vitest';
import { between, birthDateEnds } from '#interop/cds-hooks/birth-date.ts';
import type { RiskItem } from '#interop/cds-hooks/ports.ts';
import { sampleProvenance } from '../../store/samples.ts';

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
  expect(birthDateEnds('1965')).toEqual(['1965-01-01', '1965-12-31']);
  expect(birthDateEnds('1964-02')).toEqual(['1964-02-01', '1964-02-29']);
  expect(birthDateEnds('1964-02-03')).toEqual(['1964-02-03']);
  expect(birthDateEnds(undefined)).toEqual([]);
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
