// The date fields of a claim file: yyyyMMdd, yyyyMMddHHmm or yyyyMMddHHmmss in Vietnamese local time.
import { isoOf } from '#terminology/moment.ts';

/** ISO 8601 (+07:00), a date alone stays a date; undefined for anything else, and for a day that no calendar has. */
export function readTime(text: string): string | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute, second] = match;
  return isoOf({ year, month, day, hour, minute, second });
}
