// Plans the lesions of the findings wanted; each knows its effect on a ray.
import { lattice, octaves } from './noise.ts';
import { look } from './plane.ts';
import { random, type Random } from './random.ts';
import type { Subject } from './subject.ts';
import { domeAt, signOf, type Side, type Thorax } from './thorax.ts';
import { hilum } from './vessels.ts';

/** NIH ChestX-ray14 names, so that labels can be compared with real films. */
export const FINDINGS = ['Effusion', 'Consolidation', 'Nodule', 'Mass', 'Pneumothorax', 'Cardiomegaly'] as const;
export type FindingName = (typeof FINDINGS)[number];

/** What a lesion does to one ray through lung. */
export interface Effect {
  /** Share of the aerated lung that is replaced by tissue or fluid, 0 to 1. */
  fill: number;
  /** Tissue added, reference centimetres. */
  tissue: number;
  /** Share of the lung (with its vessels) that is free air instead, 0 to 1. */
  free: number;
  /** The lesion's mask. */
  marked: boolean;
}

export interface Lesion {
  readonly finding: FindingName;
  readonly side: Side | 'middle';
  /** Writes what happens at (x, y), where `lung` centimetres of lung lie on the ray; absent: the lesion is the heart itself. */
  readonly at?: (x: number, y: number, effect: Effect) => void;
  /** For an enlarged heart. */
  readonly heartSize?: number;
  /** Shift of the mediastinum to the film's right. */
  readonly push?: number;
}

const step = (t: number): number => (t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t));

interface Context {
  readonly subject: Subject;
  readonly thorax: Thorax;
  readonly draw: Random;
  readonly stream: string;
}

const medialAt = (thorax: Thorax, side: Side, y: number): number =>
  look(side === 'right' ? thorax.medialRight : thorax.medialLeft, y);

/** A place well inside a lung, clear of the heart. */
function lungPlace({ subject, thorax, draw }: Context, side: Side, margin: number): { x: number; y: number } {
  const low = Math.min(subject.domeRight, subject.domeLeft) - 1.5 - margin;
  const y = draw.between(thorax.apex + 3 + margin, low);
  const outer = look(thorax.lateral, y) - 0.8 - margin;
  const heart =
    side === 'left'
      ? 3.6 + 4.6 * Math.max(0, Math.min(1, (y - 1) / 6))
      : 3.6 + 1.4 * Math.max(0, Math.min(1, (y - 2) / 5));
  const inner = Math.min(heart + margin * 0.6, outer - 0.2);
  return { x: signOf(side) * draw.between(inner, outer), y };
}

function effusion(context: Context): Lesion {
  const { subject, thorax, draw } = context;
  const side: Side = draw.chance(0.5) ? 'right' : 'left';
  const sign = signOf(side);
  const dome = side === 'right' ? subject.domeRight : subject.domeLeft;
  const size = draw.pick(['small', 'medium', 'medium', 'large'] as const);
  const supine = subject.view === 'AP' && draw.chance(0.5);
  const level =
    size === 'small'
      ? dome + draw.between(-0.6, 1.4)
      : size === 'medium'
        ? dome - draw.between(1.5, 5)
        : dome - draw.between(6, 13);
  const veil = supine ? draw.between(0.3, 0.55) : 0;
  return {
    finding: 'Effusion',
    side,
    push: size === 'large' ? -sign * draw.between(0.3, 1.6) : 0,
    at: (x, y, effect) => {
      const ax = x * sign;
      const outward = ax - medialAt(thorax, side, y);
      if (ax <= 0) return;
      const inward = look(thorax.lateral, y) - ax;
      // The meniscus climbs the chest wall and sinks towards the middle; fluid before and behind veils the rest.
      const surface = level + 2.6 * (1 - Math.exp(-Math.max(0, inward) / 2.2)) - 1.1 * Math.exp(-ax / 3);
      const fluid = step((y - surface + 1.2) / (supine ? 7 : 2.8)) * step((outward + 2.2) / 3.2);
      const layer = veil * step((y - thorax.apex) / (dome - thorax.apex));
      effect.fill = Math.max(effect.fill, Math.min(0.97, fluid * 0.97 + layer * (1 - fluid)));
      effect.marked = fluid > 0.3 && inward > 0 && outward > 0;
    },
  };
}

