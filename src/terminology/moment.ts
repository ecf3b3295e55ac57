// The one reading of a date and of a moment. Doors cut their digits into parts (20261122, 2026-11-22T09:15:00, …); whether a calendar has
// that day, and where a time without an offset is from, is decided here alone. A day that no calendar has is refused, never moved.

/** Texts of digits, as they were written. */
export interface DateParts {
  readonly year: string;
  readonly month?: string | undefined;
  readonly day?: string | undefined;
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  /** With its point: `.5`. */
  readonly fraction?: string | undefined;
  /** `+07:00`; absent: Viet Nam, all year. */
  readonly zone?: string | undefined;
}

const LOCAL_ZONE = '+07:00';

function isDay(year: number, month: number, day: number): boolean {
  // JavaScript moves 30 February to March: compare, so that no day is moved.
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** `2026`, `2026-11`, `2026-11-22`, or a moment with its offset. Undefined for what no calendar and no clock has. */
export function isoOf(parts: DateParts): string | undefined {
  const { year, month, day, hour, minute = '00', second = '00', fraction = '', zone = LOCAL_ZONE } = parts;
  if (!isDay(Number(year), Number(month ?? '1'), Number(day ?? '1'))) return undefined;
  if (hour === undefined) return [year, month, day].filter((part) => part !== undefined).join('-');
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`;
}

/** `1965`, `1965-02` or `1965-02-28`, as a calendar has them. */
export function isCalendarDate(text: string): boolean {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  const [, year = '', month, day] = match ?? [];
  return match !== null && isoOf({ year, month, day }) !== undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Milliseconds since 1970 of ISO 8601; a day alone is its midnight in Viet Nam; NaN for what is no time. */
export const momentOf = (time: string): number => Date.parse(DAY.test(time) ? `${time}T00:00:00${LOCAL_ZONE}` : time);

/** The last moment that a year, a month, a day or a moment may mean. */
export function latestMomentOf(date: string): number {
  const [year = '', month, day] = date.split('-');
  if (month === undefined) return Date.UTC(Number(year) + 1, 0, 1);
  if (day === undefined) return Date.UTC(Number(year), Number(month), 1);
  return Date.parse(date.length === 10 ? `${date}T24:00:00Z` : date);
}
