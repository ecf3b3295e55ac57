// Two charts of one risk are one answer: the one that knows more is told, the other gives way.
import type { RiskItem } from './risk-item.ts';
import type { Alert } from '#kernel/alert.ts';
import { ruleOfKey } from '#alerts/decide/reader-load.ts';

/** WHO 2019: the chart without laboratory values is for where cholesterol cannot be had. */
const STANDS_IN_FOR: ReadonlyMap<string, string> = new Map([['who_cvd_2019_nonlab_sea', 'who_cvd_2019_lab_sea']]);

const equationOf = (item: RiskItem): string => {
  if (item.kind === 'unusable') return '';
  if (item.kind === 'not-assessed') return item.equationId;
  return item.kind === 'assessed' ? item.flag.equationId : item.lower.equationId;
};

/** How much an item leaves open: nothing, some inputs, everything. */
const openness = (item: RiskItem): number => {
  if (item.kind === 'assessed') return 0;
  return item.kind === 'interval' ? 1 + item.missing.length : Number.POSITIVE_INFINITY;
};

/** Of a chart and its stand-in the one that leaves less open; the chart itself of equals. */
export function withoutStandIns(items: readonly RiskItem[]): readonly RiskItem[] {
  const byEquation = new Map(items.map((item) => [equationOf(item), item]));
  const dropped = new Set<RiskItem>();
  for (const [standIn, chart] of STANDS_IN_FOR) {
    const [second, first] = [byEquation.get(standIn), byEquation.get(chart)];
    if (second === undefined || first === undefined) continue;
    dropped.add(openness(second) < openness(first) ? first : second);
  }
  return items.filter((item) => !dropped.has(item));
}

const isOf = ({ dedupKey }: Alert, equationId: string): boolean => ruleOfKey(dedupKey) === `risk/${equationId}`;

export const isStandInAlert = (alert: Alert): boolean =>
  [...STANDS_IN_FOR.keys()].some((standIn) => isOf(alert, standIn));

/** The same among alerts, which may have been raised on different days: the newer one is told. */
export function withoutStandInAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const of = (equationId: string): Alert | undefined =>
    alerts
      .filter((alert) => isOf(alert, equationId))
      .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
  const hidden = new Set<string>();
  for (const [standIn, chart] of STANDS_IN_FOR) {
    const [second, first] = [of(standIn), of(chart)];
    if (second === undefined || first === undefined) continue;
    const isNewer = Date.parse(second.createdAt) > Date.parse(first.createdAt);
    hidden.add(isNewer ? chart : standIn);
  }
  return alerts.filter((alert) => ![...hidden].some((equationId) => isOf(alert, equationId)));
}
