// The transfer syntaxes that a phantom can be written in, and how each one packs a frame of pixels.
import dcmjsCodecs from 'dcmjs-codecs';
import type { Encoding } from '#dicom/write/element.ts';
import type { StoredPixels } from './stored.ts';

const { Context, NativeCodecs } = dcmjsCodecs;

export const SYNTAXES = {
  'implicit-little': { uid: '1.2.840.10008.1.2' },
  'explicit-little': { uid: '1.2.840.10008.1.2.1' },
  deflated: { uid: '1.2.840.10008.1.2.1.99' },
  'explicit-big': { uid: '1.2.840.10008.1.2.2' },
  'jpeg-baseline': { uid: '1.2.840.10008.1.2.4.50' },
  'jpeg-lossless': { uid: '1.2.840.10008.1.2.4.70' },
  'jpeg-ls': { uid: '1.2.840.10008.1.2.4.80' },
  'jpeg-ls-near': { uid: '1.2.840.10008.1.2.4.81' },
  'jpeg-2000': { uid: '1.2.840.10008.1.2.4.90' },
  'jpeg-2000-lossy': { uid: '1.2.840.10008.1.2.4.91' },
  htj2k: { uid: '1.2.840.10008.1.2.4.201' },
  rle: { uid: '1.2.840.10008.1.2.5' },
} as const;
export type SyntaxName = keyof typeof SYNTAXES;

/** How the data set around the pixels is encoded. */
export const encodingOf = (name: SyntaxName): Encoding =>
  name === 'implicit-little' || name === 'explicit-big' ? name : 'explicit-little';

export const isEncapsulated = (name: SyntaxName): boolean =>
  !['implicit-little', 'explicit-little', 'explicit-big', 'deflated'].includes(name);

/** DICOM's words for the compression that lost something (0028,2114). */
export function lossyMethod(name: SyntaxName): string | undefined {
  if (name === 'jpeg-baseline') return 'ISO_10918_1';
  if (name === 'jpeg-ls-near') return 'ISO_14495_1';
  return name === 'jpeg-2000-lossy' ? 'ISO_15444_1' : undefined;
}

let loading: Promise<void> | undefined;

/** One frame, compressed by other software than the service decodes with where there is a choice. Throws when the codec does. */
export async function compressed(name: SyntaxName, pixels: StoredPixels): Promise<Uint8Array> {
  loading ??= NativeCodecs.initializeAsync();
  await loading;
  const context = new Context({
    width: pixels.columns,
    height: pixels.rows,
    bitsAllocated: pixels.bitsAllocated,
    bitsStored: pixels.bitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: pixels.photometric,
    decodedBuffer: pixels.bytes,
  });
  const out = encode(name, context).getEncodedBuffer();
  if (out === undefined || out.length === 0) throw new Error(`${name} gave nothing`);
  // A copy: the codec's memory may move.
  return out.slice();
}

function encode(name: SyntaxName, context: InstanceType<typeof Context>): InstanceType<typeof Context> {
  switch (name) {
    case 'rle':
      return NativeCodecs.encodeRle(context);
    case 'jpeg-baseline':
      return NativeCodecs.encodeJpeg(context, { lossy: true, quality: 92 });
    case 'jpeg-lossless':
      return NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1, pointTransform: 0 });
    case 'jpeg-ls':
      return NativeCodecs.encodeJpegLs(context, { lossy: false });
    case 'jpeg-ls-near':
      return NativeCodecs.encodeJpegLs(context, { lossy: true, allowedLossyError: 3 });
    case 'jpeg-2000':
      return NativeCodecs.encodeJpeg2000(context, { lossy: false });
    case 'jpeg-2000-lossy':
      return NativeCodecs.encodeJpeg2000(context, { lossy: true, rate: 12 });
    case 'htj2k':
      return NativeCodecs.encodeHtJpeg2000(context, { lossy: false });
    case 'implicit-little':
    case 'explicit-little':
    case 'explicit-big':
    case 'deflated':
      throw new Error(`${name} does not compress pixels`);
    default:
      return name satisfies never;
  }
}
