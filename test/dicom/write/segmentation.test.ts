// Bits of a segmentation: the first pixel in the lowest bit, frames without a gap between them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packBits } from '#dicom/write/segmentation.ts';

test('frames follow each other bit by bit', () => {
  // 3 + 3 pixels: 1 0 1 and 1 1 0 are the bits 101110 read from the lowest: 1 + 4 + 8 + 16 = 29.
  expect([...packBits([Uint8Array.of(1, 0, 1), Uint8Array.of(1, 1, 0)])]).toEqual([29, 0]);
});

test('every pixel of every frame can be read back', () => {
  const frames = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4 }))
    .chain(([length, count]) =>
      fc.array(fc.uint8Array({ minLength: length, maxLength: length, max: 1 }), { minLength: count, maxLength: count }),
    );
  fc.assert(
    fc.property(frames, (masks) => {
      const packed = packBits(masks);
      const all = masks.flatMap((mask) => [...mask]);
      expect(packed.length % 2).toBe(0);
      expect(all.map((_, at) => (packed[at >> 3]! >> (at & 7)) & 1)).toEqual(all);
    }),
  );
});
