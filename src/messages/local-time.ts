// A moment as a clinician in Viet Nam reads it: 09:02 25/11/2026.
import { localIso } from '#kernel/local-time.ts';

/** ISO 8601 in. A text that is no time comes back as it is. */
export function localTime(iso: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const [date = '', time = ''] = localIso(new Date(at)).split('T');
  const [year, month, day] = date.split('-');
  return `${time.slice(0, 5)} ${day}/${month}/${year}`;
}
