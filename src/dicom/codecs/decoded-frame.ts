// Copy of a WebAssembly decoder's result into a frame of its own, once size, bits and components agree with the stream's header.
import { dicomErrors } from '#dicom/errors.ts';
import type { DecodedFrame } from '#dicom/pixels/stored-values.ts';

export interface StreamHeader {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly precision: number;
  readonly signed: boolean;
}

export interface DecoderState {
  readonly decoder: Pick<CodecDecoder, 'getFrameInfo' | 'getDecodedBuffer'>;
  /** Size of the picture that was asked for; smaller than the header's at a reduced resolution. */
  readonly columns: number;
  readonly rows: number;
}

/** Throws dicom.broken-stream where the decoder has something else than was asked for: it does not throw by itself. */
export function decodedFrame(header: StreamHeader, { decoder, columns, rows }: DecoderState): DecodedFrame {
  const info = decoder.getFrameInfo();
  if (info.width !== header.columns || info.height !== header.rows) {
    throw dicomErrors.error('broken-stream', { reason: `decoded ${info.width} × ${info.height} instead of the image` });
  }
  if (info.componentCount !== header.components || info.bitsPerSample !== header.precision) {
    throw dicomErrors.error('broken-stream', { reason: 'decoded components or bits differ from the header' });
  }
  const size = header.precision > 8 ? 2 : 1;
  const length = columns * rows * header.components;
  const buffer = decoder.getDecodedBuffer();
  if (buffer.length !== length * size) {
    throw dicomErrors.error('broken-stream', { reason: `decoded ${buffer.length} bytes of ${length * size}` });
  }
  const copy = new Uint8Array(buffer);
  return { columns, rows, samples: header.components, values: typed(copy, header) };
}

function typed(copy: Uint8Array, { precision, signed }: StreamHeader): DecodedFrame['values'] {
  if (precision > 8) return signed ? new Int16Array(copy.buffer) : new Uint16Array(copy.buffer);
  return signed ? new Int8Array(copy.buffer) : copy;
}
