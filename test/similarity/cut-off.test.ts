import { expect, test } from 'vitest';
import { alikeShare, type ComparedFilm, cutOffOf } from '#similarity/cut-off.ts';

const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI));
const film = (
  n: number,
  degrees: number,
  present: readonly string[],
  parts: Partial<ComparedFilm> = {},
): ComparedFilm => ({
  patient: `p${n}`,
  source: 'a',
  vector: at(degrees),
  present: new Set(present),
  ...parts,
});
const cosine = (degrees: number): number => Math.cos((degrees / 180) * Math.PI);

// Effusion at 0° and 10°, nothing at 40° and 90°. Unlike pairs: 40°, 90°, 30°, 80°; alike: 10° and 50°.
const FOUR = [film(0, 0, ['Effusion']), film(1, 10, ['Effusion', 'Mass']), film(2, 40, []), film(3, 90, [])];

test('the cut-off is the similarity that the given share of unlike pairs stays below', () => {
  // Ascending: cos 90°, cos 80°, cos 40°, cos 30°; half of four lie below the third.
  expect(cutOffOf(FOUR, 0.5)?.minimum).toBeCloseTo(cosine(40), 6);
  const high = cutOffOf(FOUR, 0.75);
  expect(high?.minimum).toBeCloseTo(cosine(30), 6);
  expect(high).toMatchObject({ unlikePairs: 4, chance: 2 / 6 });
  // At and above cos 30°: the pair of 10°, which is alike, and that of 30°, which is not.
  expect(high?.near.map(({ first, second, alike }) => [first, second, alike])).toEqual([
    [0, 1, true],
    [1, 2, false],
  ]);
});

test('films of one person and of two sources are no pair', () => {
  const same = FOUR.map((each) => ({ ...each, patient: 'p' }));
  expect(cutOffOf(same, 0.5)).toBeUndefined();
  const apart = FOUR.map((each, n) => ({ ...each, source: n % 2 === 0 ? 'a' : 'b' }));
  // 0° with 40° in a, 10° with 90° in b: both unlike, so that nothing tells alike from unlike.
  expect(cutOffOf(apart, 0.5)).toBeUndefined();
});

test('the length of a vector does not count', () => {
  const longer = FOUR.map((each, n) => ({ ...each, vector: each.vector.map((value) => value * (n + 1)) }));
  expect(cutOffOf(longer, 0.5)?.minimum).toBeCloseTo(cutOffOf(FOUR, 0.5)?.minimum ?? 0, 6);
});

test('the share of alike pairs counts a film as often as it was drawn', () => {
  const near = cutOffOf(FOUR, 0.75)?.near ?? [];
  expect(alikeShare(near, [1, 1, 1, 1])).toBe(0.5);
  // 3 × 1 of the first pair and 1 × 2 of the second.
  expect(alikeShare(near, [3, 1, 2, 1])).toBe(3 / 5);
  expect(alikeShare(near, [0, 1, 1, 1])).toBe(0);
});
