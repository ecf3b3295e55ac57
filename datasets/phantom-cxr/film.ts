// From rays to a film: optical depth becomes gray values in [0, 1] (0 black), as a digital detector shows them.
import { blurred, broadBlurred } from './blur.ts';
import type { Map2, Plane } from './plane.ts';
import { hash32, random } from './random.ts';

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
  const perUnit = 1 / Math.sqrt(photons);
  let state = (hash32('quanta') ^ Math.imul(exposure.seed, 0x9e3779b1)) | 1;
  for (let i = 0; i < size; i++) {
    // Xorshift (Marsaglia 2003); the sum of its four bytes is close enough to a Gaussian, and Poisson counts here are large.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const sum = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
    const gauss = (sum - 510) / 147.8;
    const value = seen[i]! + gauss * perUnit * Math.sqrt(seen[i]!);
    seen[i] = -Math.log(value > 0.0008 ? value : 0.0008);
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
