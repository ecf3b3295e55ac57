// The image pixel tags of a data set → a layout that makes sense, or a refusal that names the tag.
import { ascii, type DataSet, tagText, unsignedShort } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { frameCount } from '#dicom/read/tags.ts';

export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  readonly bitsAllocated: 1 | 8 | 16 | 32;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Colour planes one after the other instead of interleaved; undefined where no tag says so, which only compressed data may. */
  readonly planar: boolean | undefined;
  readonly photometric: string;
}

export const PLANAR = 0x00280006;

/** A film of 43 × 43 cm at 0.05 mm has 74 million pixels; a small file can claim 65535 × 65535. */
const MAX_FRAME_VALUES = 300_000_000;
const MAX_FILE_VALUES = 600_000_000;

function required(set: DataSet, tag: number): number {
  const value = unsignedShort(set, tag);
  if (value === undefined) {
    throw dicomErrors.error('missing-tag', { field: tagText(tag), reason: `${tagText(tag)} is missing` });
  }
  return value;
}

function allocatedOf(value: number): PixelLayout['bitsAllocated'] {
  if (value === 1 || value === 8 || value === 16 || value === 32) return value;
  throw dicomErrors.error('absurd-bits', { field: '(0028,0100)', reason: `Bits Allocated is ${value}` });
}

function planarOf(value: number | undefined): boolean | undefined {
  if (value === undefined || value <= 1) return value === undefined ? undefined : value === 1;
  throw dicomErrors.error('bad-tag', { field: tagText(PLANAR), reason: `Planar Configuration is ${value}` });
}

/** Throws dicom.missing-tag, dicom.bad-tag, dicom.absurd-size, dicom.absurd-bits, dicom.unsupported-pixels. */
export function layoutOf(set: DataSet): PixelLayout {
  const rows = required(set, 0x00280010);
  const columns = required(set, 0x00280011);
  const frames = frameCount(set);
  if (rows === 0 || columns === 0) {
    throw dicomErrors.error('absurd-size', { reason: `${rows} rows and ${columns} columns` });
  }
  const samples = required(set, 0x00280002);
  if (samples !== 1 && samples !== 3) {
    throw dicomErrors.error('unsupported-pixels', { field: '(0028,0002)', reason: `${samples} samples per pixel` });
  }
  const perFrame = rows * columns * samples;
  if (perFrame > MAX_FRAME_VALUES || perFrame * frames > MAX_FILE_VALUES) {
    throw dicomErrors.error('absurd-size', { reason: `${frames} frames of ${rows} × ${columns} × ${samples}` });
  }
  const bitsAllocated = allocatedOf(required(set, 0x00280100));
  const bitsStored = required(set, 0x00280101);
  if (bitsStored < 1 || bitsStored > bitsAllocated) {
    throw dicomErrors.error('absurd-bits', {
      field: '(0028,0101)',
      reason: `Bits Stored is ${bitsStored} of ${bitsAllocated} allocated`,
    });
  }
  // PS3.5 8.1.1: High Bit is one less than Bits Stored; older files put the value higher in its cell and say so here.
  const highBit = unsignedShort(set, 0x00280102) ?? bitsStored - 1;
  if (highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw dicomErrors.error('absurd-bits', {
      field: '(0028,0102)',
      reason: `High Bit is ${highBit} for ${bitsStored} stored of ${bitsAllocated} allocated`,
    });
  }
  const representation = required(set, 0x00280103);
  if (representation > 1) {
    throw dicomErrors.error('absurd-bits', {
      field: '(0028,0103)',
      reason: `Pixel Representation is ${representation}`,
    });
  }
  const photometric = ascii(set, 0x00280004);
  if (photometric === undefined) {
    throw dicomErrors.error('missing-tag', { field: '(0028,0004)', reason: '(0028,0004) is missing' });
  }
  return {
    rows,
    columns,
    frames,
    samples,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: representation === 1,
    planar: samples === 3 ? planarOf(unsignedShort(set, PLANAR)) : undefined,
    photometric: photometric.toUpperCase(),
  };
}
