// Tells a picture whose end was lost from one with a margin: a download or a disk that broke off leaves it filled up with one value from the
// middle of a row on.

/** A tail of one value is looked at from this many rows on, and from this share of the picture. */
const TAIL_ROWS = 4;
const TAIL_SHARE = 0.03;
/** In so many rows above less of the end is of that value: a film's own margin, straight or round, runs on down its side. */
const ROWS_ABOVE = 8;
const LEAST_MORE = 2;
/** A margin begins with a row. */
const EDGE_OF_ROW = 0.05;

export type Cells = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** `cells` are the bytes or the values of one frame, `perRow` of them in a row. */
export function isFilledUp(cells: Cells, perRow: number): boolean {
  const fill = cells.at(-1);
  let start = cells.length;
  while (start > 0 && cells[start - 1] === fill) start--;
  const tail = cells.length - start;
  if (tail < TAIL_ROWS * perRow || tail < TAIL_SHARE * cells.length) return false;
  const row = Math.floor(start / perRow);
  const share = start / perRow - row;
  if (row < ROWS_ABOVE || share < EDGE_OF_ROW || share > 1 - EDGE_OF_ROW) return false;
  const ofTail = (row + 1) * perRow - start;
  for (let above = 1; above <= ROWS_ABOVE; above++) {
    const end = (row - above + 1) * perRow;
    let length = 0;
    while (length < perRow && cells[end - 1 - length] === fill) length++;
    if (length * LEAST_MORE > ofTail) return false;
  }
  return true;
}
