// Angles, outlines, the body's mask and windows by arithmetic alone: each expected number is derived here.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyMask } from '#web/pages/viewer/body.ts';
import { evidenceOf, scaleColours } from '#web/pages/viewer/evidence.ts';
import type { FilmValues } from '#web/pages/viewer/film-values.ts';
import { isoLine } from '#web/pages/viewer/iso-line.ts';
import { angleDegrees, measureText } from '#web/pages/viewer/measure.ts';
import { type Placement, sharedOf, shownAt } from '#web/pages/viewer/placement.ts';
import { presetWindow } from '#web/pages/viewer/presets.ts';

const at = (x: number, y: number) => ({ x, y });

test('an angle follows the millimetres of pixels that are not square', () => {
  expect(angleDegrees([at(1, 0), at(0, 0), at(0, 1)])).toBeCloseTo(90, 9);
  expect(angleDegrees([at(1, 0), at(0, 0), at(1, 1)])).toBeCloseTo(45, 9);
  // Rows twice as far apart: the arm leans to atan(2 / 1).
  expect(angleDegrees([at(1, 0), at(0, 0), at(1, 1)], { row: 2, column: 1 })).toBeCloseTo(63.43494882, 6);
  expect(measureText({ points: [at(1, 0), at(0, 0), at(0, 1)] }, undefined)).toBe('90.0°');
});

test('a distance says its unit, and that it was taken at the detector', () => {
  const measure = { points: [at(0, 0), at(30, 40)] };
  expect(measureText(measure, undefined)).toBe('50 px');
  expect(measureText(measure, { row: 0.2, column: 0.2, at: 'patient' })).toBe('10.0 mm');
  expect(measureText(measure, { row: 0.2, column: 0.2, at: 'detector' })).toBe('10.0 mm *');
});

test('the outline of one bright pixel goes round its middle, half way to its neighbours', () => {
  const values = new Float32Array(25);
  values[12] = 1;
  const pieces = isoLine({ columns: 5, rows: 5, values }, 0.5);
  // Four pieces around the middle pixel (2, 2): half a pixel from its middle at 2.5.
  expect(pieces.length).toBe(16);
  for (let end = 0; end < pieces.length; end += 2) {
    const [x = 0, y = 0] = pieces.slice(end, end + 2);
    expect(Math.abs(x * 5 - 2.5) + Math.abs(y * 5 - 2.5)).toBeCloseTo(0.5, 9);
  }
});

test('every outline is closed: each end of a piece is an end of another', () => {
  const grid = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 36, maxLength: 36 });
  fc.assert(
    fc.property(grid, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (values, level) => {
      const pieces = isoLine({ columns: 6, rows: 6, values: Float32Array.from(values) }, level);
      const ends = new Map<string, number>();
      for (let end = 0; end < pieces.length; end += 2) {
        const name = `${pieces[end]?.toFixed(9)} ${pieces[end + 1]?.toFixed(9)}`;
        ends.set(name, (ends.get(name) ?? 0) + 1);
      }
      expect([...ends.values()].every((count) => count % 2 === 0)).toBe(true);
    }),
  );
});

test('evidence is read back from a map’s opacity, and its scale from its colours', () => {
  // 0.6 · 255 = 153 is the strongest; 38.25 is a quarter of that, so half of the evidence.
  const data = Uint8ClampedArray.from([0, 0, 0, 0, 10, 20, 30, 38, 200, 210, 40, 153]);
  const picture = { width: 3, height: 1, data };
  const { values } = evidenceOf(picture);
  expect([...values].map((value) => Number(value.toFixed(2)))).toEqual([0, 0.5, 1]);
  const scale = scaleColours(picture);
  expect(scale[3]).toBe('rgb(10 20 30)');
  expect(scale[7]).toBe('rgb(200 210 40)');
});

/** A film whose display is its code; code 1 is black. */
const filmOf = (columns: number, rows: number, codes: readonly number[], inverted = false): FilmValues => ({
  columns,
  rows,
  codes: Uint16Array.from(codes),
  display: Uint8Array.from({ length: 257 }, (_, code) => (inverted ? 256 - code : code - 1)),
  first: 0,
  slope: 1,
  intercept: 0,
  inverted,
  pixelAspect: 1,
});

test('what is dark and reaches the edge lies beside the body; a dark lung within it does not', () => {
  const rows = ['0000000000', '0111111110', '0111111110', '0110110110', '0110110110', '0111111110', '0111111110'];
  const codes = rows.flatMap((row) => [...row].map((cell) => (cell === '0' ? 1 : 200)));
  const mask = bodyMask(filmOf(10, 7, codes));
  expect(mask?.inside[0]).toBe(0);
  expect(mask?.inside[1 * 10 + 1]).toBe(255);
  expect(mask?.inside[3 * 10 + 3]).toBe(255);
  expect(mask?.inside[6 * 10 + 9]).toBe(0);
  // A film that is dark all over is not cut to nothing.
  expect(
    bodyMask(
      filmOf(
        4,
        4,
        Array.from({ length: 16 }, () => 1),
      ),
    ),
  ).toBeUndefined();
});

test('a preset spans shares of the film’s own values, and of a film with bright low values the other way round', () => {
  // Values 0 to 99, once each.
  const codes = Array.from({ length: 100 }, (_, value) => value + 1);
  expect(presetWindow(filmOf(10, 10, codes), 'sent')).toBeUndefined();
  expect(presetWindow(filmOf(10, 10, codes), 'whole')).toEqual({ center: 49.5, width: 99 });
  // 2 % to 65 %: values 1 and 64.
  expect(presetWindow(filmOf(10, 10, codes), 'lungs')).toEqual({ center: 32.5, width: 63 });
  // 35 % to 98 % of the values.
  expect(presetWindow(filmOf(10, 10, codes, true), 'lungs')).toEqual({ center: 65.5, width: 63 });
});

test('two films that are linked show the same part, whatever their sizes', () => {
  const placement: fc.Arbitrary<Placement> = fc.record({
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    x: fc.double({ min: -900, max: 900, noNaN: true }),
    y: fc.double({ min: -900, max: 900, noNaN: true }),
    turns: fc.constantFrom(0, 1, 2, 3),
    mirrored: fc.boolean(),
  });
  const [film, view] = [
    { width: 1024, height: 853 },
    { width: 700, height: 800 },
  ];
  fc.assert(
    fc.property(placement, (place) => {
      const back = shownAt(sharedOf(place, film, view), film, view);
      expect(back.scale).toBeCloseTo(place.scale, 9);
      expect(back.x).toBeCloseTo(place.x, 6);
      // Twice the pixels over the same extent: half the scale, the same place on the screen.
      const twice = shownAt(sharedOf(place, film, view), { width: 2048, height: 1706 }, view);
      expect(twice.scale).toBeCloseTo(place.scale / 2, 9);
      expect(twice.y).toBeCloseTo(place.y, 6);
    }),
  );
});
