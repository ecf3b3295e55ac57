// A parsed file → one gray frame ready to be looked at: modality LUT, VOI LUT, MONOCHROME1 inverted after it, colour to luma.
import type { FrameRemark, GrayFrame } from '#kernel/frame.ts';
import { checkedLayout, decodeStoredFrame, type StoredFrame } from './decode.ts';
import { ascii, type DataSet } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import type { PixelLayout } from './layout.ts';
import { modalityMap, type ValueMap, voiGroup } from './modality-lut.ts';
import { type IsPadding, paddingOf } from './padding.ts';
import { paletteMap } from './palette.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import type { Size } from './stored-values.ts';
import { averaged, mapped, reducedSize } from './reduce.ts';
import { rangeMap, voiMaps } from './voi-lut.ts';
import { pixelAspectOf } from '#dicom/read/pixel-aspect.ts';
import { type Shutter, shutterOf } from '#dicom/read/shutter.ts';

export interface GrayFrameOptions {
  /** No finer than is needed for at least this size: decoded so where the codec can, averaged else. The whole film by default. */
  readonly atLeast?: Size;
  /** Counted from 0. */
  readonly frame?: number;
}

const PRESENTATION_LUT_SHAPE = 0x20500020;

/** Without a VOI the ends are cut at these shares of the values: a marker or a dead pixel must not set the scale. */
const LOWEST_SHARE = 0.005;
const HIGHEST_SHARE = 0.995;
const SAMPLE_SIZE = 200_000;

/** What of a stored frame is part of the picture. */
export interface Visible {
  readonly stored: StoredFrame;
  readonly isPadding: IsPadding | undefined;
  readonly shutter: Shutter | undefined;
}

/** At most `size` evenly spaced stored values, ascending; neither padding nor what the shutter hides. */
function sampleOf({ stored, isPadding, shutter }: Visible, size: number): Float64Array {
  const { values, columns, rows, layout } = stored;
  const stride = Math.max(1, Math.floor(values.length / size));
  const [scaleX, scaleY] = [layout.columns / columns, layout.rows / rows];
  const sample: number[] = [];
  for (let at = 0; at < values.length; at += stride) {
    const value = values[at]!;
    if (isPadding?.(value) === true) continue;
    if (shutter?.hides(((at % columns) + 0.5) * scaleX, (Math.floor(at / columns) + 0.5) * scaleY) === true) continue;
    sample.push(value);
  }
  return Float64Array.from(sample).sort();
}

