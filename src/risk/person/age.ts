// Age of a person from a birth date that may be a year or a month alone: then the age lies between two numbers, at every door alike.
import { localDay } from '#kernel/local-time.ts';

export interface AgeRange {
  readonly low: number;
  readonly high: number;
}

const OLDEST_YEARS = 120;

/** Completed years on `day`, in Viet Nam's calendar. */
function yearsOn(birthDay: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDay.slice(0, 4));
  return day.slice(5) < birthDay.slice(5) ? years - 1 : years;
}

/** First and last day that a year (`1966`), a month (`1966-03`) or a day may mean. */
function endsOf(birthDate: string): readonly [first: string, last: string] {
  const [year = '', month, day] = birthDate.split('-');
  if (day !== undefined) return [birthDate, birthDate];
  // Day 0 of the next month is the last of this one.
  const lastDay = new Date(Date.UTC(Number(year), Number(month ?? '12'), 0)).getUTCDate();
  return [`${year}-${month ?? '01'}-01`, `${year}-${month ?? '12'}-${String(lastDay).padStart(2, '0')}`];
}

/** Equal ends where the birth date is a day, or where the whole year gives one age. Not after `asOf`: the youngest is born today. */
export function ageOn(birthDate: string, asOf: Date): AgeRange {
  const today = localDay(asOf);
  const [first, last] = endsOf(birthDate);
  const oldest = yearsOn(first, today);
  return { low: last > today && oldest >= 0 ? 0 : yearsOn(last, today), high: oldest };
}

/** Neither after today nor before anybody who lives. */
export function isPossibleBirthDate(birthDate: string, asOf: Date): boolean {
  const today = localDay(asOf);
  return birthDate <= today && Number(birthDate.slice(0, 4)) >= Number(today.slice(0, 4)) - OLDEST_YEARS;
}
