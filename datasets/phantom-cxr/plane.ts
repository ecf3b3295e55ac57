// The film's plane: how centimetres of the anatomy become pixels, and the strokes and blurs that all structures are drawn with.

/**
 * Reference centimetres: x to the image's right (the patient's left), y downwards, origin at the carina of a reference
 * adult. A smaller person has fewer pixels per reference centimetre (`kx`, `ky`), so every structure shrinks alike.
 */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Pixels per reference centimetre across and down. */
  readonly kx: number;
  readonly ky: number;
  /** Reference point at the centre of the film. */
  readonly centreX: number;
  readonly centreY: number;
  /** In-plane rotation of the patient on the film. */
  readonly cos: number;
  readonly sin: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Radius of the stroke here, reference centimetres. */
  readonly r: number;
  /** Multiplies the stroke's thickness here (a tube seen end-on is thicker). */
  readonly gain?: number;
}

export const columnOf = (plane: Plane, x: number, y: number): number =>
  (x - plane.centreX) * plane.kx * plane.cos - (y - plane.centreY) * plane.ky * plane.sin + plane.width / 2;

export const rowOf = (plane: Plane, x: number, y: number): number =>
  (x - plane.centreX) * plane.kx * plane.sin + (y - plane.centreY) * plane.ky * plane.cos + plane.height / 2;

/** Reference coordinates of a pixel: x = x0 + xc·column + xr·row, and y alike. For loops over all pixels. */
export function pixelAxes(plane: Plane) {
  const { cos, sin, kx, ky, width, height, centreX, centreY } = plane;
  const [xc, xr, yc, yr] = [cos / kx, sin / kx, -sin / ky, cos / ky];
  const [u, v] = [0.5 - width / 2, 0.5 - height / 2];
  return { x0: centreX + xc * u + xr * v, y0: centreY + yc * u + yr * v, xc, xr, yc, yr };
}

export type Map2 = Float32Array;

export const newMap = (plane: Plane): Map2 => new Float32Array(plane.width * plane.height);

/** A function sampled densely, read back by linear interpolation: a spline per row would cost more than the whole film. */
export interface Table {
  readonly from: number;
  readonly perUnit: number;
  readonly values: Float32Array;
}

const TABLE_STEPS = 2048;

export function table(from: number, to: number, of: (value: number) => number): Table {
  const values = new Float32Array(TABLE_STEPS + 1);
  for (let i = 0; i <= TABLE_STEPS; i++) values[i] = of(from + ((to - from) * i) / TABLE_STEPS);
  return { from, perUnit: TABLE_STEPS / (to - from), values };
}

export function look(of: Table, at: number): number {
  const position = Math.min(TABLE_STEPS - 1e-6, Math.max(0, (at - of.from) * of.perUnit));
  const i = position | 0;
  const low = of.values[i]!;
  return low + (of.values[i + 1]! - low) * (position - i);
}

/** Thickness by distance from the stroke's axis, both as a share of its radius; entry 64 is the edge. */
export type Profile = Float32Array;

const PROFILE_STEPS = 64;

export function profile(of: (t: number) => number): Profile {
  return Float32Array.from({ length: PROFILE_STEPS + 2 }, (_, i) => (i >= PROFILE_STEPS ? 0 : of(i / PROFILE_STEPS)));
}

/** A solid rod: the chord through a circle, as a share of its diameter. */
export const ROD = profile((t) => Math.sqrt(1 - t * t));

/** A hollow bone: dense wall, loose inside (`core` is its density beside the wall's 1). */
export const hollow = (wall: number, core: number): Profile =>
  profile((t) => {
    const inner = 1 - wall;
    const inside = t < inner ? Math.sqrt(inner * inner - t * t) : 0;
    return Math.sqrt(1 - t * t) - inside * (1 - core);
  });

export interface Stroke {
  readonly points: readonly Point[];
  readonly profile: Profile;
  /** Thickness at the axis is 2 · radius · gain · this. */
  readonly weight: number;
}

/** Working memory of the strokes, all zero between two of them. */
export interface Scratch {
  /** 1 on the axis of the nearest piece, 0 at its edge and outside. */
  readonly nearness: Map2;
  readonly value: Map2;
}

