// HL7 times (YYYY[MM[DD[HHMM[SS[.S…]]]]][±ZZZZ]) ↔ ISO 8601. A day that no calendar has is refused, never moved.
import { localIso } from '#kernel/local-time.ts';
import { isoOf } from '#terminology/moment.ts';

const FORM = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})?(?:(\d{2})(\.\d{1,4})?)?)?)?)?([+-]\d{4})?$/;
const isOffset = (zone: string): boolean => Number(zone.slice(1, 3)) <= 14 && Number(zone.slice(3, 5)) < 60;

/**
 * `2026`, `2026-11`, `2026-11-22` or a moment with its offset: `localZone` where none was sent. Undefined for what is no time.
 */
export function isoTime(text: string, localZone?: string): string | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, zone] = match;
  if (zone !== undefined && !isOffset(zone)) return undefined;
  const offset = zone === undefined ? localZone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return isoOf({ year, month, day, hour, minute, second, fraction, zone: offset });
}

/** The zone of an ISO time; undefined where it has none, such as a date. */
export const zoneOf = (iso: string | undefined): string | undefined =>
  /^[\d:.T-]*T[\d:.]*([+-]\d{2}:\d{2})$/.exec(iso ?? '')?.[1];

/** A moment, local with its offset: `20261122091500+0700`. */
export const hl7Time = (at: Date): string => `${localIso(at).replaceAll(/[-T:]/g, '')}+0700`;
