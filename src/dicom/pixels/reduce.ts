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

/** What each cell of 8 or 16 bits means, read without a sign; undefined where there are more of them than pixels. */
function stepsOf(values: PixelArray, map: ValueMap): Int32Array | undefined {
  const bits = 8 * values.BYTES_PER_ELEMENT;
  if (bits > 16 || values.length < 2 ** bits) return undefined;
  const isSigned = values instanceof Int8Array || values instanceof Int16Array;
  const steps = new Int32Array(2 ** bits);
  for (let cell = 0; cell < steps.length; cell++) {
    const gray = map(isSigned && cell >= steps.length / 2 ? cell - steps.length : cell);
    // Also what is not a number must come out as it is: the tensor room refuses it.
    if (!(gray >= 0 && gray <= 1)) return undefined;
    steps[cell] = Math.round(gray * STEPS);
  }
  return steps;
}

/** Adds the brightness of the row that begins at `start`, in steps, to the sums of its blocks. */
type AddRow = (sums: Float64Array, start: number) => void;

/**
 * Where every block begins at a whole word of 32 bits: each word is read once, and its two or four cells are looked up; the sums are the
 * same as pixel by pixel.
 */
function wordAdder(values: PixelArray, steps: Int32Array, columnStarts: Uint32Array): AddRow | undefined {
  const perWord = 4 / values.BYTES_PER_ELEMENT;
  if (values.byteOffset % 4 !== 0 || columnStarts.some((start) => start % perWord !== 0)) return undefined;
  const words = new Uint32Array(values.buffer, values.byteOffset, Math.floor(values.length / perWord));
  const ends = columnStarts.subarray(1).map((start) => start / perWord);
  const meaning: (word: number) => number =
    perWord === 4
      ? (word) => steps[word & 0xff]! + steps[(word >>> 8) & 0xff]! + steps[(word >>> 16) & 0xff]! + steps[word >>> 24]!
      : (word) => steps[word & 0xffff]! + steps[word >>> 16]!;
  return (sums, start) => {
    const first = start / perWord;
    for (let block = 0, at = first; block < sums.length; block++) {
      let sum = 0;
      for (const next = first + ends[block]!; at < next; at++) sum = (sum + meaning(words[at]!)) | 0;
      sums[block]! += sum;
    }
  };
}

function rowAdder(values: PixelArray, map: ValueMap, columnStarts: Uint32Array): AddRow {
  const widest = Math.ceil((columnStarts.at(-1) ?? 0) / (columnStarts.length - 1));
  const steps = widest > WIDEST_BLOCK ? undefined : stepsOf(values, map);
  if (steps === undefined)
    return (sums, start) => {
      for (let block = 0, at = start; block < sums.length; block++) {
        let sum = 0;
        for (const next = start + columnStarts[block + 1]!; at < next; at++) sum += map(values[at]!);
        sums[block]! += sum * STEPS;
      }
    };
  const byWords = wordAdder(values, steps, columnStarts);
  if (byWords !== undefined) return byWords;
  const { buffer, byteOffset, length } = values;
  const cells =
    values.BYTES_PER_ELEMENT === 1
      ? new Uint8Array(buffer, byteOffset, length)
      : new Uint16Array(buffer, byteOffset, length);
  return (sums, start) => {
    for (let block = 0, at = start; block < sums.length; block++) {
      let sum = 0;
      for (const next = start + columnStarts[block + 1]!; at < next; at++) sum = (sum + steps[cells[at]!]!) | 0;
      sums[block]! += sum;
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
      // A division by a power of two is exact, so it may come last.
      result[line * to.columns + block] = sums[block]! / STEPS / (width * (end - first));
    }
  }
  return result;
}
