// The hospital's clock and calendar: Viet Nam is UTC+7 all year, whatever the server's own zone.

const OFFSET_MS = 7 * 3_600_000;

/** Without a zone: `2026-11-22T09:15:00`. */
export const localIso = (at: Date): string => new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19);

/** The calendar day there: `2026-11-22`. */
export const localDay = (at: Date): string => localIso(at).slice(0, 10);
