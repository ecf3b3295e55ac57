// The scans of a progressive JPEG (T.81 annex G) → proof that they hold every bit of every coefficient.
import { broken, cut } from './fault.ts';
import { type Bits, type HuffmanLookup, shapeOf, symbolOf, tableOf, take, walkUnits } from './bits.ts';
import { blockMeans } from './block-means.ts';
import type { JpegStream, Scan, StartOfFrame } from './stream.ts';

const COEFFICIENTS = 64;

/** What is known of one component so far. */
interface Plane {
  readonly blocks: number;
  /** 1 where a coefficient is known not to be zero: a refinement then has one bit for it. */
  readonly nonZero: Uint8Array;
  /** Per coefficient the lowest bit position that was sent; 255 for none. */
  readonly sentDownTo: Uint8Array;
}

interface Band {
  readonly bits: Bits;
  readonly plane: Plane;
  readonly block: number;
  readonly scan: Scan;
  readonly lookup: HuffmanLookup;
}

/** First pass over a band; returns the blocks after this one that the end-of-band run skips. */
function walkFirst({ bits, plane, block, scan, lookup }: Band): number {
  let position = scan.start;
  while (position <= scan.end) {
    const symbol = symbolOf(bits, lookup);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0 && run < 15) return (1 << run) + take(bits, run) - 1;
    position += run;
    if (size > 0) {
      if (position > scan.end) throw broken('a run goes past its band');
      plane.nonZero[block * COEFFICIENTS + position] = 1;
      bits.at += size;
    }
    position += 1;
  }
  return 0;
}

/** Skips the correction bits of coefficients that are known, and `zeros` unknown ones; returns where it stands. */
function passOver({ bits, plane, block, scan }: Band, from: number, zeros: number): number {
  let position = from;
  let left = zeros;
  for (; position <= scan.end; position++) {
    if (plane.nonZero[block * COEFFICIENTS + position] === 1) bits.at += 1;
    else if (left-- === 0) break;
  }
  return position;
}

function walkRefinement(band: Band): number {
  const { bits, plane, block, scan, lookup } = band;
  let position = scan.start;
  while (position <= scan.end) {
    const symbol = symbolOf(bits, lookup);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size > 1) throw broken('a refinement of more than one bit');
    if (size === 0 && run < 15) {
      const skipped = (1 << run) + take(bits, run) - 1;
      passOver(band, position, COEFFICIENTS);
      return skipped;
    }
    bits.at += size;
    position = passOver(band, position, run);
    if (size === 1) {
      if (position > scan.end) throw broken('a run goes past its band');
      plane.nonZero[block * COEFFICIENTS + position] = 1;
    }
    position += 1;
  }
  return 0;
}

function walkBand(frame: StartOfFrame, scan: Scan, plane: Plane): void {
  const [component] = scan.components;
  if (component === undefined || scan.components.length !== 1) throw broken('a band of several components');
  const lookup = tableOf(scan, 16 + component.acTable);
  const { units } = shapeOf(frame, scan, 8);
  const refines = scan.high > 0;
  let skipped = 0;
  let segment: Bits | undefined;
  walkUnits(scan, units, (bits, block) => {
    // A restart ends every run.
    if (segment !== bits) skipped = 0;
    segment = bits;
    const band = { bits, plane, block, scan, lookup };
    if (skipped > 0) {
      skipped -= 1;
      if (refines) passOver(band, scan.start, COEFFICIENTS);
      return;
    }
    skipped = refines ? walkRefinement(band) : walkFirst(band);
  });
}

function walkDc(stream: JpegStream, scan: Scan): void {
  const { units, blocks } = shapeOf(stream.frame, scan, 8);
  const count = blocks.reduce((sum, part) => sum + part, 0);
  if (scan.high > 0) {
    walkUnits(scan, units, (bits) => {
      bits.at += count;
    });
    return;
  }
  const coders = scan.components.flatMap(({ dcTable }, place) => {
    const coder = { place, lookup: tableOf(scan, dcTable) };
    return Array.from({ length: blocks[place] ?? 0 }, () => coder);
  });
  const means = blockMeans(stream, scan);
  walkUnits(scan, units, (bits) => {
    for (const { place, lookup } of coders) means.read(bits, place, symbolOf(bits, lookup));
  });
}

/** Throws JpegFault: `truncated` where a bit of a coefficient was never sent, `broken` where a code is impossible. */
export function walkProgressive(stream: JpegStream): void {
  const { frame, scans } = stream;
  const planes = new Map<number, Plane>(
    frame.components.map((component) => {
      const alone = { id: component.id, dcTable: 0, acTable: 0 };
      const { units: blocks } = shapeOf(frame, { ...scans[0]!, components: [alone] }, 8);
      const nonZero = new Uint8Array(blocks * COEFFICIENTS);
      return [component.id, { blocks, nonZero, sentDownTo: new Uint8Array(COEFFICIENTS).fill(255) }];
    }),
  );
  for (const scan of scans) {
    if (scan.start > scan.end || scan.end >= COEFFICIENTS || (scan.start === 0 && scan.end > 0))
      throw broken('a band that does not exist');
    const touched = scan.components.map(({ id }) => {
      const plane = planes.get(id);
      if (plane === undefined) throw broken('a scan names an unknown component');
      return plane;
    });
    if (scan.start === 0) walkDc(stream, scan);
    else walkBand(frame, scan, touched[0]!);
    for (const plane of touched) plane.sentDownTo.fill(scan.low, scan.start, scan.end + 1);
  }
  for (const { sentDownTo } of planes.values()) {
    if (sentDownTo.some((low) => low !== 0)) {
      throw cut('the last scans of a progressive image are missing');
    }
  }
}
