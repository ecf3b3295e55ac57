// Age of the patient when the film was made: Patient's Age and birth date are weighed against each other, because consoles fill both.

const YEARS_PER_UNIT: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };

/** `20260105`, the older `2026.01.05`, or with other separators → `2026-01-05`; undefined for a day that no calendar has. */
export function isoDate(value: string | undefined): string | undefined {
  const match = /^(\d{4})[./-]?(\d{2})[./-]?(\d{2})$/.exec(value ?? '');
  if (match === null) return undefined;
  const iso = `${match[1]}-${match[2]}-${match[3]}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? undefined : iso;
}

/** `045Y`, `018M`, `006W`, `010D` → years. */
export function ageYears(value: string | undefined): number | undefined {
  const match = /^(\d{1,3}) ?([YMWD])$/i.exec(value ?? '');
  const perUnit = YEARS_PER_UNIT[match?.[2]?.toUpperCase() ?? ''];
  return match === null || perUnit === undefined ? undefined : Number(match[1]) * perUnit;
}

/** Full years between two ISO dates. */
function yearsBetween(birth: string | undefined, on: string | undefined): number | undefined {
  if (birth === undefined || on === undefined || on < birth) return undefined;
  const before = on.slice(5) < birth.slice(5) ? 1 : 0;
  return Number(on.slice(0, 4)) - Number(birth.slice(0, 4)) - before;
}

/** Older than any human: a filler such as 999Y, or a birth date of 1800 or 1900 that stands for an unknown one. */
const OLDEST_YEARS = 122;
/** A birth date of which only the year is known, and an age rounded or of the year's begin, differ by no more. */
const TOLERATED_YEARS = 2;

export interface Age {
  readonly years: number | undefined;
  /** Where the tag and the birth date both could be true and say different ages: neither is believed. */
  readonly conflict?: { readonly stated: number; readonly byBirthDate: number };
}

/**
 * `stated` is Patient's Age, `on` the day of the study. An age of 0 beside a birth date years before is a filler, as is one beyond any
 * human's; a birth date beyond any human's age is one too.
 */
export function ageOf(stated: string | undefined, birthDate: string | undefined, on: string | undefined): Age {
  const believable = (years: number | undefined): number | undefined =>
    years !== undefined && years <= OLDEST_YEARS ? years : undefined;
  const byTag = believable(ageYears(stated));
  const byBirthDate = believable(yearsBetween(birthDate, on));
  if (byTag === undefined || byBirthDate === undefined) return { years: byTag ?? byBirthDate };
  if (byTag === 0) return { years: byBirthDate };
  if (Math.abs(byTag - byBirthDate) <= TOLERATED_YEARS) return { years: byTag };
  return { years: undefined, conflict: { stated: byTag, byBirthDate } };
}
