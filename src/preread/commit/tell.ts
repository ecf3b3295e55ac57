// Decides what is told of a reading: an alert, or a silence with its reason.
import type { Clock } from '#kernel/clock.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Provenance } from '#kernel/provenance.ts';
import { type AlertHead, decide } from '#alerts/decide/decide.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { Told } from '#kernel/told.ts';
import type { Known } from '#preread/ports.ts';

export interface TellDeps {
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  /** Of the version that gave the reading. */
  readonly heads: (by: Provenance) => readonly AlertHead[];
}

/** A study without patient ID is a person of its own. */
export const patientCodeOf = ({ patient, patientKey }: StoredStudy): string => patient.id ?? patientKey;

export function tell(reading: Reading, study: StoredStudy, { previous, load }: Known, deps: TellDeps): Told {
  const decision = decide(
    reading,
    {
      now: deps.clock.now(),
      heads: deps.heads(reading.provenance),
      previous,
      load,
      subject: {
        patientCode: patientCodeOf(study),
        studyUid: study.studyUid,
        ...(study.accessionNumber !== undefined && { accessionNumber: study.accessionNumber }),
        ...(study.treatmentCode !== undefined && { treatmentCode: study.treatmentCode }),
      },
    },
    deps.policy,
  );
  if (decision.kind === 'silence') return { kind: 'silence', sourceId: reading.id, reason: decision.reason };
  const { supersedes } = decision;
  return { kind: 'alert', alert: decision.alert, ...(supersedes !== undefined && { supersedes }) };
}
