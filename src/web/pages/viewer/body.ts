// Body region of a film: evidence beside it explains nothing, so maps are cut off there. A dark area that reaches the film's
// edge is air beside the patient, a collimator's leaf or no picture; a dark lung does not reach it.
import type { FilmValues } from './film-values.ts';

export interface BodyMask {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, 255 inside the body. */
  readonly inside: Uint8Array;
}

/** The mask needs no more than a heatmap's own detail. */
const LONGEST_SIDE = 256;
const DARK = 12;
/** Where less than this is left, the film is only dark, or it shows no edge of a body: nothing is cut off. */
const LEAST_SHARE = 0.3;

/** Undefined where no body could be told from its surroundings. */
export function bodyMask(film: Pick<FilmValues, 'columns' | 'rows' | 'codes' | 'display'>): BodyMask | undefined {
  const step = Math.max(1, Math.max(film.columns, film.rows) / LONGEST_SIDE);
  const [columns, rows] = [Math.max(1, Math.round(film.columns / step)), Math.max(1, Math.round(film.rows / step))];
  const dark = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const x = Math.min(film.columns - 1, Math.floor((column + 0.5) * step));
      const y = Math.min(film.rows - 1, Math.floor((row + 0.5) * step));
      const code = film.codes[y * film.columns + x] ?? 0;
      dark[row * columns + column] = code === 0 || (film.display[code] ?? 0) <= DARK ? 1 : 0;
    }
  }
  const inside = new Uint8Array(columns * rows).fill(255);
  const open: number[] = [];
  const leave = (at: number): void => {
    if (dark[at] !== 1 || inside[at] === 0) return;
    inside[at] = 0;
    open.push(at);
  };
  for (let column = 0; column < columns; column += 1) {
    leave(column);
    leave((rows - 1) * columns + column);
  }
  for (let row = 0; row < rows; row += 1) {
    leave(row * columns);
    leave(row * columns + columns - 1);
  }
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const column = at % columns;
    if (column > 0) leave(at - 1);
    if (column + 1 < columns) leave(at + 1);
    if (at >= columns) leave(at - columns);
    if (at + columns < inside.length) leave(at + columns);
  }
  const left = inside.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  return left < LEAST_SHARE * inside.length || left === inside.length ? undefined : { columns, rows, inside };
}
