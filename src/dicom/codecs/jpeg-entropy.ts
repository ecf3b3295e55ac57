// The entropy-coded bytes of a Huffman JPEG → proof that they hold the whole image. The decoders fill what is missing with gray
// and say nothing, so every code is walked here, without computing one pixel.
import { dicomErrors } from '#dicom/errors.ts';
import { type Bits, brokenJpeg, type HuffmanLookup, shapeOf, symbolOf, tableOf, walkUnits } from './jpeg-bits.ts';
import { walkProgressive } from './jpeg-progressive.ts';
import type { JpegStream, Scan, StartOfFrame } from './jpeg-stream.ts';

function walkBlock(bits: Bits, dc: HuffmanLookup, ac: HuffmanLookup): void {
  const dcSize = symbolOf(bits, dc);
  bits.at += dcSize;
  let position = 1;
  while (position < 64) {
    const symbol = symbolOf(bits, ac);
    const size = symbol & 15;
    if (size === 0) {
      if (symbol !== 0xf0) break;
      position += 16;
      continue;
    }
    position += (symbol >> 4) + 1;
    bits.at += size;
  }
  if (position > 64) throw brokenJpeg('a block has more than 64 coefficients');
}

function walkSequential(frame: StartOfFrame, scan: Scan): void {
  const { units, blocks } = shapeOf(frame, scan, 8);
  const coders = scan.components.flatMap(({ dcTable, acTable }, index) => {
    const coder = { dc: tableOf(scan, dcTable), ac: tableOf(scan, 16 + acTable) };
    return Array.from({ length: blocks[index] ?? 0 }, () => coder);
  });
  walkUnits(scan, units, (bits) => {
    for (const { dc, ac } of coders) walkBlock(bits, dc, ac);
  });
}

function walkLossless(frame: StartOfFrame, scan: Scan): void {
  const { units, blocks } = shapeOf(frame, scan, 1);
  const coders = scan.components.flatMap(({ dcTable }, index) => {
    const lookup = tableOf(scan, dcTable);
    return Array.from({ length: blocks[index] ?? 0 }, () => lookup);
  });
  walkUnits(scan, units, (bits) => {
    for (const lookup of coders) {
      const size = symbolOf(bits, lookup);
      // A difference of 32768 is its own code and has no bits behind it (T.81 H.1.2.2).
      if (size < 16) bits.at += size;
    }
  });
}

/**
 * Throws dicom.truncated where a scan does not cover its image, dicom.broken-stream where a code is impossible,
 * dicom.unsupported-transfer-syntax for arithmetic coding and hierarchical frames.
 */
export function checkEntropy({ frame, scans }: JpegStream): void {
  if (frame.marker === 0xc2) return walkProgressive(frame, scans);
  const walk = { 0xc0: walkSequential, 0xc1: walkSequential, 0xc3: walkLossless }[frame.marker];
  if (walk === undefined) {
    throw dicomErrors.error('unsupported-transfer-syntax', {
      reason: `JPEG process of SOF${frame.marker - 0xc0} is not supported`,
    });
  }
  const covered = new Set<number>();
  for (const scan of scans) {
    walk(frame, scan);
    for (const { id } of scan.components) covered.add(id);
  }
  if (covered.size < frame.components.length) {
    throw dicomErrors.error('truncated', { reason: 'JPEG: a component has no scan' });
  }
}
