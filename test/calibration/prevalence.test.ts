// A site's own prevalence moves probabilities by the prior shift, and no decision.
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { calibrate } from '#calibration/calibrate.ts';
import { siteCalibration } from '#calibration/prevalence.ts';
import { calibrationSchema } from '#models/schema.ts';

const calibration = calibrationSchema.parse(JSON.parse(readFileSync('models/cxr-findings/calibration.json', 'utf8')));
const codes = calibration.heads.map(({ code }) => code);

test('the odds change by the ratio of the prevalences’ odds', () => {
  const [head] = calibration.heads;
  const declared = head?.prevalence.value ?? 0;
  const moved = siteCalibration(calibration, { Atelectasis: 0.5 });
  const [before, after] = [calibration, moved].map((each) => calibrate(each, 'Atelectasis', -1).probability);
  const odds = (share: number | undefined): number => (share ?? 0) / (1 - (share ?? 0));
  // odds(0.5) = 1, so that the ratio is 1 / odds(declared)
  expect(odds(after)).toBeCloseTo(odds(before) / odds(declared), 10);
  expect(calibrate(moved, 'Atelectasis', -1).prevalence).toBe(0.5);
});

test('no prevalence changes a decision', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...codes),
      fc.double({ min: 0.0005, max: 0.9995, noNaN: true }),
      fc.double({ min: -8, max: 8, noNaN: true }),
      (code, share, logit) => {
        const moved = siteCalibration(calibration, { [code]: share });
        const [before, after] = [calibration, moved].map((each) => calibrate(each, code, logit));
        const near = calibration.heads.some((head) =>
          [head.positiveFrom, head.negativeTo].some((point) => Math.abs((before?.probability ?? 0) - point) < 1e-9),
        );
        expect(near || before?.decision === after?.decision).toBe(true);
      },
    ),
  );
});

describe('the version of a calibration', () => {
  test('stays without a site’s prevalence, and names one', () => {
    expect(siteCalibration(calibration, {})).toBe(calibration);
    expect(siteCalibration(calibration, { tuberculosis: 0.05 }).version).toMatch(/\+site-[0-9a-f]{8}$/);
    expect(siteCalibration(calibration, { tuberculosis: 0.05 }).version).not.toBe(
      siteCalibration(calibration, { tuberculosis: 0.06 }).version,
    );
  });

  test('a finding that the model does not have is refused by its code', () => {
    expect(() => siteCalibration(calibration, { Fracture: 0.1 })).toThrow(
      expect.objectContaining({ code: 'calibration.unknown-head', field: 'Fracture' }),
    );
  });
});

test.each(['cxr-findings', 'cxr-findings-tiny'])('%s declares a prevalence with its source for every head', (id) => {
  const { heads } = calibrationSchema.parse(JSON.parse(readFileSync(`models/${id}/calibration.json`, 'utf8')));
  expect(heads.find(({ code }) => code === 'tuberculosis')?.prevalence.value).toBe(0.02);
  expect(heads.find(({ code }) => code === 'paediatric-pneumonia')?.prevalence.value).toBe(0.37);
});
