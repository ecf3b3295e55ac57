import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactShapley, MOST_PLAYERS } from '#explanation/shapley.ts';

const games = fc
  .integer({ min: 1, max: 7 })
  .chain((players) =>
    fc.tuple(
      fc.constant(players),
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2 ** players, maxLength: 2 ** players }),
    ),
  );
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

test('a game of two by hand', () => {
  // v(∅) = 0, v(A) = 1, v(B) = 2, v(AB) = 5. Orders AB and BA: A gets (1 + 3) / 2, B gets (4 + 2) / 2.
  expect([...exactShapley(Float64Array.of(0, 1, 2, 5), 2)]).toEqual([2, 3]);
});

test('the values sum to the difference between all and none', () => {
  fc.assert(
    fc.property(games, ([players, values]) => {
      const total = sum(exactShapley(Float64Array.from(values), players));
      expect(Math.abs(total - (values.at(-1)! - values[0]!))).toBeLessThan(1e-9);
    }),
  );
});

test('a player who never changes anything gets nothing', () => {
  fc.assert(
    fc.property(games, ([players, values]) => {
      // A new player 0: bit 0 is ignored.
      const longer = Float64Array.from({ length: 2 ** (players + 1) }, (_, mask) => values[mask >> 1]!);
      expect(exactShapley(longer, players + 1)[0]).toBe(0);
    }),
  );
});

test('two players who may stand for each other get the same', () => {
  fc.assert(
    fc.property(games, ([players, values]) => {
      // Players 0 and 1 count only by how many of them take part.
      const value = (mask: number): number => {
        const both = (mask & 1) + ((mask >> 1) & 1);
        return values[(mask >> 2) * 2 + Math.min(both, 1)]! * (1 + both);
      };
      const symmetric = Float64Array.from({ length: 2 ** (players + 1) }, (_, mask) => value(mask));
      const [first, second] = exactShapley(symmetric, players + 1);
      expect(Math.abs(first! - second!)).toBeLessThan(1e-9);
    }),
  );
});

test('more players than can be counted are refused', () => {
  expect(() => exactShapley(new Float64Array(2), MOST_PLAYERS + 1)).toThrow('2 values do not fit 15 players');
});
