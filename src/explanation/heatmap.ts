// A class map goes in; a picture of the film's shape comes out, clear where there is no evidence, to be laid over the film.
import { encodeRgbaPng } from '#image/picture.ts';
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

/**
 * Evidence scaled to the map itself: 0 at its median and below, 1 at its largest value. A class map has no zero of its own (the
 * head's prior sits in it), so only where it stands out is told. A flat map stands out nowhere.
 */
function evidence(map: ClassMap, { columns, rows }: HeatmapSize): Float32Array {
  const base = median(map.values);
  const height = map.values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) - base;
  const picture = rasterise(map, columns, rows);
  if (!(height > 1e-6)) return picture.fill(0);
  for (let i = 0; i < picture.length; i += 1) picture[i] = Math.min(Math.max((picture[i]! - base) / height, 0), 1);
  return picture;
}

/** A picture of any size that shows the whole film; the caller keeps the film's aspect ratio. */
export function heatmapRgba(map: ClassMap, size: HeatmapSize): RgbaPicture {
  const values = evidence(map, size);
  const rgba = new Uint8ClampedArray(values.length * 4);
  for (let i = 0; i < values.length; i += 1) {
    const [red, green, blue] = colourOf(values[i]!);
    rgba[i * 4] = red;
    rgba[i * 4 + 1] = green;
    rgba[i * 4 + 2] = blue;
    // Squared: faint evidence must not lie over half the film as a haze.
    rgba[i * 4 + 3] = 255 * MOST_OPAQUE * values[i]! ** 2;
  }
  return { ...size, rgba };
}

export const heatmapPng = (map: ClassMap, size: HeatmapSize): Promise<Buffer> => encodeRgbaPng(heatmapRgba(map, size));

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
