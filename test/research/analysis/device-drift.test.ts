// A device against its own past, by hand and by the paper's example; too few films are told as such.
import { expect, test } from 'vitest';
import type { DeviceReadings } from '#kernel/service-times.ts';
import { deviceDrift, LEAST_FILMS, scoreShift, shareChange } from '#research/analysis/device-drift.ts';

const readings = (parts: Partial<DeviceReadings>): DeviceReadings => ({
  device: 'A',
  window: 'recent',
  readings: 50,
  notAssessed: 0,
  assessed: 50,
  positive: 10,
  scoreMean: 0,
  scoreDeviation: 1,
  ...parts,
});

test("the interval of a difference of shares is Newcombe's: 56/70 − 48/80 = 0.2 (0.0524 to 0.3339)", () => {
  const { difference } = shareChange({ hits: 56, n: 70 }, { hits: 48, n: 80 });
  expect(difference.value).toBeCloseTo(0.2, 10);
  expect(difference.lower).toBeCloseTo(0.0524, 4);
  expect(difference.upper).toBeCloseTo(0.3339, 4);
});

test('a shift of one standard deviation among 50 and 50 films: 1 ± 1.96 √(1/50 + 1/50 + 1/200)', () => {
  const shift = scoreShift(readings({ scoreMean: 1 }), readings({ window: 'earlier' }));
  const half = 1.959964 * Math.sqrt(0.045);
  expect(shift.value).toBeCloseTo(1, 12);
  expect(shift.lower).toBeCloseTo(1 - half, 12);
  expect(shift.upper).toBeCloseTo(1 + half, 12);
});

test('too few films in either window: no difference, and it is said', () => {
  const few = LEAST_FILMS - 1;
  const [drift] = deviceDrift([
    readings({ readings: few, assessed: few }),
    readings({ window: 'earlier', readings: 500, assessed: 500, positive: 100 }),
  ]);
  expect(drift).toMatchObject({ tooFew: true, recentFilms: few, earlierFilms: 500 });
  expect(drift?.positive.difference).toEqual({ value: null, lower: null, upper: null, n: few });
  expect(drift?.score.value).toBeNull();
  // The shares themselves stand there, with their n.
  expect(drift?.positive.earlier).toMatchObject({ value: 0.2, n: 500 });
});

test('a device that fell silent stays on the list', () => {
  const rows = deviceDrift([readings({ device: 'B', window: 'earlier' }), readings({ device: 'A' })]);
  expect(rows.map(({ device, recentFilms, earlierFilms }) => [device, recentFilms, earlierFilms])).toEqual([
    ['A', 50, 0],
    ['B', 0, 50],
  ]);
  expect(rows.every(({ tooFew }) => tooFew)).toBe(true);
});

test('scores that never differ have no standard deviation to shift by', () => {
  expect(
    scoreShift(readings({ scoreDeviation: 0 }), readings({ window: 'earlier', scoreDeviation: 0 })).value,
  ).toBeNull();
});
