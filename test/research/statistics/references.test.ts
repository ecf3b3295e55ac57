// Every measure equals what scikit-learn, scikit-survival, lifelines, statsmodels, SciPy and R's pROC say of the same cases, to 1e-9.
// test/research/references/make.py wrote the stored answers.
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { censoredBrier } from '#research/statistics/censored-brier.ts';
import { harrellC, unoC } from '#research/statistics/concordance.ts';
import { decisionCurve } from '#research/statistics/decision-curve.ts';
import { areaOf, compareAreas } from '#research/statistics/delong.ts';
import { auprc, auroc, brier, expectedCalibrationError, scored } from '#research/statistics/discrimination.ts';
import { holm } from '#research/statistics/holm.ts';
import { hosmerLemeshow } from '#research/statistics/hosmer-lemeshow.ts';
import { survivalCurve } from '#research/statistics/kaplan-meier.ts';
import { Z_95, chiSquaredUpper, normalCdf, twoSided } from '#research/statistics/normal.ts';
import { netReclassification } from '#research/statistics/reclassification.ts';
import { reliability, smoothCurve } from '#research/statistics/reliability.ts';

const stored = JSON.parse(readFileSync('test/research/references/statistics.json', 'utf8'));
const { a, b, clusters } = stored.cases as { a: number[]; b: number[]; clusters: string[] };
const labels: boolean[] = stored.cases.labels.map((label: number) => label === 1);
const ones = new Float64Array(labels.length).fill(1);

const BAR = 1e-9;

/** Relative where the value is large. */
const gap = (got: number, wanted: number): number => Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));

interface Stored {
  readonly auroc: number;
  readonly auprc: number;
  readonly delong: Record<'a' | 'b' | 'varianceA' | 'varianceB' | 'covariance' | 'p', number>;
}

/** The largest difference of any of them. */
function classificationGap(wanted: Stored, cases: { a: number[]; b: number[]; labels: boolean[] }): number {
  const weights = new Float64Array(cases.labels.length).fill(1);
  const { delong } = wanted;
  const compared = compareAreas(cases);
  return Math.max(
    gap(auroc(scored(cases.a, cases.labels), weights), wanted.auroc),
    gap(auprc(scored(cases.a, cases.labels), weights), wanted.auprc),
    gap(compared.a, delong.a),
    gap(compared.b, delong.b),
    gap(areaOf(cases.a, cases.labels).variance, delong.varianceA),
    gap(areaOf(cases.b, cases.labels).variance, delong.varianceB),
    gap(compared.variance, delong.varianceA + delong.varianceB - 2 * delong.covariance),
    gap(compared.p, delong.p),
  );
}

test('areas under both curves and DeLong’s variances and test', () => {
  expect(classificationGap(stored.classification, { a, b, labels })).toBeLessThanOrEqual(BAR);
});

test('Obuchowski’s clustered areas, variances and covariance', () => {
  const { areas, covariance } = stored.classification.clustered;
  const one = areaOf(a, labels, clusters);
  expect(gap(one.value, areas[0])).toBeLessThanOrEqual(BAR);
  expect(gap(one.variance, covariance[0][0])).toBeLessThanOrEqual(BAR);
  const compared = compareAreas({ a, b, labels, patients: clusters });
  expect(gap(compared.variance, covariance[0][0] + covariance[1][1] - 2 * covariance[0][1])).toBeLessThanOrEqual(BAR);
  expect(gap(compared.upper - compared.difference, Z_95 * Math.sqrt(compared.variance))).toBeLessThanOrEqual(BAR);
});

test('calibration: slope, intercept, observed over expected, ECE, Brier', () => {
  const wanted = stored.calibration;
  const got = reliability(a, labels);
  expect(gap(got.slope.value, wanted.slope)).toBeLessThanOrEqual(BAR);
  expect(gap(got.slope.upper - got.slope.value, Z_95 * wanted.slopeError)).toBeLessThanOrEqual(BAR);
  expect(gap(got.intercept.value, wanted.intercept)).toBeLessThanOrEqual(BAR);
  expect(gap(got.intercept.upper - got.intercept.value, Z_95 * wanted.interceptError)).toBeLessThanOrEqual(BAR);
  expect(gap(got.observedOverExpected.value, wanted.observedOverExpected)).toBeLessThanOrEqual(BAR);
  expect(gap(expectedCalibrationError(scored(a, labels), ones), wanted.ece)).toBeLessThanOrEqual(BAR);
  expect(gap(brier(scored(a, labels), ones), wanted.brier)).toBeLessThanOrEqual(BAR);
});

test('the smooth calibration curve and its band', () => {
  const got = smoothCurve(a, labels, 5);
  expect(got).toHaveLength(5);
  got.forEach(({ predicted, observed, lower, upper }, at) => {
    const [p = 0, o = 0, l = 0, u = 0]: number[] = stored.curve[at];
    expect(gap(predicted, p)).toBeLessThanOrEqual(BAR);
    expect(gap(observed, o)).toBeLessThanOrEqual(BAR);
    expect(gap(lower, l)).toBeLessThanOrEqual(BAR);
    expect(gap(upper, u)).toBeLessThanOrEqual(BAR);
  });
});

