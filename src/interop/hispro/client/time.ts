// HisPro writes local times as numbers, yyyyMMddHHmmss, without a zone.
import { localIso } from '#kernel/local-time.ts';

/** 2026-11-22T02:15:00Z → 20261122091500. */
export const hisTime = (at: Date): number => Number(localIso(at).replaceAll(/\D/g, ''));

/** 20261122091500, or the text of it, or `2026-11-22T09:15:00` without a zone → ISO 8601 with +07:00; null for anything else, also for a day that no calendar has. */
export function isoFromHis(value: unknown): string | null {
  const digits =
    typeof value === 'number' || typeof value === 'string'
      ? String(value)
          .replaceAll(/[-:T ]/g, '')
          .replace(/\.\d+$/, '')
      : '';
  if (!/^\d{14}$/.test(digits)) return null;
  const [year, month, day, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((from, index) =>
    digits.slice(from, index === 0 ? 4 : from + 2),
  );
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const parsed = new Date(`${text}Z`);
  // 30 February parses to 2 March: a date that does not come back as itself does not exist.
  return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(text) ? null : `${text}+07:00`;
}
