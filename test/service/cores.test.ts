import { describe, expect, test } from 'vitest';
import { coreShares, pictureThreads, studiesAtOnce } from '#service/cores.ts';

const unset = { processes: undefined, threads: undefined };

describe('cores', () => {
  test('are shared out among children, and past four of them among their threads', () => {
    const shares = [1, 2, 4, 16].map((cores) => Object.values(coreShares(unset, cores)));
    expect(shares).toEqual([
      [1, 1],
      [2, 1],
      [4, 1],
      [4, 4],
    ]);
  });

  test('stay as a site has set them', () => {
    expect(coreShares({ processes: 3, threads: undefined }, 8)).toEqual({ processes: 3, threadsPerProcess: 2 });
    expect(coreShares({ processes: undefined, threads: 2 }, 2)).toEqual({ processes: 2, threadsPerProcess: 2 });
  });

  test('also one alone decodes two films at once, and each child has a study that waits for it', () => {
    expect([1, 2, 32].map((cores) => pictureThreads(cores))).toEqual([2, 2, 8]);
    expect(studiesAtOnce(2)).toBe(4);
  });
});