export const newScratch = (plane: Plane): Scratch => ({ nearness: newMap(plane), value: newMap(plane) });

/** Adds a tube along a polyline. Within one stroke the nearest piece wins (no beads at the joints); strokes add up. */
export function addStroke(plane: Plane, target: Map2, scratch: Scratch, stroke: Stroke): void {
  const { nearness, value: values } = scratch;
  const { width, height } = plane;
  const k = Math.sqrt(Math.abs(plane.kx * plane.ky));
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let s = 0; s + 1 < stroke.points.length; s++) {
    const [a, b] = [stroke.points[s]!, stroke.points[s + 1]!];
    const [ax, ay] = [columnOf(plane, a.x, a.y), rowOf(plane, a.x, a.y)];
    const [bx, by] = [columnOf(plane, b.x, b.y), rowOf(plane, b.x, b.y)];
    const reach = Math.max(a.r, b.r) * k + 1;
    const c0 = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
    const c1 = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach));
    const r0 = Math.max(0, Math.floor(Math.min(ay, by) - reach));
    const r1 = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach));
    if (c0 > c1 || r0 > r1) continue;
    const farthest = Math.max(0.8, Math.max(a.r, b.r) * k) ** 2;
    [left, right] = [Math.min(left, c0), Math.max(right, c1)];
    [top, bottom] = [Math.min(top, r0), Math.max(bottom, r1)];
    const [dx, dy] = [bx - ax, by - ay];
    const inverse = 1 / Math.max(1e-9, dx * dx + dy * dy);
    const [gainA, gainB] = [a.gain ?? 1, b.gain ?? 1];
    for (let row = r0; row <= r1; row++) {
      const py = row + 0.5 - ay;
      for (let column = c0; column <= c1; column++) {
        const px = column + 0.5 - ax;
        const along = (px * dx + py * dy) * inverse;
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const squared = ex * ex + ey * ey;
        if (squared >= farthest) continue;
        const radius = (a.r + (b.r - a.r) * t) * k;
        // A stroke thinner than a pixel is drawn one pixel wide and fainter: the same mass, no broken lines.
        const drawn = radius < 0.8 ? 0.8 : radius;
        const distance = Math.sqrt(squared) / drawn;
        const at = row * width + column;
        if (1 - distance <= nearness[at]!) continue;
        nearness[at] = 1 - distance;
        const position = distance * PROFILE_STEPS;
        const i = position | 0;
        const low = stroke.profile[i]!;
        const shape = low + (stroke.profile[i + 1]! - low) * (position - i);
        const thin = radius / drawn;
        values[at] = ((2 * radius) / k) * thin * shape * (gainA + (gainB - gainA) * t) * stroke.weight;
      }
    }
  }
  for (let row = top; row <= bottom; row++) {
    for (let at = row * width + left, end = row * width + right; at <= end; at++) {
      if (nearness[at] === 0) continue;
      target[at] = target[at]! + values[at]!;
      nearness[at] = 0;
    }
  }
}

/** Catmull-Rom through the points, `pieces` per span: the smooth curve that bones and vessels follow. */
export function smooth(points: readonly Point[], pieces = 8): Point[] {
  const out: Point[] = [];
  const at = (i: number): Point => points[Math.max(0, Math.min(points.length - 1, i))]!;
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let p = 0; p < pieces; p++) {
      const t = p / pieces;
      const mix = (pa: number, pb: number, pc: number, pd: number): number =>
        0.5 *
        (2 * pb + (pc - pa) * t + (2 * pa - 5 * pb + 4 * pc - pd) * t * t + (3 * pb - pa - 3 * pc + pd) * t * t * t);
      out.push({
        x: mix(a.x, b.x, c.x, d.x),
        y: mix(a.y, b.y, c.y, d.y),
        r: b.r + (c.r - b.r) * t,
        gain: (b.gain ?? 1) + ((c.gain ?? 1) - (b.gain ?? 1)) * t,
      });
    }
  }
  out.push(at(points.length - 1));
  return out;
}
