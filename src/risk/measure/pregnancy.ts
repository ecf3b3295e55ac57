// A pregnancy that a result states by its length in weeks or by the expected day of delivery. Either also says when the pregnancy is over, which
// outlasts an older "pregnant" of the same record.
import { DAY_MS } from '#kernel/clock.ts';
import { momentOf } from '#terminology/moment.ts';
import { PREGNANCY_DAYS } from '#terminology/value-sets/pregnancy-status.ts';
import type { Feature, Origin } from './feature.ts';

/** From the last period to the day of delivery that is expected. */
const EXPECTED_DAYS = 40 * 7;

interface Stated {
  readonly origin: Origin & { readonly kind: 'measured' };
  readonly asOf: Date;
}

type PregnancyFeature = readonly (readonly [concept: 'pregnancy', feature: Feature])[];

/** `until`: the last day on which it can last. */
function lasting(until: number, { origin, asOf }: Stated): PregnancyFeature {
  if (until >= asOf.getTime()) return [['pregnancy', { kind: 'flag', value: true, origin }]];
  const over = { ...origin, time: new Date(until).toISOString() };
  return [['pregnancy', { kind: 'flag', value: false, origin: over }]];
}

/** A length in weeks at the time of the result. */
export function pregnancyOfWeeks(weeks: number, stated: Stated): PregnancyFeature {
  const { time } = stated.origin;
  const at = time === undefined ? stated.asOf.getTime() : momentOf(time);
  return lasting(at + (PREGNANCY_DAYS - weeks * 7) * DAY_MS, stated);
}

/** Undefined for what is no date, and for a day that no pregnancy of today can reach. */
export function pregnancyDueOn(date: string, stated: Stated): PregnancyFeature | undefined {
  const due = /^\d{4}-\d{2}-\d{2}/.test(date) ? momentOf(date) : Number.NaN;
  if (Number.isNaN(due) || due > stated.asOf.getTime() + EXPECTED_DAYS * DAY_MS) return undefined;
  return lasting(due + (PREGNANCY_DAYS - EXPECTED_DAYS) * DAY_MS, stated);
}
