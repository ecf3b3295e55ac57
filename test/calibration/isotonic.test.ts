import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { calibrate } from '#calibration/calibrate.ts';
import { findingChange } from '#calibration/change.ts';
import { onCurve } from '#calibration/curve.ts';
import { fitHead } from '#calibration/fit-head.ts';
import { fitIsotonic, isotonicCurve } from '#calibration/isotonic.ts';
import { calibrationSchema } from '#models/schema.ts';

interface Case {
  readonly name: string;
  readonly logits: readonly number[];
  readonly labels: readonly number[];
  readonly asked: readonly number[];
  readonly answers: readonly number[];
}
const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('references/isotonic.json', import.meta.url), 'utf8'),
);
const samplesOf = ({ logits, labels }: Case) => logits.map((logit, at) => ({ logit, positive: labels[at] === 1 }));
const named = (name: string): Case => {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no reference ${name}`);
  return found;
};

describe('isotonic regression', () => {
  test.each(cases)('answers as scikit-learn does: $name', (each) => {
    const curve = isotonicCurve(samplesOf(each));
    const worst = Math.max(...each.asked.map((logit, at) => Math.abs(onCurve(curve, logit) - each.answers[at]!)));
    expect(worst).toBeLessThan(1e-9);
  });

  test('says neither 0 nor 1, and refuses what does not rise', () => {
    const { probabilities } = fitIsotonic(samplesOf(named('separated')));
    expect(Math.min(...probabilities)).toBe(1 / 5);
    expect(Math.max(...probabilities)).toBe(3 / 4);
    expect(() => fitIsotonic(samplesOf(named('wrong way round')))).toThrow(/does not rise/);
    expect(() => fitIsotonic([{ logit: 1, positive: true }])).toThrow(/1 positive and 0 negative/);
  });
});

describe('a head with a curve', () => {
  const samples = samplesOf(named('drawn')).map((each, at) => ({ ...each, patient: `p${at}` }));
  const plan = {
    code: 'Mass',
    method: 'isotonic' as const,
    rates: { missed: 0.1, falseAlarms: 0.1 },
    fittedOn: { dataset: 'made', split: 'all' },
    population: { population: { vi: 'thử', en: 'test' }, source: 'made' },
  };
  const calibrationOf = (prevalence?: number) =>
    calibrationSchema.parse({
      version: 'v',
      modelId: 'm',
      modelVersion: '1',
      method: 'isotonic',
      errorRate: 0.1,
      heads: [fitHead(samples, prevalence === undefined ? plan : { ...plan, prevalence })],
    });

  test('gives the curve its probability, and a claim of 10 % errors at most', () => {
    const calibration = calibrationOf();
    const curve = fitIsotonic(samples);
    for (const { logit } of samples.slice(0, 50))
      expect(calibrate(calibration, 'Mass', logit).probability).toBeCloseTo(onCurve(curve, logit), 12);
    const missed = samples.filter(
      ({ logit, positive }) => positive && calibrate(calibration, 'Mass', logit).decision === 'negative',
    );
    expect(missed.length / samples.filter(({ positive }) => positive).length).toBeLessThanOrEqual(0.1);
    expect(missed.length).toBeGreaterThan(0);
    expect(calibrate(calibration, 'Mass', -50)).toMatchObject({ inRange: false, decision: 'indeterminate' });
  });

  test('moves to another prevalence by the odds, and no decision changes', () => {
    const [own, elsewhere] = [calibrationOf(), calibrationOf(0.02)];
    const odds = (p: number): number => p / (1 - p);
    const shares = samples.filter(({ positive }) => positive).length / samples.length;
    for (const { logit } of samples.slice(0, 50)) {
      const [a, b] = [calibrate(own, 'Mass', logit), calibrate(elsewhere, 'Mass', logit)];
      expect(odds(b.probability) / odds(a.probability)).toBeCloseTo(odds(0.02) / odds(shares), 9);
      expect(b.decision).toBe(a.decision);
    }
  });

  test('claims no change between two films: the bound of an unchanged finding is in logits, which a curve bends', () => {
    const repeatability = {
      modelId: 'm',
      modelVersion: '1',
      method: 'x',
      coverage: 0.95,
      measuredOn: { dataset: 'd', split: 's' },
      heads: [{ code: 'Mass', logitDifference: 1, pairs: 20, patients: 20 }],
    };
    const films = { before: { probability: 0.2 }, now: { probability: 0.8 } };
    expect(findingChange('Mass', films, { calibration: calibrationOf(), repeatability })).toBeUndefined();
  });
});
