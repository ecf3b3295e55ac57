// The logits of one film come in; findings for the heads that were trained for this age go out, with what had to be left out.
import type { Decision, Finding, Priority, Reason } from '#kernel/finding.ts';
import { PRIORITIES } from '#kernel/finding.ts';
import type { Model } from '#models/model.ts';
import type { ModelManifest } from '#models/schema.ts';
import { calibrate } from '#calibration/calibrate.ts';
import { listed, reasonWith } from './reasons.ts';

type Head = ModelManifest['heads'][number];

export interface HeadResult {
  readonly head: Head;
  /** Its place in the graph's outputs. */
  readonly index: number;
  readonly logit: number;
  readonly probability: number;
  readonly decision: Decision;
}

export interface Judged {
  readonly results: readonly HeadResult[];
  readonly notices: readonly Reason[];
}

/** A head that was trained on some ages only says nothing of a person whose age is another one, or is not known. */
function fitsAge(head: Head, ageYears: number | undefined): boolean {
  if (head.ageYears === undefined) return true;
  return ageYears !== undefined && ageYears >= head.ageYears.minimum && ageYears <= head.ageYears.maximum;
}

/** `logits` holds one value per head, in the manifest's order. Throws CareError of the calibration room. */
export function judgeHeads(logits: Float32Array, model: Model, ageYears: number | undefined): Judged {
  const { heads } = model.manifest;
  if (logits.length !== heads.length) throw new Error('the graph does not give one logit per head');
  const outside: Head[] = [];
  const results = heads.flatMap((head, index): HeadResult[] => {
    if (!fitsAge(head, ageYears)) return [];
    const logit = logits[index] ?? Number.NaN;
    const { probability, decision, inRange } = calibrate(model.calibration, head.code, logit);
    if (!inRange) outside.push(head);
    return [{ head, index, logit, probability, decision }];
  });
  const withheld = heads.filter((head) => !fitsAge(head, ageYears));
  const notices: Reason[] = [];
  if (withheld.length > 0 && results.length > 0)
    notices.push(reasonWith('heads-withheld', 'titles', listed(withheld.map(({ title }) => title))));
  if (outside.length > 0)
    notices.push(reasonWith('outside-calibration', 'titles', listed(outside.map(({ title }) => title))));
  return { results, notices };
}

/** The most urgent of the positive findings; `routine` where nothing is positive. */
export function priorityOf(results: readonly HeadResult[]): Priority {
  const positive = new Set(results.filter(({ decision }) => decision === 'positive').map(({ head }) => head.priority));
  return PRIORITIES.find((priority) => positive.has(priority)) ?? 'routine';
}

export const asFinding = ({ head, probability, decision }: HeadResult): Finding => ({
  code: head.code,
  probability,
  decision,
});
