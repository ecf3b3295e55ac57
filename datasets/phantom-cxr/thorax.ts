// The lungs' outline: edges of lung, mediastinum and diaphragm as functions of height.
import { look, table, type Table } from './plane.ts';
import type { Subject } from './subject.ts';

export const CARINA_TO_APEX = 11.6;
/** Middle of each lung's apex, from the midline. */
const APEX_X = 5.4;

export type Side = 'right' | 'left';

/** -1 for the patient's right, which is the film's left. */
export const signOf = (side: Side): -1 | 1 => (side === 'right' ? -1 : 1);

/** The lungs' outline as functions of height, so that lesions and vessels know where lung is. */
export interface Thorax {
  readonly apex: number;
  /** Lateral and medial edge of the lung at a height, from the midline, both positive. */
  readonly lateral: Table;
  readonly medialRight: Table;
  readonly medialLeft: Table;
  /** Depth of the inner thorax, front to back. */
  readonly cavity: Table;
  /** Height of the diaphragm at |x|. */
  readonly diaphragmRight: Table;
  readonly diaphragmLeft: Table;
  /** Lowest point of the costophrenic angles. */
  readonly angle: number;
}

const superellipse = (t: number, power: number, root: number): number =>
  t >= 1 ? 1 : t <= 0 ? 0 : Math.pow(1 - Math.pow(1 - t, power), 1 / root);

/** Width over which an outline's first step rises, reference centimetres: organs move, and the focus is not a point. */
export const EDGE = 0.22;

export const ramp = (t: number): number => (t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t));

const bump = (y: number, middle: number, half: number): number => Math.exp(-(((y - middle) / half) ** 2));

export function drawThorax(subject: Subject): Thorax {
  const apex = -CARINA_TO_APEX;
  const bottom = 19;
  const angleRight = subject.domeRight + 4.6;
  const childish = subject.ageBand === 'child' ? 1 - subject.ageYears / 17 : 0;
  const widest = 0.72 + 0.12 * childish;
  const open = (y: number): number => superellipse((y - apex) / ((bottom - apex) * widest), 2.3, 2);
  const lateral = (y: number): number => {
    const base = APEX_X + (subject.halfWidth - APEX_X) * open(y);
    // Below its widest level the thorax narrows a little.
    const below = Math.max(0, y - 9);
    return base - 0.012 * below * below;
  };
  const medial = (y: number, edge: number): number => APEX_X - (APEX_X - edge) * superellipse((y - apex) / 9, 2.2, 2);
  const dome = (top: number, peak: number) => (x: number) => {
    const outward = x > peak ? (x - peak) / (subject.halfWidth - peak) : (peak - x) / peak;
    return x > peak ? top + 4.8 * Math.pow(outward, 2.5) : top + 1.9 * outward * outward;
  };
  return {
    apex,
    lateral: table(apex - 2, 30, lateral),
    medialRight: table(apex - 2, 30, (y) => medial(y, 2.2 - 0.5 * bump(y, 5, 5))),
    // The descending aorta on the left: wide under the arch, nearer the midline above the diaphragm.
    medialLeft: table(apex - 2, 30, (y) => medial(y, 1.8 + (0.9 + 0.8 * subject.ageing) * bump(y, 6, 5))),
    cavity: table(
      apex - 2,
      30,
      (y) => (5.5 + 11 * superellipse((y - apex) / 18, 2, 1.6)) * Math.min(1, 0.25 + open(y)),
    ),
    diaphragmRight: table(0, 16, dome(subject.domeRight, 6.6)),
    diaphragmLeft: table(0, 16, dome(subject.domeLeft, 7.2)),
    angle: angleRight,
  };
}

/** Height of the diaphragm at x; both domes meet smoothly under the heart. */
export function domeAt(thorax: Thorax, x: number): number {
  const ax = Math.abs(x);
  if (ax > 2.5) return look(x < 0 ? thorax.diaphragmRight : thorax.diaphragmLeft, ax);
  const left = ramp((x + 2.5) / 5);
  return look(thorax.diaphragmRight, ax) * (1 - left) + look(thorax.diaphragmLeft, ax) * left;
}
