// Draws a class map in the film's shape, clear where there is no evidence, to be laid over the film.
import { encodeIndexedPng } from '#image/indexed-png.ts';
import { type ClassMap, rasterise } from './class-map.ts';
import { colourOf } from './scale.ts';

export interface RgbaPicture {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, alpha not premultiplied. */
  readonly rgba: Uint8ClampedArray;
}

export interface HeatmapSize {
  readonly columns: number;
  readonly rows: number;
}

/** The film must stay readable beneath the strongest colour. */
const MOST_OPAQUE = 0.6;

function median(values: Float32Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const STEPS = 256;

/** Colour and opacity of each step of evidence, four bytes each. */
const PALETTE = Uint8ClampedArray.from(
  Array.from({ length: STEPS }, (_, step) => {
    const evidence = step / (STEPS - 1);
    // Squared: faint evidence must not lie over half the film as a haze.
    return [...colourOf(evidence), 255 * MOST_OPAQUE * evidence ** 2];
  }).flat(),
);

/**
 * Evidence in steps of the palette, scaled to the map itself: 0 at its median and below, the last one at its largest value. A class
 * map has no zero of its own (the head's prior sits in it), so only where it stands out is told. A flat map stands out nowhere.
 */
function stepsOf(map: ClassMap, { columns, rows }: HeatmapSize): Uint8Array {
  const base = median(map.values);
  const height = map.values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) - base;
  const steps = new Uint8Array(columns * rows);
  if (!(height > 1e-6)) return steps;
  const picture = rasterise(map, columns, rows);
  const scale = (STEPS - 1) / height;
  for (let i = 0; i < steps.length; i += 1) {
    const step = (picture[i]! - base) * scale;
    steps[i] = step <= 0 ? 0 : Math.min(Math.round(step), STEPS - 1);
  }
  return steps;
}

/** A picture of any size that shows the whole film; the caller keeps the film's aspect ratio. */
export function heatmapRgba(map: ClassMap, size: HeatmapSize): RgbaPicture {
  const steps = stepsOf(map, size);
  const rgba = new Uint8ClampedArray(steps.length * 4);
  for (let i = 0; i < steps.length; i += 1) {
    const colour = steps[i]! * 4;
    for (let channel = 0; channel < 4; channel += 1) rgba[i * 4 + channel] = PALETTE[colour + channel]!;
  }
  return { ...size, rgba };
}

export const heatmapPng = (map: ClassMap, size: HeatmapSize): Promise<Buffer> =>
  encodeIndexedPng({ ...size, indices: stepsOf(map, size), palette: Uint8Array.from(PALETTE) });

/** Film and heatmap in one opaque picture, for where nothing can be laid over anything. Gray values are in [0, 1]. */
export function overlayRgba(film: HeatmapSize & { readonly values: Float32Array }, map: ClassMap): RgbaPicture {
  const { columns, rows } = film;
  const { rgba } = heatmapRgba(map, { columns, rows });
  for (let i = 0; i < film.values.length; i += 1) {
    const gray = film.values[i]! * 255;
    const share = rgba[i * 4 + 3]! / 255;
    for (let c = i * 4; c < i * 4 + 3; c += 1) rgba[c] = gray + (rgba[c]! - gray) * share;
    rgba[i * 4 + 3] = 255;
  }
  return { columns, rows, rgba };
}
