// The entropy-coded bytes of a Huffman JPEG → proof that they hold the whole image. The decoders fill what is missing with gray
// and say nothing, so every code is walked here, without computing one pixel.
import { broken, cut, JpegFault } from './fault.ts';
import { type Bits, type HuffmanLookup, shapeOf, symbolOf, tableOf, walkUnits } from './bits.ts';
import { blockMeans } from './block-means.ts';
import { walkProgressive } from './progressive.ts';
import type { JpegStream, Scan } from './stream.ts';

function walkCoefficients(bits: Bits, ac: HuffmanLookup): void {
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
  if (position > 64) throw broken('a block has more than 64 coefficients');
}

function walkSequential(stream: JpegStream, scan: Scan): void {
  const { units, blocks } = shapeOf(stream.frame, scan, 8);
  const coders = scan.components.flatMap(({ dcTable, acTable }, place) => {
    const coder = { place, dc: tableOf(scan, dcTable), ac: tableOf(scan, 16 + acTable) };
    return Array.from({ length: blocks[place] ?? 0 }, () => coder);
  });
  const means = blockMeans(stream, scan);
  walkUnits(scan, units, (bits) => {
    for (const { place, dc, ac } of coders) {
      means.read(bits, place, symbolOf(bits, dc));
      walkCoefficients(bits, ac);
    }
  });
}

function walkLossless({ frame }: JpegStream, scan: Scan): void {
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
 * Throws JpegFault: `truncated` where a scan does not cover its image, `broken` where a code is impossible, `unsupported` for arithmetic
 * coding and hierarchical frames.
 */
export function checkEntropy(stream: JpegStream): void {
  const { frame, scans } = stream;
  if (frame.marker === 0xc2) return walkProgressive(stream);
  const walk = { 0xc0: walkSequential, 0xc1: walkSequential, 0xc3: walkLossless }[frame.marker];
  if (walk === undefined) {
    throw new JpegFault('unsupported', `JPEG process of SOF${frame.marker - 0xc0} is not supported`);
  }
  const covered = new Set<number>();
  for (const scan of scans) {
    walk(stream, scan);
    for (const { id } of scan.components) covered.add(id);
  }
  if (covered.size < frame.components.length) {
    throw cut('a component has no scan');
  }
}
