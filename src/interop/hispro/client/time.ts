// HisPro writes local times as numbers, yyyyMMddHHmmss, without a zone.
import { localIso } from '#kernel/local-time.ts';
import { isoOf } from '#terminology/moment.ts';

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
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(digits);
  const [, year = '', month, day, hour, minute, second] = match ?? [];
  return (match === null ? undefined : isoOf({ year, month, day, hour, minute, second })) ?? null;
}

/** `1966-03-14T00:00:00`, `1966-03`, `1966`, or HisPro's own digits, where 00 stands for a month or day that is not known. */
export function birthDateFromHis(value: unknown): string | null {
  const written = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const match = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:T.*|\d{4}|\d{6})?$/.exec(written);
  if (match === null || match[1] === '0001') return null;
  const [year = '', month, day] = match.slice(1).map((part) => (part === '00' ? undefined : part));
  return isoOf({ year, month, day: month === undefined ? undefined : day }) ?? null;
}
