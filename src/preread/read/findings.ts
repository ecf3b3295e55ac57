// Turns the logits of one film into findings for the heads that were trained for this age, and says which were left out.
import type { Finding, Priority, Reason } from '#kernel/finding.ts';
import { PRIORITIES } from '#kernel/finding.ts';
import type { Model } from '#models/model.ts';
import type { ModelManifest } from '#models/schema.ts';
import { type Calibrated, calibrate } from '#calibration/calibrate.ts';
import { listed, reason, reasonWith } from '#preread/gate/reasons.ts';

type Head = ModelManifest['heads'][number];
type AgeRange = NonNullable<Head['ageYears']>;

export interface HeadResult extends Calibrated {
  readonly head: Head;
  /** Its place in the graph's outputs. */
  readonly index: number;
  readonly logit: number;
}

export interface Judged {
  readonly results: readonly HeadResult[];
  readonly notices: readonly Reason[];
}

/** Does the head hold for at least half of the ages that the gate lets through? */
const coversMost = (range: AgeRange, gate: AgeRange): boolean =>
  Math.min(range.maximum, gate.maximum) - Math.max(range.minimum, gate.minimum) >= (gate.maximum - gate.minimum) / 2;

/**
 * A head that was trained on some ages only says nothing of a person of another age. Of one whose age is not known it is reported
 * where it covers most ages, on the condition that stands beside it; a head for a few years of life is not.
 */
function fitsAge({ ageYears: range }: Head, ageYears: number | undefined, gate: AgeRange): boolean {
  if (range === undefined) return true;
  if (ageYears === undefined) return coversMost(range, gate);
  return ageYears >= range.minimum && ageYears <= range.maximum;
}

/** The ages for which every reported head holds, where that is not all of them. */
function conditionOn(heads: readonly Head[]): Reason | undefined {
  const ranges = heads.flatMap(({ ageYears }) => ageYears ?? []);
  if (ranges.length === 0) return undefined;
  const from = Math.max(...ranges.map(({ minimum }) => minimum));
  const to = Math.min(...ranges.map(({ maximum }) => maximum));
  return reason('only-for-ages', { from, to });
}

function ageNotices(reported: readonly Head[], withheld: readonly Head[], ageYears: number | undefined): Reason[] {
  const notices: Reason[] = [];
  const condition = ageYears === undefined ? conditionOn(reported) : undefined;
  if (condition !== undefined) notices.push(condition);
  if (withheld.length === 0) return notices;
  const titles = listed(withheld.map(({ title }) => title));
  notices.push(reasonWith(ageYears === undefined ? 'heads-withheld-without-age' : 'heads-withheld', 'titles', titles));
  return notices;
}

/** `logits` holds one value per head, in the manifest's order. Throws CareError of the calibration room. */
export function judgeHeads(logits: Float32Array, model: Model, ageYears: number | undefined): Judged {
  const { heads, gate } = model.manifest;
  if (logits.length !== heads.length) throw new Error('the graph does not give one logit per head');
  const outside: Head[] = [];
  const results = heads.flatMap((head, index): HeadResult[] => {
    if (!fitsAge(head, ageYears, gate.ageYears)) return [];
    const logit = logits[index] ?? Number.NaN;
    const stated = calibrate(model.calibration, head.code, logit);
    if (!stated.inRange) outside.push(head);
    return [{ head, index, logit, ...stated }];
  });
  const reported = results.map(({ head }) => head);
  const withheld = heads.filter((head) => !reported.includes(head));
  const notices = ageNotices(reported, withheld, ageYears);
  if (outside.length > 0)
    notices.push(reasonWith('outside-calibration', 'titles', listed(outside.map(({ title }) => title))));
  return { results, notices };
}

/** The most urgent of the positive findings; `routine` where nothing is positive. */
export function priorityOf(results: readonly HeadResult[]): Priority {
  const positive = new Set(results.filter(({ decision }) => decision === 'positive').map(({ head }) => head.priority));
  return PRIORITIES.find((priority) => positive.has(priority)) ?? 'routine';
}

export const asFinding = ({ head, probability, decision, prevalence, inRange }: HeadResult): Finding => ({
  code: head.code,
  probability,
  decision,
  prevalence,
  ...(!inRange && { beyondCalibration: true }),
});
