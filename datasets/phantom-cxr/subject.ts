// Draws from a seed who lies on the film: a build, a posture and an exposure; nothing is painted yet.
import { random, type Random } from './random.ts';

export type Sex = 'M' | 'F';
export type View = 'PA' | 'AP';
export type AgeBand = 'child' | 'adult' | 'old';

export interface SubjectOptions {
  readonly ageBand?: AgeBand;
  readonly sex?: Sex;
  readonly view?: View;
}

/** Lengths in reference centimetres (see plane.ts); depths too, scaled by `depth`. */
export interface Subject {
  readonly seed: number;
  readonly ageYears: number;
  readonly ageBand: AgeBand;
  readonly sex: Sex;
  readonly view: View;
  /** Size of this person against the reference adult, across, down and in depth. */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly depth: number;
  /** Half-width of the inner thorax at its widest. */
  readonly halfWidth: number;
  readonly domeRight: number;
  readonly domeLeft: number;
  /** Soft tissue beside the ribs, and over front and back together. */
  readonly wall: number;
  readonly heart: number;
  /** How steeply the ribs fall, 1 in an adult; nearly level in a small child. */
  readonly ribFall: number;
  /** Turn about the body's axis: how far the front shifts against the back. */
  readonly turn: number;
  readonly tiltRadians: number;
  /** How far the scapulae lie over the lungs. */
  readonly scapulaOver: number;
  /** 0 to 1: bone content; falls with age, more in women. */
  readonly bone: number;
  readonly breast: number;
  readonly thymus: number;
  /** 0 to 1: tortuous aorta, coarse vessels of the old. */
  readonly ageing: number;
  readonly armsRaised: boolean;
  readonly gasBubble: number;
}

const growth = (years: number): number => (years >= 17 ? 1 : 0.5 + 0.5 * Math.pow(years / 17, 0.85));

function drawAge(draw: Random, band: AgeBand): number {
  if (band === 'child') return draw.whole(1, 12);
  return band === 'adult' ? draw.whole(18, 62) : draw.whole(63, 92);
}

/** The same seed and options always give the same person. */
export function drawSubject(seed: number, options: SubjectOptions = {}): Subject {
  const draw = random(seed, 'subject');
  const bandDraw = draw.between(0, 1);
  const ageBand = options.ageBand ?? (bandDraw < 0.18 ? 'child' : bandDraw < 0.68 ? 'adult' : 'old');
  const ageYears = drawAge(draw, ageBand);
  const sexDraw: Sex = draw.chance(0.5) ? 'F' : 'M';
  const sex = options.sex ?? sexDraw;
  const viewDraw: View = draw.chance(ageBand === 'child' ? 0.6 : 0.35) ? 'AP' : 'PA';
  const view = options.view ?? viewDraw;
  const grown = growth(ageYears);
  const small = ageBand === 'child' ? 1 - ageYears / 17 : 0;
  const female = sex === 'F' && ageBand !== 'child' ? 1 : 0;
  const ageing = ageBand === 'old' ? draw.between(0.4, 1) : ageBand === 'adult' ? draw.between(0, 0.3) : 0;
  const supine = view === 'AP' ? 1 : 0;
  const fat = Math.max(-0.6, draw.normal() * 0.5 + 0.1);
  const inspiration = draw.normal() * 1.1 - supine * 1.8 - small * 1.8;
  const dome = 12.2 + inspiration;
  const broad = (1 - 0.06 * female) * (1 + 0.05 * draw.normal());
  return {
    seed,
    ageYears,
    ageBand,
    sex,
    view,
    scaleX: grown * broad * (1 + 0.1 * small),
    scaleY: grown * (1 - 0.05 * female) * (1 + 0.04 * draw.normal()) * (1 - 0.04 * small),
    depth: grown * (1 + 0.12 * fat + 0.05 * draw.normal()),
    halfWidth: 13.6 + 0.4 * draw.normal(),
    domeRight: dome,
    domeLeft: dome + draw.between(0.5, 1.8),
    wall: 2.1 + 1.5 * Math.max(0, fat) + 0.3 * female - 0.5 * small,
    heart: (0.95 + 0.05 * draw.normal() + 0.05 * ageing) * (1 + 0.06 * supine + 0.06 * small),
    ribFall: 1 - 0.42 * small + 0.06 * draw.normal() - 0.08 * supine,
    turn: draw.normal() * 0.6,
    tiltRadians: draw.normal() * 0.022 * (1 + supine),
    scapulaOver: view === 'AP' ? draw.between(0.5, 1) : draw.between(0, 0.45),
    bone: (ageBand === 'child' ? 0.85 : 1) * (1 - 0.3 * ageing * (0.6 + 0.4 * female)) * (1 + 0.08 * draw.normal()),
    breast: female * Math.max(0, 0.9 + 0.5 * fat + 0.4 * draw.normal()),
    thymus: ageBand === 'child' && ageYears < 4 ? draw.between(0.2, 1) : 0,
    ageing,
    armsRaised: ageBand === 'child' && draw.chance(0.6),
    gasBubble: draw.chance(0.8) ? draw.between(0.5, 1.2) : 0,
  };
}