function consolidation(context: Context): Lesion {
  const { subject, thorax, draw } = context;
  const side: Side = draw.chance(0.55) ? 'right' : 'left';
  const sign = signOf(side);
  const lobar = draw.chance(0.3);
  const center = lungPlace(context, side, 1.2);
  const [a, b] = [draw.between(2.6, 5.2), draw.between(2.4, 5.4)];
  const fissure = 1.6 + 0.5 * draw.normal();
  const upper = center.y < fissure;
  const strength = draw.between(0.45, 0.85);
  const fluffy = lattice(subject.seed, context.stream);
  const root = hilum(subject, side);
  // Air bronchograms: a few straight-ish airways from the hilum into the dense lung.
  const bronchi = Array.from({ length: 3 }, () => {
    const end = { x: center.x + draw.normal() * a * 0.5, y: center.y + draw.normal() * b * 0.5 };
    return { dx: end.x - root.x, dy: end.y - root.y, r: draw.between(0.12, 0.22), bend: draw.normal() * 0.5 };
  });
  return {
    finding: 'Consolidation',
    side,
    at: (x, y, effect) => {
      if (x * sign <= 0.8) return;
      const [u, v] = [(x - center.x) / a, (y - center.y) / b];
      const d2 = u * u + v * v;
      if (d2 > 3) return;
      const cloud = octaves(fluffy, x * 0.42 + 70, y * 0.42 + 70, { count: 4, fall: 0.5 });
      let fill = step((1.35 - d2 + 0.55 * cloud) / 1.9) * (0.82 + 0.18 * cloud);
      if (lobar && upper && y > fissure - 1.5) fill *= step((fissure + 0.12 * x * 0.2 - y) / 0.25);
      const edge = look(thorax.lateral, y) - x * sign;
      if (edge < 0 || fill <= 0) return;
      let air = 0;
      for (const way of bronchi) {
        const length2 = way.dx * way.dx + way.dy * way.dy;
        const t = ((x - root.x) * way.dx + (y - root.y) * way.dy) / length2;
        if (t < 0.15 || t > 1.1) continue;
        const sideways = ((x - root.x) * way.dy - (y - root.y) * way.dx) / Math.sqrt(length2);
        const off = Math.abs(sideways - way.bend * Math.sin(t * 5));
        if (off < way.r) air = Math.max(air, Math.sqrt(1 - (off / way.r) ** 2));
      }
      effect.fill = Math.max(effect.fill, fill * strength * (1 - 0.25 * air));
      effect.marked = fill > 0.35;
    },
  };
}

/** A round lesion: nodule or mass. */
function round(context: Context, finding: 'Nodule' | 'Mass'): Lesion {
  const { subject, draw } = context;
  const side: Side = draw.chance(0.5) ? 'right' : 'left';
  const mass = finding === 'Mass';
  const radius = mass ? draw.between(1.9, 3.8) : draw.between(0.65, 1.35);
  const center = lungPlace(context, side, mass ? radius * 0.6 : 0.6);
  const rough = draw.between(0.05, mass ? 0.3 : 0.14);
  const spiky = draw.chance(0.35) ? draw.between(0.1, 0.25) : 0;
  const flat = draw.between(0.85, 1.15);
  const shape = lattice(subject.seed, context.stream);
  return {
    finding,
    side,
    at: (x, y, effect) => {
      const [dx, dy] = [(x - center.x) * flat, (y - center.y) / flat];
      const d = Math.sqrt(dx * dx + dy * dy);
      if (d > radius * 1.7) return;
      const angle = Math.atan2(dy, dx);
      const lobes = octaves(shape, 60 + 1.2 * Math.cos(angle), 60 + 1.2 * Math.sin(angle), { count: 2, fall: 0.5 });
      const spikes = spiky * Math.max(0, Math.sin(angle * 11 + 5 * lobes)) ** 3;
      const t = d / (radius * (1 + rough * lobes + spikes));
      if (t >= 1.12) return;
      // A soft rim of a few millimetres; the chord of a sphere inside.
      const chord = 2 * radius * Math.sqrt(Math.max(0, 1 - t * t)) + 0.35 * step((1.12 - t) / 0.25);
      effect.tissue += chord * (mass ? 0.8 : 1.05);
      effect.marked = t < 1;
    },
  };
}

