// Makes a chest film with masks of its lesions, from a seed and wishes.
import { annotate } from './annotate.ts';
import { drawDevices } from './devices.ts';
import { drawExposure, expose } from './film.ts';
import { drawFindings, planLesions, type Effect, type FindingName, type Lesion } from './lesions.ts';
import { lattice, octaves } from './noise.ts';
import { newMap, pixelAxes, type Map2, type Plane, newScratch } from './plane.ts';
import { random } from './random.ts';
import { drawSkeleton } from './skeleton.ts';
import { drawSoft, type SoftMaps } from './soft.ts';
import { drawSubject, type Subject, type SubjectOptions } from './subject.ts';
import { drawThorax } from './thorax.ts';
import { drawAirways, drawVessels } from './vessels.ts';

/** Water at about 70 keV effective, per reference centimetre, with the build-up that a broad beam has. */
const SOFT = 0.175;
const LUNG_DENSITY = 0.24;

/** Air under the left dome; its lower edge is a level in a standing person. */
function gasDepth(subject: Subject, x: number, y: number): number {
  if (subject.gasBubble <= 0) return 0;
  const a = 3.4 * subject.gasBubble;
  const b = 2.1 * subject.gasBubble;
  const middle = subject.domeLeft + 1.1 + b;
  const u = (x - 6.2) / a;
  const v = (y - middle) / b;
  const inside = 1 - u * u - v * v;
  if (inside <= 0) return 0;
  const level = subject.view === 'PA' ? Math.max(0, Math.min(1, (0.35 - v) * 6)) : 1;
  return 6 * Math.sqrt(inside) * level;
}

function drawPlane(subject: Subject, size: number, seed: number): Plane {
  const draw = random(seed, 'framing');
  const child = subject.ageBand === 'child';
  const shape = draw.pick([1, 1, 0.82, 1.2, 0.92] as const);
  // The film shows the lungs with a margin: about 37 reference centimetres across and 38 down for an adult.
  const wide = (child ? 33 : 36.5) + 1.6 * draw.normal();
  const width = shape >= 1 ? size : Math.round(size * shape);
  const height = shape >= 1 ? Math.round(size / shape) : size;
  const cover = Math.max(wide * subject.scaleX, 35 * subject.scaleY * (width / height) * 0.97);
  const pixelsPerCm = width / cover;
  return {
    width,
    height,
    kx: pixelsPerCm * subject.scaleX,
    ky: pixelsPerCm * subject.scaleY,
    centreX: 0.5 * draw.normal(),
    centreY: 3.2 + 0.9 * draw.normal() + (subject.domeRight - 12.2) * 0.25,
    cos: Math.cos(subject.tiltRadians),
    sin: Math.sin(subject.tiltRadians),
  };
}

export interface ChestOptions extends SubjectOptions {
  /** Pixels of the longer side. */
  readonly size: number;
  /** Absent: drawn from the seed. */
  readonly findings?: readonly FindingName[];
  /** The same person on another day: other framing, exposure and marker. Default 0. */
  readonly visit?: number;
}

interface MarkedLesion {
  readonly finding: FindingName;
  readonly side: Lesion['side'];
  /** 1 inside, row-major, as large as the film. */
  readonly mask: Uint8Array;
}

export interface ChestFilm {
  readonly subject: Subject;
  readonly plane: Plane;
  /** Row-major, 0 black to 1 white. */
  readonly gray: Map2;
  readonly lesions: readonly MarkedLesion[];
}

interface Inner {
  readonly soft: SoftMaps;
  readonly vessels: Map2;
  readonly air: Map2;
  readonly bone: Map2;
}

/** Sums what lies on each ray to an optical depth, and fills the masks on the way. */
function sumRays(
  plane: Plane,
  subject: Subject,
  inner: Inner,
  lesions: readonly (Lesion & { mask: Uint8Array })[],
): Map2 {
  const { soft, vessels, air, bone } = inner;
  const texture = lattice(subject.seed, 'lung');
  const { x0, y0, xc, xr, yc, yr } = pixelAxes(plane);
  const depth = newMap(plane);
  const effect: Effect = { fill: 0, tissue: 0, free: 0, marked: false };
  const local = lesions.filter((lesion) => lesion.at !== undefined);
  for (let row = 0; row < plane.height; row++) {
    for (let column = 0; column < plane.width; column++) {
      const at = row * plane.width + column;
      const body = soft.body[at]!;
      if (body <= 0) continue;
      const x = x0 + xc * column + xr * row;
      const y = y0 + yc * column + yr * row;
      let tissue = body - gasDepth(subject, x, y);
      const lung = soft.lung[at]!;
      if (lung > 0) {
        effect.fill = effect.tissue = effect.free = 0;
        for (const lesion of local) {
          effect.marked = false;
          lesion.at?.(x, y, effect);
          if (effect.marked && lung > 0.6) lesion.mask[at] = 1;
        }
        const aerated = lung * (1 - effect.fill);
        const density = LUNG_DENSITY * (1 - 0.93 * effect.free);
        tissue += effect.tissue * Math.min(1, lung / 2) - aerated * (1 - density);
        const marks = (1 - effect.free) * (1 - effect.fill);
        if (marks > 0) {
          tissue +=
            marks * Math.sqrt(lung) * 0.16 * octaves(texture, x * 1.1 + 60, y * 1.1 + 60, { count: 3, fall: 0.62 });
          tissue += marks * vessels[at]! * Math.min(1, lung / 3);
        }
      }
      tissue -= air[at]! * Math.min(1, body / 10);
      depth[at] = Math.max(0.2, tissue) * SOFT * subject.depth + bone[at]! * Math.min(1, body / 4);
    }
  }
  return depth;
}

/** The same seed and options always give the same film; throws never. Masks are in film pixels. */
export function drawChest(seed: number, options: ChestOptions): ChestFilm {
  const subject = drawSubject(seed, options);
  const visitSeed = (seed + Math.imul(options.visit ?? 0, 0x2545f491)) | 0;
  const plane = drawPlane(subject, options.size, visitSeed);
  const thorax = drawThorax(subject);
  const planned = planLesions(subject, thorax, options.findings ?? drawFindings(seed));
  const lesions = planned.map((lesion) => ({ ...lesion, mask: new Uint8Array(plane.width * plane.height) }));
  const push = lesions.reduce((sum, lesion) => sum + (lesion.push ?? 0), 0);
  const heartSize = lesions.reduce((size, lesion) => Math.max(size, lesion.heartSize ?? 1), 1);
  const soft = drawSoft(plane, subject, thorax, { heartSize, push });
  const scratch = newScratch(plane);
  const [vessels, air, bone] = [newMap(plane), newMap(plane), newMap(plane)];
  drawVessels(plane, subject, thorax, { target: vessels, scratch });
  drawAirways(plane, subject, { target: air, scratch, push });
  drawSkeleton(plane, subject, thorax, { target: bone, scratch });
  drawDevices(plane, subject, { target: bone, scratch });
  const depth = sumRays(plane, subject, { soft, vessels, air, bone }, lesions);
  for (const lesion of lesions) {
    if (lesion.heartSize === undefined) continue;
    for (let i = 0; i < lesion.mask.length; i++) if (soft.chambers[i]! > 0) lesion.mask[i] = 1;
  }
  const exposure = drawExposure(visitSeed, subject.view === 'AP');
  const gray = expose(depth, plane, exposure);
  annotate(plane, gray, visitSeed);
  return { subject, plane, gray, lesions: lesions.map(({ finding, side, mask }) => ({ finding, side, mask })) };
}
