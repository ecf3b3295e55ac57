// A table as CSV (RFC 4180, with a header) for a spreadsheet, which must never run what somebody typed.
type Cell = string | number | null | undefined;

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: Cell): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const CSV_TYPE = 'text/csv; charset=utf-8';

const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;

export const csvTable = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [columns, ...rows].map(csvLine).join('');
