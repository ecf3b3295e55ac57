// Turning, mirroring, zooming: the way to the screen and back is the same point, and what is zoomed at stays where it is.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  distanceMm,
  fitted,
  flipped,
  type Placement,
  toFilm,
  toScreen,
  turned,
  zoomed,
} from '#web/pages/viewer/placement.ts';

const coordinate = fc.double({ min: -3000, max: 3000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const placement: fc.Arbitrary<Placement> = fc.record({
  scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
  x: coordinate,
  y: coordinate,
  turns: fc.constantFrom(0, 1, 2, 3),
  mirrored: fc.boolean(),
});

/** How far two points lie apart, for their size. */
const apart = (one: { x: number; y: number }, other: { x: number; y: number }): number =>
  Math.hypot(one.x - other.x, one.y - other.y) / (1 + Math.abs(one.x) + Math.abs(one.y));

test('the screen leads back to the film', () => {
  fc.assert(
    fc.property(placement, point, (at, film) => {
      expect(apart(film, toFilm(at, toScreen(at, film)))).toBeLessThan(1e-6);
    }),
  );
});

test('the point under the pointer stays under it', () => {
  fc.assert(
    fc.property(placement, point, fc.double({ min: 0.5, max: 2, noNaN: true }), (at, screen, factor) => {
      expect(apart(screen, toScreen(zoomed(at, factor, screen), toFilm(at, screen)))).toBeLessThan(1e-6);
    }),
  );
});

test('four turns and two mirrors change nothing', () => {
  fc.assert(
    fc.property(placement, (at) => {
      const centred = { ...at, x: 0, y: 0 };
      expect(turned(turned(turned(turned(centred))))).toEqual(centred);
      expect(apart(toScreen(flipped(flipped(at)), { x: 3, y: 5 }), toScreen(at, { x: 3, y: 5 }))).toBeLessThan(1e-6);
      const [plain, mirror] = [toScreen(centred, { x: 3, y: 5 }), toScreen(flipped(centred), { x: 3, y: 5 })];
      expect(apart(mirror, { x: -plain.x, y: plain.y })).toBeLessThan(1e-6);
    }),
  );
});

test('a fitted film lies within the view, and touches it', () => {
  fc.assert(
    fc.property(
      placement,
      fc.integer({ min: 10, max: 4000 }),
      fc.integer({ min: 10, max: 4000 }),
      (at, width, height) => {
        const view = { width: 800, height: 600 };
        const fit = fitted(at, { width, height }, view);
        const corner = toScreen(fit, { x: width / 2, y: height / 2 });
        const [x, y] = [Math.abs(corner.x) * 2, Math.abs(corner.y) * 2];
        expect(x).toBeLessThanOrEqual(view.width + 1e-6);
        expect(y).toBeLessThanOrEqual(view.height + 1e-6);
        expect(Math.min(view.width - x, view.height - y)).toBeLessThan(1e-6);
      },
    ),
  );
});

test('a distance counts rows and columns by their own spacing', () => {
  // 30 columns of 0.2 mm and 40 rows of 0.1 mm: 6 mm and 4 mm.
  expect(distanceMm({ x: 0, y: 0 }, { x: 30, y: 40 }, { row: 0.1, column: 0.2 })).toBeCloseTo(Math.hypot(6, 4), 9);
});
