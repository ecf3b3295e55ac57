// Stored values and what they mean come in; their brightness goes out, at full size or averaged over blocks where no more is needed.
import type { ValueMap } from './modality-lut.ts';
import type { PixelArray, Size } from './stored-values.ts';

/** What each stored value means, filled in as values are met: a film has millions of pixels and some thousand values. */
interface Table {
  readonly grays: Float32Array;
  readonly lowest: number;
}

function tableFor(values: PixelArray): Table | undefined {
  const bits = 8 * values.BYTES_PER_ELEMENT;
  if (bits > 16 || values.length < 2 ** bits) return undefined;
  const signed = values instanceof Int8Array || values instanceof Int16Array;
  return { grays: new Float32Array(2 ** bits).fill(Number.NaN), lowest: signed ? -(2 ** (bits - 1)) : 0 };
}

/** Applies `map` to every value; through a table where there are fewer possible values than pixels. */
export function mapped(values: PixelArray, map: ValueMap): Float32Array {
  const result = new Float32Array(values.length);
  const table = tableFor(values);
  if (table === undefined) {
    for (let at = 0; at < result.length; at++) result[at] = map(values[at]!);
    return result;
  }
  const { grays, lowest } = table;
  for (let at = 0; at < result.length; at++) {
    const index = values[at]! - lowest;
    let gray = grays[index]!;
    if (gray !== gray) {
      gray = map(values[at]!);
      grays[index] = gray;
    }
    result[at] = gray;
  }
  return result;
}

/** The smallest size of whole blocks that is at least as large as asked for; the same size where that is more than half of it. */
export function reducedSize({ columns, rows }: Size, atLeast: Size): Size {
  const factor = Math.floor(Math.min(columns / atLeast.columns, rows / atLeast.rows));
  if (!(factor >= 2)) return { columns, rows };
  return { columns: Math.floor(columns / factor), rows: Math.floor(rows / factor) };
}

/** Where each block of an axis begins, and the end of the last: all of the axis is covered, by blocks that differ by at most one. */
const blockStarts = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to + 1 }, (_, block) => Math.floor((block * from) / to));

/**
 * As `mapped`, averaged over blocks: brightness is averaged, not stored values, since a window's ends are not linear. One walk over
 * the film, and what comes after it has a hundredth of the pixels to work on.
 */
export function averaged(stored: Size & { readonly values: PixelArray }, map: ValueMap, to: Size): Float32Array {
  const { columns, rows, values } = stored;
  const table = tableFor(values);
  const grays = table?.grays;
  const lowest = table?.lowest ?? 0;
  const columnStarts = blockStarts(columns, to.columns);
  const rowStarts = blockStarts(rows, to.rows);
  const result = new Float32Array(to.columns * to.rows);
  const sums = new Float64Array(to.columns);
  for (let line = 0; line < to.rows; line++) {
    const [first, end] = [rowStarts[line]!, rowStarts[line + 1]!];
    sums.fill(0);
    for (let row = first; row < end; row++) {
      for (let block = 0, at = row * columns; block < to.columns; block++) {
        let sum = 0;
        for (const next = row * columns + columnStarts[block + 1]!; at < next; at++) {
          const value = values[at]!;
          let gray = grays === undefined ? map(value) : grays[value - lowest]!;
          if (gray !== gray) {
            gray = map(value);
            if (grays !== undefined) grays[value - lowest] = gray;
          }
          sum += gray;
        }
        sums[block]! += sum;
      }
    }
    for (let block = 0; block < to.columns; block++) {
      const width = columnStarts[block + 1]! - columnStarts[block]!;
      result[line * to.columns + block] = sums[block]! / (width * (end - first));
    }
  }
  return result;
}