test('Hosmer and Lemeshow on other data and on the data of the fit', () => {
  for (const [fitted, wanted] of [
    [0, stored.hosmerLemeshow.external],
    [2, stored.hosmerLemeshow.fitted],
  ] as const) {
    const got = hosmerLemeshow(a, labels, { fitted });
    expect(gap(got.chiSquared, wanted.chiSquared)).toBeLessThanOrEqual(BAR);
    expect(gap(got.p, wanted.p)).toBeLessThanOrEqual(BAR);
  }
});

test('net benefit', () => {
  const { thresholds, values } = stored.netBenefit;
  decisionCurve(a, labels, thresholds).forEach(({ netBenefit }, at) =>
    expect(gap(netBenefit, values[at])).toBeLessThanOrEqual(BAR),
  );
});

test('net reclassification without and with categories', () => {
  for (const [cuts, wanted] of [
    [[], stored.reclassification.free],
    [[0.2, 0.5], stored.reclassification.cut],
  ] as const) {
    const got = netReclassification({ before: b, after: a, outcomes: labels }, cuts);
    expect(gap(got.events, wanted.events)).toBeLessThanOrEqual(BAR);
    expect(gap(got.nonEvents, wanted.nonEvents)).toBeLessThanOrEqual(BAR);
    expect(gap(got.standardError, wanted.error)).toBeLessThanOrEqual(BAR);
    expect(gap(got.p, wanted.p)).toBeLessThanOrEqual(BAR);
  }
});

test('Holm’s p-values, and those that are missing stay missing', () => {
  holm(stored.holm.p).forEach((p, at) => expect(gap(p, stored.holm.adjusted[at])).toBeLessThanOrEqual(BAR));
  expect(holm([0.01, Number.NaN, 0.04])).toEqual([0.02, Number.NaN, 0.04]);
});

test('the normal and chi-squared distributions, tails too', () => {
  const { z, cdf, twoSided: both } = stored.normal;
  z.forEach((value: number, at: number) => {
    expect(normalCdf(value) / cdf[at]).toBeCloseTo(1, 11);
    expect(twoSided(value) / both[at]).toBeCloseTo(1, 11);
  });
  for (const [x, k, p] of stored.chiSquared) expect(chiSquaredUpper(x, k) / p).toBeCloseTo(1, 11);
});

describe('persons who were followed', () => {
  const { time, event, risk, probability, untied } = stored.persons;
  const followed = { times: time, events: event };

  test('Harrell’s C as scikit-survival with ties, as lifelines without', () => {
    expect(gap(harrellC(followed, risk), stored.survival.harrell)).toBeLessThanOrEqual(BAR);
    expect(gap(harrellC({ times: untied, events: event }, risk), stored.lifelines)).toBeLessThanOrEqual(BAR);
  });

  test('Uno’s C, whole and up to a horizon', () => {
    expect(gap(unoC(followed, risk), stored.survival.uno)).toBeLessThanOrEqual(BAR);
    expect(
      gap(unoC(followed, risk, { horizon: stored.survival.horizon }), stored.survival.unoAtHorizon),
    ).toBeLessThanOrEqual(BAR);
  });

  test('the Brier score at a horizon, and Kaplan and Meier', () => {
    expect(
      gap(censoredBrier(followed, probability, stored.survival.horizon), stored.survival.brier),
    ).toBeLessThanOrEqual(BAR);
    expect(
      gap(survivalCurve(followed).at(stored.survival.horizon), stored.survival.survivalAtHorizon),
    ).toBeLessThanOrEqual(BAR);
  });
});

const tables = '../shared/data/tabular';

describe.skipIf(!existsSync(tables))('public tables (skipped where ../shared/data/tabular is absent)', () => {
  const answers = JSON.parse(readFileSync('test/research/references/tabular.json', 'utf8'));
  const rowsOf = (file: string): Record<string, string>[] =>
    parse(readFileSync(`${tables}/${file}`), { columns: true, relax_column_count: true });

  test('breast tumours of Wisconsin: radius against texture', () => {
    const rows = rowsOf('wdbc.csv');
    const cases = {
      a: rows.map((row) => Number(row['radius_mean'])),
      b: rows.map((row) => Number(row['texture_mean'])),
      labels: rows.map((row) => row['diagnosis'] === 'M'),
    };
    expect(classificationGap(answers.wdbc, cases)).toBeLessThanOrEqual(BAR);
  });

  test('Framingham’s teaching table: age against pressure, and a risk of both', () => {
    const rows = rowsOf('framingham_teaching.csv').filter((row) => row['glucose'] !== '' && row['BMI'] !== '');
    const age = rows.map((row) => Number(row['age']));
    const pressure = rows.map((row) => Number(row['sysBP']));
    const outcomes = rows.map((row) => row['TenYearCHD'] === '1');
    expect(rows).toHaveLength(answers.framingham.rows);
    expect(classificationGap(answers.framingham, { a: age, b: pressure, labels: outcomes })).toBeLessThanOrEqual(BAR);
    const risks = age.map((years, at) => 1 / (1 + Math.exp(-(0.07 * years + 0.015 * pressure[at]! - 7.3))));
    const { slope, intercept } = reliability(risks, outcomes);
    expect(gap(slope.value, answers.framingham.calibration.slope)).toBeLessThanOrEqual(BAR);
    expect(gap(intercept.value, answers.framingham.calibration.intercept)).toBeLessThanOrEqual(BAR);
    expect(
      gap(hosmerLemeshow(risks, outcomes).chiSquared, answers.framingham.hosmerLemeshow.chiSquared),
    ).toBeLessThanOrEqual(BAR);
  });
});
