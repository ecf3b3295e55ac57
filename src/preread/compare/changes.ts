// Changes between the reading of a film and that of an earlier one, finding by finding, or the reason why they are not known.
import { type FindingChange, findingChange } from '#calibration/change.ts';
import type { Finding, Reading, Reason } from '#kernel/finding.ts';
import type { Model } from '#models/model.ts';
import { reason } from '#preread/gate/reasons.ts';

export interface ComparedFinding {
  readonly now: Finding;
  readonly before?: Finding;
  /** Absent with a reason. */
  readonly change?: FindingChange;
  readonly reason?: Reason;
}

export type ReadingsCompared = { readonly before: Reading | undefined; readonly now: Reading | undefined };

/** A site's declared prevalence does not change the fit: it moves both films alike. */
const fitOf = ({ provenance }: Reading): string => provenance.calibrationVersion.replace(/\+site-.*$/, '');

/** Why nothing can be said of any finding. */
function obstacle({ before, now }: ReadingsCompared, model: Model | undefined): Reason | undefined {
  if (now?.outcome !== 'assessed') return reason('compare-not-assessed', { which: 'now' });
  if (before?.outcome !== 'assessed') return reason('compare-not-assessed', { which: 'before' });
  if (before.provenance.modelSha256 !== now.provenance.modelSha256) return reason('compare-other-model');
  if (model?.repeatability === undefined) return reason('compare-not-measured');
  const fits = new Set([fitOf(before), fitOf(now), model.calibration.version.replace(/\+site-.*$/, '')]);
  return fits.size === 1 ? undefined : reason('compare-other-model');
}

export interface Comparison {
  readonly findings: readonly ComparedFinding[];
  readonly obstacle?: Reason;
}

/** `model`: the one that is loaded under the name that the later reading gives. */
export function compareReadings(readings: ReadingsCompared, model: Model | undefined): Comparison {
  const { before, now } = readings;
  const hindrance = obstacle(readings, model);
  const findings = (now?.findings ?? []).map((finding): ComparedFinding => {
    const then = before?.findings.find(({ code }) => code === finding.code);
    const known = { now: finding, ...(then !== undefined && { before: then }) };
    if (hindrance !== undefined) return { ...known, reason: hindrance };
    if (then === undefined || model?.repeatability === undefined)
      return { ...known, reason: reason('compare-not-reported') };
    const { calibration, repeatability } = model;
    const change = findingChange(finding.code, { before: then, now: finding }, { calibration, repeatability });
    return change === undefined ? { ...known, reason: reason('compare-not-measured') } : { ...known, change };
  });
  return { findings, ...(hindrance !== undefined && { obstacle: hindrance }) };
}
