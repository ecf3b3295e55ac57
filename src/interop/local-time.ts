// A moment as a clinician in Viet Nam reads it: 09:02 25/11/2026 (UTC+7 all year).

const OFFSET_MS = 7 * 3_600_000;

/** ISO 8601 in. A text that is no time comes back as it is. */
export function localTime(iso: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const [date = '', time = ''] = new Date(at + OFFSET_MS).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${time.slice(0, 5)} ${day}/${month}/${year}`;
}

/** The calendar day there: 2026-11-25. */
export const localDay = (at: Date): string => new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10);
