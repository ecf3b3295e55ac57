// Many Vietnamese records hold a birth year alone: the risk is judged for both ends of the year, and told as what lies between.
import type { RiskQuestion, RiskItem } from './risk-item.ts';
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import { localDay } from '#kernel/local-time.ts';
import { sentence } from '#messages/say.ts';

const OLDEST_YEARS = 120;

/** Neither after today nor before anybody who lives. */
export function isPossibleBirthDate(birthDate: string, asOf: Date): boolean {
  const today = localDay(asOf);
  return birthDate <= today && Number(birthDate.slice(0, 4)) >= Number(today.slice(0, 4)) - OLDEST_YEARS;
}

/** A whole date as it is, alone; of a year or month the first day (the oldest that the person can be) and the last, not after today. */
export function birthDateEnds(birthDate: string | undefined, asOf: Date): readonly [first?: string, last?: string] {
  if (birthDate === undefined) return [];
  const [year = '', month, day] = birthDate.split('-');
  if (day !== undefined) return [birthDate];
  const lastMonth = month ?? '12';
  // Day 0 of the next month is the last of this one.
  const lastDay = new Date(Date.UTC(Number(year), Number(lastMonth), 0)).getUTCDate();
  const last = `${year}-${lastMonth}-${String(lastDay).padStart(2, '0')}`;
  const today = localDay(asOf);
  return [`${year}-${month ?? '01'}-01`, last < today ? last : today];
}

type Ends = Pick<RiskItem & { kind: 'interval' }, 'lower' | 'upper'>;

const endsOf = (item: RiskItem & { kind: 'assessed' | 'interval' }): Ends =>
  item.kind === 'assessed' ? { lower: item.flag, upper: item.flag } : item;

const riskOf = (flag: RiskFlag): number => flag.risk ?? 0;

const sameResult = (a: RiskFlag, b: RiskFlag): boolean =>
  a.result.en === b.result.en && a.category?.code === b.category?.code;

const equationOf = (item: RiskItem): string => {
  if (item.kind === 'unusable') return `unusable ${item.code}`;
  if (item.kind === 'not-assessed') return item.equationId;
  return endsOf(item).lower.equationId;
};

function merge(oldest: RiskItem, youngest: RiskItem): RiskItem {
  // An equation that holds for one of the two ages only cannot be told for a person of unknown age.
  if (oldest.kind === 'not-assessed' || oldest.kind === 'unusable') return oldest;
  if (youngest.kind === 'not-assessed' || youngest.kind === 'unusable') return youngest;
  const ends = [endsOf(oldest), endsOf(youngest)];
  const [lower] = ends.map((end) => end.lower).sort((a, b) => riskOf(a) - riskOf(b));
  const [upper] = ends.map((end) => end.upper).sort((a, b) => riskOf(b) - riskOf(a));
  if (lower === undefined || upper === undefined || sameResult(lower, upper)) return oldest;
  const missing = [oldest, youngest].flatMap((item) => (item.kind === 'interval' ? item.missing : []));
  const settledBy = oldest.kind === 'interval' ? oldest.settledBy : undefined;
  const known = new Map([...missing, sentence('cds-hooks.data.birth-date')].map((one) => [one.en, one]));
  return {
    kind: 'interval',
    lower,
    upper,
    missing: [...known.values()],
    ...(oldest.record === undefined ? {} : { record: oldest.record }),
    ...(settledBy === undefined ? {} : { settledBy }),
  };
}

/** One item per equation, from the oldest and the youngest that the person can be. */
export function between(oldest: readonly RiskItem[], youngest: readonly RiskItem[]): readonly RiskItem[] {
  const young = new Map(youngest.map((item) => [equationOf(item), item]));
  return oldest.map((item) => {
    const other = young.get(equationOf(item));
    return other === undefined ? item : merge(item, other);
  });
}

/** The question asked once, or for both ends of a birth date that is a year or a month alone. */
export async function assessAtBothEnds(
  question: Omit<RiskQuestion, 'birthDate'>,
  birthDate: string | undefined,
  assessRisk: (question: RiskQuestion) => Promise<readonly RiskItem[]>,
): Promise<readonly RiskItem[]> {
  const [first, last] = birthDateEnds(birthDate, question.asOf);
  if (first === undefined) return assessRisk(question);
  const oldest = await assessRisk({ ...question, birthDate: first });
  return last === undefined ? oldest : between(oldest, await assessRisk({ ...question, birthDate: last }));
}