const atShare = (sorted: Float64Array, share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;

/** The two percentiles of the modality values. */
function robustRange(visible: Visible, modality: ValueMap): [number, number] {
  const sorted = sampleOf(visible, SAMPLE_SIZE);
  if (sorted.length === 0) return [0, 0];
  return ordered(modality(atShare(sorted, LOWEST_SHARE)), modality(atShare(sorted, HIGHEST_SHARE)));
}

/** A few thousand pixels show whether a window meets the picture. */
const PROBE_SIZE = 4096;
const PROBE_SHARE = 0.02;
/** The faintest of 2,054 films of seven public sources spans 0.22 between its 2nd and 98th percentile. */
const LEAST_SPAN = 0.1;
/** A window of a few values makes all of a film black or white; a small child on a large plate leaves this much of it gray. */
const LEAST_BETWEEN = 0.05;
/** Fewer stored values than this are a blank plate's noise, which no window makes a picture of. */
const FEWEST_LEVELS = 12;

/**
 * Whether a map to brightness shows the picture: a window above or below all of its values, or in the units of another LUT, leaves a film
 * with all its anatomy white or black. Undefined where the picture itself has no contrast to show.
 */
function showsPicture(visible: Visible): ((map: ValueMap) => boolean) | undefined {
  const sorted = sampleOf(visible, PROBE_SIZE);
  if (sorted.length === 0) return undefined;
  const [lowest, highest] = [atShare(sorted, PROBE_SHARE), atShare(sorted, 1 - PROBE_SHARE)];
  if (highest - lowest < FEWEST_LEVELS) return undefined;
  return (map) => {
    const isBetween = (stored: number): boolean => map(stored) > 0 && map(stored) < 1;
    return Math.abs(map(highest) - map(lowest)) >= LEAST_SPAN && shareOf(sorted, isBetween) >= LEAST_BETWEEN;
  };
}

const shareOf = (sorted: Float64Array, holds: (stored: number) => boolean): number =>
  sorted.reduce((count, stored) => count + Number(holds(stored)), 0) / sorted.length;

/**
 * DX images say the inversion twice, as MONOCHROME1 and as INVERSE (PS3.3 C.8.11.3.1.2): it is one inversion. INVERSE beside
 * MONOCHROME2 asks for it too.
 */
export const isInverted = (set: DataSet, { photometric }: PixelLayout): boolean =>
  photometric === 'MONOCHROME1' || ascii(set, PRESENTATION_LUT_SHAPE)?.toUpperCase() === 'INVERSE';

interface Meaning {
  readonly map: ValueMap;
  readonly remarks: readonly FrameRemark[];
}

function grayMap(set: DataSet, visible: Visible, frame: number): Meaning {
  const { layout } = visible.stored;
  const { signed, bitsStored } = layout;
  const modality = modalityMap(set, frame, { signed });
  const written = voiMaps(voiGroup(set, frame), { signedInput: signed || modality(0) < 0 });
  const shows = showsPicture(visible);
  const voi = written.maps.find((map) => shows === undefined || shows((stored) => map(modality(stored))));
  const bright = voi ?? noVoi();
  const invert = isInverted(set, layout);
  return {
    remarks: written.isBroken || (voi === undefined && written.maps.length > 0) ? ['window-unusable'] : [],
    map: (stored) => {
      // Padding is what surrounds the picture: black, whichever way the picture's own values run.
      if (visible.isPadding?.(stored) === true) return 0;
      const value = bright(modality(stored));
      return invert ? 1 - value : value;
    },
  };

  function noVoi(): ValueMap {
    // Eight-bit pixels without a VOI were made to be shown as they are, like a PNG, unless they hold a picture of fewer bits.
    const full = rangeMap(...ordered(modality(0), modality(2 ** bitsStored - 1)));
    const isFull = shows === undefined || shows((stored) => full(modality(stored)));
    if (bitsStored <= 8 && !signed && isFull) return full;
    return rangeMap(...robustRange(visible, modality));
  }
}

const ordered = (one: number, other: number): [number, number] => [Math.min(one, other), Math.max(one, other)];

/** Three interleaved samples to luma (Rec. 601): Y of YCbCr is the luma already. */
function lumaFrame({ values, layout, colours }: StoredFrame): Float32Array {
  const peak = 2 ** layout.bitsStored - 1;
  const isPartial = layout.photometric.startsWith('YBR_PARTIAL');
  const isYcc = (colours ?? (/^YBR_(FULL|PARTIAL)/.test(layout.photometric) ? 'ycbcr' : 'rgb')) === 'ycbcr';
  const result = new Float32Array(values.length / 3);
  for (let pixel = 0, at = 0; pixel < result.length; pixel++, at += 3) {
    let luma = values[at]!;
    if (!isYcc) luma = 0.299 * luma + 0.587 * values[at + 1]! + 0.114 * values[at + 2]!;
    // The partial range of eight-bit video: black is 16, white 235.
    result[pixel] = Math.min(Math.max(isPartial ? (luma - 16) / 219 : luma / peak, 0), 1);
  }
  return result;
}

/** What each value means in brightness, for images of one sample. */
export function meaningOf(set: DataSet, visible: Visible, frame: number): Meaning {
  const { photometric, signed } = visible.stored.layout;
  if (photometric === 'PALETTE COLOR') return { map: paletteMap(set, { signed }), remarks: [] };
  if (photometric === 'MONOCHROME1' || photometric === 'MONOCHROME2') return grayMap(set, visible, frame);
  throw dicomErrors.error('unsupported-pixels', { field: '(0028,0004)', reason: 'the photometric interpretation' });
}

/** Blackens what the shutter hides: a pixel of a reduced frame with any corner under it. */
function blacken({ columns, rows, values }: Plane, { hides }: Shutter, layout: PixelLayout): void {
  const [scaleX, scaleY] = [layout.columns / columns, layout.rows / rows];
  const inset = Math.min(0.5, 0.5 / Math.max(scaleX, scaleY));
  for (let row = 0; row < rows; row++) {
    const [upper, lower] = [(row + inset) * scaleY, (row + 1 - inset) * scaleY];
    for (let column = 0; column < columns; column++) {
      const [left, right] = [(column + inset) * scaleX, (column + 1 - inset) * scaleX];
      if (hides(left, upper) || hides(right, lower) || hides(left, lower) || hides(right, upper)) {
        values[row * columns + column] = 0;
      }
    }
  }
}

interface Plane extends Size {
  readonly values: Float32Array;
}

function planeOf(stored: StoredFrame, map: ValueMap, atLeast: Size | undefined): Plane {
  const { columns, rows, values } = stored;
  const to = atLeast === undefined ? stored : reducedSize(stored, atLeast);
  if (to.columns === columns && to.rows === rows) return { columns, rows, values: mapped(values, map) };
  return { columns: to.columns, rows: to.rows, values: averaged(stored, map, to) };
}

/** As fine as asked for in the part that the shutter shows. */
function finerFor(atLeast: Size | undefined, { box }: Shutter, layout: PixelLayout): Size | undefined {
  if (atLeast === undefined) return undefined;
  return {
    columns: Math.ceil((atLeast.columns * layout.columns) / Math.max(box.columns, 1)),
    rows: Math.ceil((atLeast.rows * layout.rows) / Math.max(box.rows, 1)),
  };
}

/**
 * Decodes one frame and makes it gray, 0 black to 1 white. Without a VOI that shows the picture, eight-bit values span their full range,
 * and deeper ones the 0.5th to the 99.5th percentile of what is not padding. Pixels that a display shutter hides are black.
 * Throws what `decodeStored` throws, and dicom.bad-tag.
 */
export async function grayFrame(file: DicomFile, options: GrayFrameOptions = {}): Promise<GrayFrame> {
  const set = file.dataSet;
  const layout = checkedLayout(file);
  const pixelAspect = pixelAspectOf(set);
  const shutter = shutterOf(set, { columns: layout.columns, rows: layout.rows, pixelAspect });
  const atLeast = shutter === undefined ? options.atLeast : finerFor(options.atLeast, shutter, layout);
  const stored = await decodeStoredFrame(file, { ...options, ...(atLeast !== undefined && { atLeast }) });
  const source = {
    sourceColumns: layout.columns,
    sourceRows: layout.rows,
    ...(shutter !== undefined && { shown: shutter.box }),
    ...(pixelAspect !== 1 && { pixelAspect }),
  };
  const { columns, rows } = stored;
  if (layout.samples === 3) {
    const plane = { columns, rows, values: lumaFrame(stored) };
    if (shutter !== undefined) blacken(plane, shutter, layout);
    return { ...plane, ...source };
  }
  const isPadding = paddingOf(set, { signed: layout.signed });
  const { map, remarks } = meaningOf(set, { stored, isPadding, shutter }, options.frame ?? 0);
  const plane = planeOf(stored, map, atLeast);
  if (shutter !== undefined) blacken(plane, shutter, layout);
  return { ...plane, ...source, ...(remarks.length > 0 && { remarks }) };
}
