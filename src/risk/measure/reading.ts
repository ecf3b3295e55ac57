// A measured value as its sender wrote it comes in, a number with its comparator or a yes/no goes out, only where the text plainly is one.

export interface ReadNumber {
  readonly value: number;
  readonly comparator?: '<' | '<=' | '>' | '>=';
}

const COMPARATORS: Readonly<Record<string, ReadNumber['comparator']>> = {
  '<': '<',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '>=': '>=',
  '≥': '>=',
};

/** A comma is a decimal comma, as Vietnam writes it; three digits after it could be thousands, and then nothing is read. */
const ONE_NUMBER = /^(?<sign><=|>=|[<>≤≥])?\s*(?<digits>-?\d+(?:[.,]\d+)?)$/;
const THOUSANDS = /^-?[1-9]\d{0,2},\d{3}$/;

export function readNumber(value: number | string | boolean): ReadNumber | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : undefined;
  if (typeof value === 'boolean') return undefined;
  const groups = ONE_NUMBER.exec(value.trim())?.groups;
  const digits = groups?.['digits'];
  if (digits === undefined || THOUSANDS.test(digits)) return undefined;
  const comparator = COMPARATORS[groups?.['sign'] ?? ''];
  return { value: Number(digits.replace(',', '.')), ...(comparator === undefined ? {} : { comparator }) };
}
