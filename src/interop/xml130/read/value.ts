// GIA_TRI and the date fields as hospitals write them → a number only where the text plainly is one, a time only where the day exists.

export type Comparator = '<' | '<=' | '>' | '>=';

export interface ReadValue {
  readonly value: number | null;
  readonly comparator: Comparator | null;
}

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  '<': '<',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '>=': '>=',
  '≥': '>=',
};
const ONE_NUMBER = /^(<=|>=|[<>≤≥])?\s*(-?\d+(?:[.,]\d+)?)$/;
/** More digits than a double keeps exactly are no measurement. */
const MOST_DIGITS = 15;

/** A comma is a decimal comma. Ranges, titres, `1+`, thousands separators, a unit in the text: no number. */
export function readValue(text: string): ReadValue {
  const match = ONE_NUMBER.exec(text.trim());
  const digits = match?.[2];
  if (digits === undefined || digits.replace(/\D/g, '').length > MOST_DIGITS) return { value: null, comparator: null };
  return { value: Number(digits.replace(',', '.')), comparator: COMPARATORS[match?.[1] ?? ''] ?? null };
}

/** yyyyMMdd, yyyyMMddHHmm or yyyyMMddHHmmss in Vietnamese local time → ISO 8601 (+07:00), a date alone stays a date; else undefined. */
export function readTime(text: string): string | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute, second = '00'] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // JavaScript moves 30 February to March: compare, so that no day is moved.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || year === '0000')
    return undefined;
  if (hour === undefined || minute === undefined) return `${year}-${month}-${day}`;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`;
}
