// p-values of several tests at once, adjusted so that one false alarm among them stays as rare as one test's (Holm 1979).

/** In the order given. NaN stays NaN and does not count as a test. */
export function holm(values: readonly number[]): number[] {
  const tests = values
    .map((p, at) => ({ p, at }))
    .filter(({ p }) => !Number.isNaN(p))
    .sort((a, b) => a.p - b.p);
  const adjusted = values.map(() => Number.NaN);
  let least = 0;
  tests.forEach(({ p, at }, rank) => {
    least = Math.max(least, Math.min(1, p * (tests.length - rank)));
    adjusted[at] = least;
  });
  return adjusted;
}
