// The part of a result that the alert room may tell; whether it is told is the ward's policy.
import type { AlertEvidence } from '#kernel/alert.ts';
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { EquationResult, OutputShown } from '#risk/assess/result.ts';
import { amountText } from '#risk/assess/words.ts';

const TOLD_CONTRIBUTIONS = 3;

/** As a share, 0 to 1; undefined for points and other scales. */
export function shareOf(unit: string, value: number): number | undefined {
  if (unit === '1') return value;
  return unit === '%' ? value / 100 : undefined;
}

export const headlineOf = (result: EquationResult): OutputShown | undefined =>
  result.outputs.find(({ name }) => name === result.headline);

/** Four scores of one risk are four alarms: unasked, only those that fit Viet Nam tell. */
export const fitsVietNam = ({ vietNam }: { readonly vietNam: { readonly fit: string } }): boolean =>
  vietNam.fit === 'intended' || vietNam.fit === 'usable';

function evidenceOf(result: EquationResult, unit: string): readonly AlertEvidence[] {
  return (result.explanation?.contributions ?? []).slice(0, TOLD_CONTRIBUTIONS).map(({ name, text, contribution }) => ({
    code: `${result.equationId}/${name}`,
    text,
    value: contribution,
    unit,
  }));
}

/** Undefined where there is no single value: a range is shown, and raises nothing by itself. */
export function flagOf(result: EquationResult, facilityId: string): RiskFlag | undefined {
  const headline = headlineOf(result);
  if (result.outcome !== 'assessed' || headline === undefined || headline.value === null) return undefined;
  const risk = shareOf(headline.unit, headline.value);
  const [category] = headline.categories;
  return {
    facilityId,
    sourceId: result.id,
    equationId: result.equationId,
    title: headline.title,
    result: headline.text,
    ...(risk === undefined ? {} : { risk }),
    ...(category === undefined ? {} : { category: { code: category.code, title: category.title } }),
    contributions: evidenceOf(result, headline.unit),
    limitations: [
      ...result.assumptions,
      ...result.limits,
      ...(result.licenceDuty === null ? [] : [result.licenceDuty]),
    ],
    provenance: result.provenance,
  };
}

/** Both ends of an interval, each as if it were the value. */
export function intervalFlags(
  result: EquationResult,
  facilityId: string,
): { lower: RiskFlag; upper: RiskFlag } | undefined {
  const headline = headlineOf(result);
  if (headline === undefined || headline.interval === null) return undefined;
  const { lower, upper } = headline.interval;
  const ends = [headline.categories[0], headline.categories.at(-1)] as const;
  const at = (value: number, place: 0 | 1): RiskFlag | undefined => {
    const category = ends[place];
    const text = amountText(headline.unit, value);
    const whole = { ...headline, value, text, interval: null, categories: category === undefined ? [] : [category] };
    return flagOf({ ...result, outputs: [whole] }, facilityId);
  };
  const [low, high] = [at(lower, 0), at(upper, 1)];
  return low === undefined || high === undefined ? undefined : { lower: low, upper: high };
}
