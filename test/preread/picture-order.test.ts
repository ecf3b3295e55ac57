// Views come before films that are taken in, and a flood of them holds up no film.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PictureTask } from '#preread/read/decode-messages.ts';
import { pictureOrder } from '#preread/read/picture-order.ts';

const view = { task: { kind: 'film', longestSide: 2_000 } as PictureTask };
const thumbnail = { task: { kind: 'film', longestSide: 200 } as PictureTask };
const film = { task: { kind: 'prepare' } as PictureTask };
const map = { task: { kind: 'heatmap' } as PictureTask };

test('a view comes first, then films, thumbnails and maps, each in its order', () => {
  const queue = [map, thumbnail, film, { ...film }, view];
  const order = [...queue];
  const next = pictureOrder();
  expect([next(queue), next(queue), next(queue), next(queue), next(queue), next(queue)]).toEqual([
    order[4],
    order[2],
    order[3],
    order[1],
    order[0],
    undefined,
  ]);
});

test('a film that comes into a flood waits for two views, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(view, thumbnail, map), { maxLength: 50 }), fc.nat(50), (before, taken) => {
      const next = pictureOrder();
      const queue = [...before, ...Array.from({ length: 300 }, () => view)];
      for (let count = 0; count < taken; count += 1) next(queue);
      queue.push(film, film);
      const order = Array.from({ length: 6 }, () => next(queue));
      expect(order.indexOf(film)).toBeLessThanOrEqual(2);
      expect(order.filter((one) => one === film)).toHaveLength(2);
    }),
  );
});
