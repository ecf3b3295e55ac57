// Drawing of a bone: a brush over a map of attenuation, and the cross-sections that bones have.
import { addStroke, hollow, type Map2, type Plane, type Point, type Profile, type Scratch } from './plane.ts';

export const LONG_BONE = hollow(0.24, 0.3);
export const FLAT = hollow(0.12, 0.5);

/** The patient's right, then left, as signs of x. */
export const SIGNS = [-1, 1] as const;

export interface Brush {
  readonly plane: Plane;
  readonly target: Map2;
  readonly scratch: Scratch;
}

export const paint = (brush: Brush, points: readonly Point[], shape: Profile, weight: number): void =>
  addStroke(brush.plane, brush.target, brush.scratch, { points, profile: shape, weight: 1.25 * weight });
