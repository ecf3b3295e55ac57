// HL7 times (YYYY[MM[DD[HHMM[SS[.S…]]]]][±ZZZZ]) ↔ ISO 8601. A day that no calendar has is refused, never moved.
import { localIso } from '#kernel/local-time.ts';

const FORM = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})?(?:(\d{2})(\.\d{1,4})?)?)?)?)?([+-]\d{4})?$/;
/** Viet Nam, all year. */
const LOCAL_ZONE = '+07:00';

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const isOffset = (zone: string): boolean => Number(zone.slice(1, 3)) <= 14 && Number(zone.slice(3, 5)) < 60;

/**
 * `2026`, `2026-11`, `2026-11-22` or a moment with its offset: `localZone` where none was sent. Undefined for what is no time.
 */
export function isoTime(text: string, localZone = LOCAL_ZONE): string | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute = '00', second = '00', fraction = '', zone] = match;
  if (!isDay(Number(year), Number(month ?? '1'), Number(day ?? '1'))) return undefined;
  if (Number(hour ?? '0') > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone !== undefined && !isOffset(zone)) return undefined;
  if (hour === undefined) return [year, month, day].filter((part) => part !== undefined).join('-');
  const offset = zone === undefined ? localZone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${offset}`;
}

/** The zone of an ISO time; undefined where it has none, such as a date. */
export const zoneOf = (iso: string | undefined): string | undefined => /T.*([+-]\d{2}:\d{2})$/.exec(iso ?? '')?.[1];

/** A moment, local with its offset: `20261122091500+0700`. */
export const hl7Time = (at: Date): string => `${localIso(at).replaceAll(/[-T:]/g, '')}+0700`;
