// A parsed file → one gray frame ready to be looked at: modality LUT, VOI LUT, MONOCHROME1 inverted after it, colour to luma.
import type { GrayFrame } from '#kernel/frame.ts';
import { decodeStoredFrame, type StoredFrame } from './decode.ts';
import { ascii, type DataSet } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import type { PixelLayout } from './layout.ts';
import { modalityMap, type ValueMap, voiGroup } from './modality-lut.ts';
import { type IsPadding, paddingOf } from './padding.ts';
import { paletteMap } from './palette.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import type { PixelArray, Size } from './stored-values.ts';
import { averaged, mapped, reducedSize } from './reduce.ts';
import { rangeMap, voiMap } from './voi-lut.ts';

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

/** The two percentiles of the modality values of at most `SAMPLE_SIZE` evenly spaced pixels, padding left out. */
function robustRange(values: PixelArray, modality: ValueMap, isPadding: IsPadding | undefined): [number, number] {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE_SIZE));
  const sample: number[] = [];
  for (let at = 0; at < values.length; at += stride) {
    const stored = values[at]!;
    if (isPadding === undefined || !isPadding(stored)) sample.push(modality(stored));
  }
  const sorted = Float64Array.from(sample).sort();
  if (sorted.length === 0) return [0, 0];
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(LOWEST_SHARE), at(HIGHEST_SHARE)];
}

/**
 * DX images say the inversion twice, as MONOCHROME1 and as INVERSE (PS3.3 C.8.11.3.1.2): it is one inversion. INVERSE beside
 * MONOCHROME2 asks for it too.
 */
const isInverted = (set: DataSet, { photometric }: PixelLayout): boolean =>
  photometric === 'MONOCHROME1' || ascii(set, PRESENTATION_LUT_SHAPE)?.toUpperCase() === 'INVERSE';

function grayMap(set: DataSet, { layout, values }: StoredFrame, frame: number): ValueMap {
  const { signed, bitsStored } = layout;
  const modality = modalityMap(set, frame, { signed });
  const isPadding = paddingOf(set, { signed });
  const voi = voiMap(voiGroup(set, frame), { signedInput: signed || modality(0) < 0 }) ?? noVoi();
  const invert = isInverted(set, layout);
  return (stored) => {
    // Padding is what surrounds the picture: black, whichever way the picture's own values run.
    if (isPadding?.(stored) === true) return 0;
    const bright = voi(modality(stored));
    return invert ? 1 - bright : bright;
  };

  function noVoi(): ValueMap {
    // Eight-bit pixels without a VOI were made to be shown as they are, like a PNG.
    if (bitsStored <= 8 && !signed) return rangeMap(...ordered(modality(0), modality(2 ** bitsStored - 1)));
    return rangeMap(...robustRange(values, modality, isPadding));
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
function meaningOf(set: DataSet, stored: StoredFrame, frame: number): ValueMap {
  const { photometric, signed } = stored.layout;
  if (photometric === 'PALETTE COLOR') return paletteMap(set, { signed });
  if (photometric === 'MONOCHROME1' || photometric === 'MONOCHROME2') return grayMap(set, stored, frame);
  throw dicomErrors.error('unsupported-pixels', { field: '(0028,0004)', reason: 'the photometric interpretation' });
}

/**
 * Decodes one frame and makes it gray, 0 black to 1 white. Without a VOI, eight-bit values span their full range, and deeper ones
 * the 0.5th to the 99.5th percentile of what is not padding. Throws what `decodeStored` throws, and dicom.bad-tag.
 */
export async function grayFrame(file: DicomFile, options: GrayFrameOptions = {}): Promise<GrayFrame> {
  const stored = await decodeStoredFrame(file, options);
  const { columns, rows, layout } = stored;
  const source = { sourceColumns: layout.columns, sourceRows: layout.rows };
  if (layout.samples === 3) return { columns, rows, values: lumaFrame(stored), ...source };
  const map = meaningOf(file.dataSet, stored, options.frame ?? 0);
  const to = options.atLeast === undefined ? stored : reducedSize(stored, options.atLeast);
  if (to.columns === columns && to.rows === rows)
    return { columns, rows, values: mapped(stored.values, map), ...source };
  return { columns: to.columns, rows: to.rows, values: averaged(stored, map, to), ...source };
}
