// Reads CSV (RFC 4180, any line end) piece by piece, so that a cohort needs no memory; a quote left open is refused.
import { riskErrors } from '#risk/errors.ts';

/** Rows as lists of cells; empty lines are skipped. Throws CareError `risk.bad-table`. */
export async function* csvRows(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<readonly string[]> {
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  /** The last character was a quote inside quotes: the next one tells whether it closed them. */
  let closing = false;
  let row = 0;
  const endCell = (): void => {
    cells.push(cell);
    cell = '';
  };
  for await (const piece of pieces) {
    for (const character of piece) {
      if (closing) {
        closing = false;
        if (character === '"') {
          cell += '"';
          continue;
        }
        quoted = false;
      }
      if (quoted) {
        if (character === '"') closing = true;
        else cell += character;
      } else if (character === '"' && cell === '') quoted = true;
      else if (character === ',') endCell();
      else if (character === '\n') {
        endCell();
        row += 1;
        if (cells.length > 1 || cells[0] !== '') yield cells;
        cells = [];
      } else if (character !== '\r' && character !== '\uFEFF') cell += character;
    }
  }
  if (quoted && !closing)
    throw riskErrors.error('bad-table', { field: `line ${row + 1}`, reason: 'a quote is left open' });
  if (cells.length > 0 || cell !== '') {
    endCell();
    yield cells;
  }
}

export type TableRow = Readonly<Record<string, string>>;

/** Rows by the names in the first line. A row of another length is refused with its number. */
export async function* csvRecords(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<TableRow> {
  let names: readonly string[] | undefined;
  let number = 0;
  for await (const cells of csvRows(pieces)) {
    if (names === undefined) {
      names = cells.map((name) => name.trim());
      continue;
    }
    number += 1;
    if (cells.length !== names.length) {
      throw riskErrors.error('bad-table', {
        field: `row ${number}`,
        reason: `row ${number} has ${cells.length} cells, the first line has ${names.length}`,
      });
    }
    yield Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  }
}
