// Many Vietnamese records hold a birth year alone: the risk is judged for both ends of the year, and told as what lies between.
import type { RiskFlag } from '#alerts/decide-risk.ts';
import { sentence } from '#messages/say.ts';
import type { RiskItem } from './ports.ts';

/** A whole date as it is, alone; of a year or month the first day (the oldest that the person can be) and the last. */
export function birthDateEnds(birthDate: string | undefined): readonly [first?: string, last?: string] {
  if (birthDate === undefined) return [];
  const [year = '', month, day] = birthDate.split('-');
  if (day !== undefined) return [birthDate];
  if (month === undefined) return [`${year}-01-01`, `${year}-12-31`];
  // Day 0 of the next month is the last of this one.
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return [`${year}-${month}-01`, `${year}-${month}-${String(last).padStart(2, '0')}`];
}

type Ends = Pick<RiskItem & { kind: 'interval' }, 'lower' | 'upper'>;

const endsOf = (item: RiskItem & { kind: 'assessed' | 'interval' }): Ends =>
  item.kind === 'assessed' ? { lower: item.flag, upper: item.flag } : item;

const riskOf = (flag: RiskFlag): number => flag.risk ?? 0;

const sameResult = (a: RiskFlag, b: RiskFlag): boolean =>
  a.result.en === b.result.en && a.category?.code === b.category?.code;

const equationOf = (item: RiskItem): string => {
  if (item.kind === 'not-assessed') return item.equationId;
  return endsOf(item).lower.equationId;
};

function merge(oldest: RiskItem, youngest: RiskItem): RiskItem {
  // An equation that holds for one of the two ages only cannot be told for a person of unknown age.
  if (oldest.kind === 'not-assessed') return oldest;
  if (youngest.kind === 'not-assessed') return youngest;
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
