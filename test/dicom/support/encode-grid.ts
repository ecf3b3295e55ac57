// JPEG 2000 and HTJ2K streams of one gray picture anywhere on the reference grid, with any blocks, levels, tiles and progression: what other
// encoders write and `encodeFrame` does not.
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import loadOpenJph from '@cornerstonejs/codec-openjph/wasmjs';

export interface Grid {
  /** The picture's offset on the reference grid. */
  readonly left: number;
  readonly top: number;
  /** 1 to 5 halvings. */
  readonly levels: number;
  /** Side of a block of code: 16, 32 or 64. */
  readonly block: number;
  /** LRCP, RLCP, RPCL, PCRL, CPRL. */
  readonly progression: number;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** `values` are unsigned, of 16 bits; nothing is lost. */
export async function encodeOnGrid(
  syntax: 'jpeg-2000' | 'htj2k',
  { columns, rows }: Size,
  values: readonly number[],
  { left, top, levels, block, progression }: Grid,
): Promise<Buffer> {
  const quiet = { print: () => undefined, printErr: () => undefined };
  const encoder =
    syntax === 'htj2k' ? new (await loadOpenJph(quiet)).HTJ2KEncoder() : new (await loadOpenJpeg(quiet)).J2KEncoder();
  const frame = { bitsPerSample: 16, componentCount: 1, isSigned: false, isUsingColorTransform: false };
  const cells = encoder.getDecodedBuffer({ ...frame, width: left + columns, height: top + rows });
  const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  // Both take the right and lower edge for the size; OpenJPH steps by it from row to row, OpenJPEG by the picture's own.
  const step = syntax === 'htj2k' ? left + columns : columns;
  for (const [at, value] of values.entries()) {
    view.setUint16(2 * (Math.floor(at / columns) * step + (at % columns)), value, true);
  }
  encoder.setImageOffset({ x: left, y: top });
  encoder.setDecompositions(levels);
  encoder.setBlockDimensions({ width: block, height: block });
  encoder.setProgressionOrder(progression);
  if ('setCompressionRatio' in encoder) encoder.setCompressionRatio(0, 0);
  else encoder.setQuality(true, 0);
  encoder.encode();
  const stream = Buffer.from(encoder.getEncodedBuffer());
  encoder.delete();
  return stream;
}
