// The fragments of encapsulated pixel data → one stream per frame, by offset table, by count, or by the streams' end markers.
import type { DataSet } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { PIXEL_DATA } from '#dicom/read/reader.ts';

const EXTENDED_OFFSETS = 0x7fe00001;
/** Tag and length of an item, which offsets count. */
const ITEM_HEADER = 8;

const missing = (reason: string): Error => dicomErrors.error('missing-frames', { reason });

/** The first fragment of each frame, or undefined where there is no table or it does not fit the fragments. */
function startsByTable(offsets: readonly number[], fragments: readonly Buffer[], frames: number): number[] | undefined {
  if (offsets.length !== frames) return undefined;
  const indexByOffset = new Map<number, number>();
  let at = 0;
  for (const [index, fragment] of fragments.entries()) {
    indexByOffset.set(at, index);
    at += ITEM_HEADER + fragment.length;
  }
  const starts: number[] = [];
  for (const offset of offsets) {
    const index = indexByOffset.get(offset);
    if (index === undefined || index <= (starts.at(-1) ?? -1)) return undefined;
    starts.push(index);
  }
  return starts[0] === 0 ? starts : undefined;
}

function basicOffsets(table: Buffer): number[] {
  return Array.from({ length: Math.floor(table.length / 4) }, (_, index) => table.readUInt32LE(4 * index));
}

function extendedOffsets(set: DataSet): number[] {
  const bytes = set.elements.get(EXTENDED_OFFSETS)?.bytes ?? Buffer.alloc(0);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => Number(bytes.readBigUInt64LE(8 * index)));
}

/** JPEG, JPEG-LS and JPEG 2000 all end with FF D9, which cannot occur inside them; padding may follow. */
function endsStream(fragment: Buffer): boolean {
  let end = fragment.length;
  while (end > 0 && fragment[end - 1] === 0) end--;
  return end >= 2 && fragment[end - 2] === 0xff && fragment[end - 1] === 0xd9;
}

function startsByEndMarker(fragments: readonly Buffer[]): number[] {
  const starts = [0];
  for (const [index, fragment] of fragments.entries()) {
    if (index + 1 < fragments.length && endsStream(fragment)) starts.push(index + 1);
  }
  return starts;
}

/**
 * One stream per frame. Throws dicom.missing-frames where the fragments cannot be dealt out to exactly `frames` frames,
 * dicom.broken-fragments where one frame is empty.
 */
export function frameStreams(set: DataSet, frames: number): readonly Buffer[] {
  const [table, ...fragments] = set.elements.get(PIXEL_DATA)?.fragments ?? [];
  if (table === undefined || fragments.length === 0) throw missing('the pixel data hold no frame');
  if (fragments.length < frames) throw missing(`${fragments.length} fragments for ${frames} frames`);
  const starts = frames === 1 ? [0] : startsOf(set, { table, fragments, frames });
  return starts.map((start, index) => {
    const parts = fragments.slice(start, starts[index + 1] ?? fragments.length);
    const stream = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    if (stream.length === 0) throw dicomErrors.error('broken-fragments', { reason: `frame ${index + 1} is empty` });
    return stream;
  });
}

interface Encapsulated {
  readonly table: Buffer;
  readonly fragments: readonly Buffer[];
  readonly frames: number;
}

function startsOf(set: DataSet, { table, fragments, frames }: Encapsulated): readonly number[] {
  const byTable =
    startsByTable(extendedOffsets(set), fragments, frames) ?? startsByTable(basicOffsets(table), fragments, frames);
  if (byTable !== undefined) return byTable;
  // A wrong table beside one fragment per frame leaves no doubt about the frames.
  if (fragments.length === frames) return fragments.map((_, index) => index);
  const byMarker = startsByEndMarker(fragments);
  if (byMarker.length === frames) return byMarker;
  throw missing(`${fragments.length} fragments cannot be dealt out to ${frames} frames`);
}
