// Writes this service's readings, with the clinicians' answers to their findings, as a history on which a policy can be tried.
import type { Reading } from '#kernel/finding.ts';
import { SEVERITY_OF, type AlertHead } from './decide.ts';
import type { FollowedAlert } from '#alerts/figures/figures.ts';
import type { HistoryRow } from './history.ts';
import { truthIn } from '#alerts/lifecycle/label.ts';

export interface ReadStudy {
  readonly patientCode: string;
  readonly receivedAt: string;
  readonly reading: Reading;
}

/** The newest answer of a person; undefined where there is none. */
const truthOf = ({ events }: FollowedAlert): boolean | undefined =>
  events.map(truthIn).findLast((said) => said !== undefined);

/** A person answers the leading finding of an alert: of the others nothing is known. */
function leadTruth(
  followed: readonly FollowedAlert[],
): { readonly code: string; readonly present: boolean } | undefined {
  for (const one of followed) {
    const present = truthOf(one);
    const [lead] = one.alert.evidence;
    if (present !== undefined && lead !== undefined) return { code: lead.code, present };
  }
  return undefined;
}

/** One row, `followed` being the alerts of this study; studies that were not assessed have no findings and still count as patients. */
export function historyRowOf(
  { patientCode, receivedAt, reading }: ReadStudy,
  followed: readonly FollowedAlert[],
  heads: readonly AlertHead[],
): HistoryRow {
  const known = leadTruth(followed);
  const titles = new Map(heads.map((head) => [head.code, head]));
  const findings = reading.findings.flatMap(({ code, probability, decision }) => {
    const head = titles.get(code);
    if (head === undefined || !head.explains) return [];
    return [
      {
        rule: `${reading.provenance.modelId}/${code}`,
        severity: SEVERITY_OF[head.priority],
        probability,
        positive: decision === 'positive',
        ...(known?.code === code ? { present: known.present } : {}),
      },
    ];
  });
  return { at: receivedAt, patient: patientCode, study: reading.studyUid, findings };
}
