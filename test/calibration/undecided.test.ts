import { expect, test } from 'vitest';
import { callsOf, leastUndecided, mostCovered, pointsAt } from '#calibration/undecided.ts';

/** 100 of each kind, one in ten of each on the wrong side. */
const films = Array.from({ length: 200 }, (_, at) => {
  const positive = at % 2 === 0;
  const isWrong = at % 20 < 2;
  return { patient: `p${at}`, positive, probability: (positive === isWrong ? 0.1 : 0.8) + at / 10_000 };
});

test('a wider error rate leaves less to a person and holds the truth less often', () => {
  const rows = [0.02, 0.08, 0.15].map((rate) => {
    const calls = callsOf(films, pointsAt(films, rate, 0));
    const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;
    return {
      coverage: share(calls.map(({ holds }) => holds)),
      undecidedShare: share(calls.map(({ undecided }) => undecided)),
    };
  });
  expect(rows.map(({ undecidedShare }) => undecidedShare)).toEqual(
    rows.map(({ undecidedShare }) => undecidedShare).toSorted((a, b) => b - a),
  );
  expect(rows[0]?.undecidedShare).toBeGreaterThan(0.5);
  // One film in ten lies on the wrong side: beyond that rate nothing is left, and one answer in ten is wrong.
  expect(rows[2]).toEqual({ coverage: 0.9, undecidedShare: 0 });
});

test('a floor leaves films to a person that would be called positive at a small chance', () => {
  const rare = films.map((film) => ({ ...film, probability: film.probability / 100 }));
  const undecided = (floor: number): number =>
    callsOf(rare, pointsAt(rare, 0.15, floor)).filter((call) => call.undecided).length;
  expect(undecided(0)).toBe(0);
  expect(undecided(0.05)).toBe(100);
});

test('the least at a coverage, and the coverage at a share', () => {
  const points = [
    { coverage: 0.99, undecidedShare: 0.6 },
    { coverage: 0.95, undecidedShare: 0.4 },
    { coverage: 0.9, undecidedShare: 0.1 },
  ];
  expect(leastUndecided(points, 0.94)?.undecidedShare).toBe(0.4);
  expect(leastUndecided(points, 0.995)).toBeUndefined();
  expect(mostCovered(points, 0.3)?.coverage).toBe(0.9);
  expect(mostCovered(points, 0.05)).toBeUndefined();
});
