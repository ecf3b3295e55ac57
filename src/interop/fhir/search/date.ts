// Reads a FHIR date parameter (`ge2026-11`) as ranges of instants.
import { MINUTE_MS } from '#kernel/clock.ts';
import type { TimeRange } from '#kernel/record-search.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';

/** Where a date has no zone: Viet Nam, all year. */
const ZONE = '+07:00';
const DATE =
  /^(?<prefix>eq|ne|gt|lt|ge|le|sa|eb|ap)?(?<year>\d{4})(?:-(?<month>\d{2})(?:-(?<day>\d{2})(?:T(?<clock>\d{2}:\d{2})(?::(?<second>\d{2})(?<fraction>\.\d{1,9})?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?)?)?$/;

interface Span {
  readonly start: number;
  readonly end: number;
}

type Parts = Readonly<
  Partial<Record<'prefix' | 'year' | 'month' | 'day' | 'clock' | 'second' | 'fraction' | 'zone', string>>
>;

/** The first of the next year, month or day. */
function following({ year = '', month, day }: Parts): string {
  const next =
    month === undefined
      ? Date.UTC(Number(year) + 1, 0, 1)
      : day === undefined
        ? Date.UTC(Number(year), Number(month), 1)
        : Date.UTC(Number(year), Number(month) - 1, Number(day) + 1);
  return new Date(next).toISOString().slice(0, 10);
}

const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
};

function spanOf(parts: Parts): Span | undefined {
  const { year = '', month = '01', day = '01', clock, second, fraction, zone = ZONE } = parts;
  // Year 0 and 9999 have no neighbour that a date can hold.
  if (!isDay(`${year}-${month}-${day}`) || year === '0000' || year === '9999') return undefined;
  const start = Date.parse(
    `${year}-${month}-${day}T${clock ?? '00:00'}:${second ?? '00'}${(fraction ?? '').slice(0, 4)}${zone}`,
  );
  if (Number.isNaN(start)) return undefined;
  if (clock === undefined) return { start, end: Date.parse(`${following(parts)}T00:00:00${zone}`) };
  const length = second === undefined ? MINUTE_MS : fraction === undefined ? 1000 : 1;
  return { start, end: start + length };
}

/**
 * Our times are instants, so each prefix becomes one or two half-open ranges. `ap` widens by a tenth of the distance from now, as
 * R4 recommends. Throws `fhir.bad-parameter`.
 */
export function rangesOf(name: string, text: string, now: Date): readonly TimeRange[] {
  // An unescaped `+` of a zone arrives as a blank.
  const groups: Parts | undefined = DATE.exec(text.replace(/ (?=\d{2}:\d{2}$)/, '+'))?.groups;
  const span = groups && spanOf(groups);
  if (groups === undefined || span === undefined) {
    throw fhirErrors.error('bad-parameter', { field: name, reason: 'not a date that FHIR knows' });
  }
  const iso = (ms: number): string => new Date(ms).toISOString();
  const { start, end } = span;
  switch (groups.prefix ?? 'eq') {
    case 'gt':
    case 'sa':
      return [{ from: iso(end) }];
    case 'ge':
      return [{ from: iso(start) }];
    case 'lt':
    case 'eb':
      return [{ before: iso(start) }];
    case 'le':
      return [{ before: iso(end) }];
    case 'ne':
      return [{ before: iso(start) }, { from: iso(end) }];
    case 'ap': {
      const slack = Math.abs(now.getTime() - start) / 10;
      return [{ from: iso(start - slack), before: iso(end + slack) }];
    }
    default:
      return [{ from: iso(start), before: iso(end) }];
  }
}
