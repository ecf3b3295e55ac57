// Turns stored values into brightness, at full size or averaged over blocks where no more is needed.
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

/** Brightness in whole millionths: whole numbers are added twice as fast, and the error is a tenth of the smallest step of 16 bits. */
const STEPS = 2 ** 20;
/** So many of the largest fit into 32 bits. */
const WIDEST_BLOCK = 2 ** 10;

/** What each possible value means; undefined where there are more of them than pixels. Looking for those that are met takes longer. */
function stepsOf(
  values: PixelArray,
  map: ValueMap,
): { readonly steps: Int32Array; readonly lowest: number } | undefined {
  const bits = 8 * values.BYTES_PER_ELEMENT;
  if (bits > 16 || values.length < 2 ** bits) return undefined;
  const signed = values instanceof Int8Array || values instanceof Int16Array;
  const lowest = signed ? -(2 ** (bits - 1)) : 0;
  const steps = new Int32Array(2 ** bits);
  for (let at = 0; at < steps.length; at++) {
    const gray = map(lowest + at);
    // Also what is not a number must come out as it is: the tensor room refuses it.
    if (!(gray >= 0 && gray <= 1)) return undefined;
    steps[at] = Math.round(gray * STEPS);
  }
  return { steps, lowest };
}

/** Adds the brightness of the row that begins at `start` to the sums of its blocks. */
type AddRow = (sums: Float64Array, start: number) => void;

function rowAdder(values: PixelArray, map: ValueMap, columnStarts: Uint32Array): AddRow {
  const widest = Math.ceil((columnStarts.at(-1) ?? 0) / (columnStarts.length - 1));
  const table = widest > WIDEST_BLOCK ? undefined : stepsOf(values, map);
  if (table === undefined)
    return (sums, start) => {
      for (let block = 0, at = start; block < sums.length; block++) {
        let sum = 0;
        for (const next = start + columnStarts[block + 1]!; at < next; at++) sum += map(values[at]!);
        sums[block]! += sum;
      }
    };
  const { steps, lowest } = table;
  return (sums, start) => {
    for (let block = 0, at = start; block < sums.length; block++) {
      let sum = 0;
      for (const next = start + columnStarts[block + 1]!; at < next; at++)
        sum = (sum + steps[values[at]! - lowest]!) | 0;
      sums[block]! += sum / STEPS;
    }
  };
}

/**
 * As `mapped`, averaged over blocks: brightness is averaged, not stored values, since a window's ends are not linear. One walk over
 * the film, and what comes after it has a hundredth of the pixels to work on.
 */
export function averaged(stored: Size & { readonly values: PixelArray }, map: ValueMap, to: Size): Float32Array {
  const { columns, rows, values } = stored;
  const columnStarts = blockStarts(columns, to.columns);
  const rowStarts = blockStarts(rows, to.rows);
  const result = new Float32Array(to.columns * to.rows);
  const sums = new Float64Array(to.columns);
  const addRow = rowAdder(values, map, columnStarts);
  for (let line = 0; line < to.rows; line++) {
    const [first, end] = [rowStarts[line]!, rowStarts[line + 1]!];
    sums.fill(0);
    for (let row = first; row < end; row++) addRow(sums, row * columns);
    for (let block = 0; block < to.columns; block++) {
      const width = columnStarts[block + 1]! - columnStarts[block]!;
      result[line * to.columns + block] = sums[block]! / (width * (end - first));
    }
  }
  return result;
}