function pneumothorax(context: Context): Lesion {
  const { subject, thorax, draw } = context;
  const side: Side = draw.chance(0.5) ? 'right' : 'left';
  const sign = signOf(side);
  const tension = draw.chance(0.2);
  const shrink = tension ? draw.between(0.4, 0.6) : draw.between(0.68, 0.92);
  const sink = (1 - shrink) * draw.between(2, 7);
  const root = hilum(subject, side);
  // Distance (positive inside) from the outline of the shrunken lung, in reference centimetres.
  const inside = (x: number, y: number): number => {
    const px = (root.x + (x - root.x) / shrink) * sign;
    const py = root.y + (y - root.y - sink) / shrink;
    const lateral = (look(thorax.lateral, py) - px) * shrink;
    const medial = py < 0 ? (px - medialAt(thorax, side, py)) * shrink + 0.3 : 9;
    return Math.min(lateral, medial, (py - thorax.apex) * shrink);
  };
  return {
    finding: 'Pneumothorax',
    side,
    push: tension ? -sign * draw.between(1, 2.6) : 0,
    at: (x, y, effect) => {
      if (x * sign <= medialAt(thorax, side, y)) return;
      const d = inside(x, y);
      if (d > 2) {
        effect.tissue += (1 / shrink - 1) * 0.5;
        return;
      }
      const e = 0.05;
      const slope = Math.hypot((inside(x + e, y) - d) / e, (inside(x, y + e) - d) / e);
      const distance = d / Math.max(0.6, slope);
      if (distance < 0) effect.free = 1;
      else effect.tissue += (1 / shrink - 1) * 0.5;
      // The visceral pleura, seen edge-on: the thin white line.
      const line = Math.abs(distance) / 0.075;
      if (line < 1) effect.tissue += 0.9 * Math.sqrt(1 - line * line);
      effect.marked = distance < 0 && x * sign < look(thorax.lateral, y) && y < domeAt(thorax, x) + 1.5;
    },
  };
}

function plan(context: Context, finding: FindingName): Lesion {
  switch (finding) {
    case 'Effusion':
      return effusion(context);
    case 'Consolidation':
      return consolidation(context);
    case 'Nodule':
    case 'Mass':
      return round(context, finding);
    case 'Pneumothorax':
      return pneumothorax(context);
    case 'Cardiomegaly':
      return { finding, side: 'middle', heartSize: context.draw.between(1.27, 1.5) };
    default:
      return finding satisfies never;
  }
}

/** Plans the lesions that were asked for, in that order. */
export function planLesions(subject: Subject, thorax: Thorax, findings: readonly FindingName[]): Lesion[] {
  return findings.map((finding, i) => {
    const stream = `lesion-${i}-${finding}`;
    return plan({ subject, thorax, draw: random(subject.seed, stream), stream }, finding);
  });
}

/** What a film of this seed shows when nobody asks for anything: half are normal, some have two findings. */
export function drawFindings(seed: number): FindingName[] {
  const draw = random(seed, 'findings');
  if (draw.chance(0.45)) return [];
  const first = draw.pick(FINDINGS);
  if (draw.chance(0.72)) return [first];
  const second = draw.pick(FINDINGS);
  return second === first ? [first] : [first, second];
}
