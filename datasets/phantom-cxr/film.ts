// From rays to a film: optical depth comes in, gray values in [0, 1] (0 black) as a digital detector shows them go out.
import { blurred, broadBlurred } from './noise.ts';
import type { Map2, Plane } from './plane.ts';
import { random } from './random.ts';

export interface Exposure {
  readonly seed: number;
  /** Scattered share of the detector's signal behind thick parts. */
  readonly scatter: number;
  /** Photons per pixel in open air at 1024 pixels across; fewer is grainier. */
  readonly photons: number;
  /** Blur of focus and detector, as a share of the film's width. */
  readonly blur: number;
  /** 0 to 1: how strongly the maker's processing flattens the dynamic range and lifts edges. */
  readonly processing: number;
  /** Steepness and middle of the display curve. */
  readonly contrast: number;
  readonly brightness: number;
}

export function drawExposure(seed: number, portable: boolean): Exposure {
  const draw = random(seed, 'exposure');
  return {
    seed,
    scatter: draw.between(0.16, 0.4) + (portable ? 0.12 : 0),
    photons: Math.exp(draw.between(Math.log(9_000), Math.log(60_000))),
    blur: draw.between(0.0005, 0.0013),
    processing: draw.between(0.05, 0.95),
    contrast: draw.between(0.85, 1.2) * (portable ? 0.93 : 1),
    brightness: draw.between(-0.06, 0.08),
  };
}

/** The value below which `share` of the values lie. */
function quantile(values: Float32Array, share: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Beer–Lambert, scatter, focus blur and quantum noise; returns the detector's optical depth again. */
function detect(depth: Map2, plane: Plane, exposure: Exposure): Map2 {
  const size = depth.length;
  const signal = new Float32Array(size);
  for (let i = 0; i < size; i++) signal[i] = Math.exp(-depth[i]!);
  const scattered = broadBlurred(signal, plane, plane.width * 0.09);
  const mixed = new Float32Array(size);
  for (let i = 0; i < size; i++)
    mixed[i] = signal[i]! + exposure.scatter * 0.55 * scattered[i]! * Math.min(1, depth[i]!) + 0.002;
  const seen = blurred(mixed, plane, exposure.blur * plane.width);
  const photons = exposure.photons * (1024 / plane.width) ** 2;
  const draw = random(exposure.seed, 'quanta');
  for (let i = 0; i < size; i++) {
    // A sum of uniforms is close enough to a Gaussian, and Poisson counts here are large.
    const gauss = (draw.between(-1, 1) + draw.between(-1, 1) + draw.between(-1, 1)) as number;
    const value = seen[i]! * (1 + gauss / Math.sqrt(photons * seen[i]!));
    seen[i] = -Math.log(Math.max(0.0008, value));
  }
  return seen;
}

/** Gray values by the maker's processing and display curve; 0 is black. */
export function expose(depth: Map2, plane: Plane, exposure: Exposure): Map2 {
  const seen = detect(depth, plane, exposure);
  const broad = broadBlurred(seen, plane, plane.width * 0.07);
  const fine = blurred(seen, plane, Math.max(0.8, plane.width * 0.006));
  const { processing } = exposure;
  const tissue: number[] = [];
  const step = Math.max(1, Math.floor(seen.length / 40_000));
  for (let i = 0; i < seen.length; i++) {
    const flat = seen[i]! - 0.32 * processing * (broad[i]! - 2);
    seen[i] = flat + 0.55 * processing * (seen[i]! - fine[i]!);
    if (i % step === 0 && depth[i]! > 0.45) tissue.push(seen[i]!);
  }
  const sample = Float32Array.from(tissue);
  const [low, high] = [quantile(sample, 0.02), quantile(sample, 0.97)];
  const span = Math.max(0.2, high - low);
  // Open air saturates the detector: black, whatever the processing does.
  const air = (d: number): number => (d > 1 ? 0 : (1 - d) * (1 - d) * 5);
  for (let i = 0; i < seen.length; i++) {
    const t = (seen[i]! - low) / span;
    const s = 4.1 * exposure.contrast * (t - 0.53) + 0.1 + exposure.brightness * 3 - air(depth[i]!);
    seen[i] = 1 / (1 + Math.exp(-s));
  }
  return seen;
}
