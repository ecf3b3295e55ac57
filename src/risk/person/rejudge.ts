// Judges persons again whose stored results were corrected, withdrawn or followed by newer ones, without waiting for somebody to ask: what no
// longer holds falls at every door, and the receivers are told by the outbox.
import type { Clock } from '#kernel/clock.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { DuePerson, RiskSubject } from '#kernel/risk-subject.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { RiskItem, RiskQuestion } from './risk-item.ts';
import type { TellRisks } from './tell.ts';

/** The subset of a facility's store that is needed; its own types fit. */
export interface RejudgeStore {
  readonly riskSubjects: {
    due(limit: number): Promise<readonly DuePerson[]>;
    judged(person: Pick<DuePerson, 'patientCode' | 'mark'>): Promise<void>;
  };
  readonly measurements: {
    ofPatient(patientCode: string, filter: { readonly limit: number }): Promise<readonly Measurement[]>;
  };
}

export interface RejudgeDeps {
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  readonly assessRisk: (question: RiskQuestion) => Promise<readonly RiskItem[]>;
  readonly tell: TellRisks;
}

/** The newest values of one person. */
export const MOST_MEASUREMENTS = 500;
const PERSONS_AT_ONCE = 50;

/** The door that spoke last says who the person is; a diagnosis of any door is one. */
function wholeSubject(statedBy: readonly RiskSubject[]): Required<Pick<RiskSubject, 'statements'>> & RiskSubject {
  const sex = statedBy.findLast((one) => one.sex !== undefined)?.sex;
  const birthDate = statedBy.findLast((one) => one.birthDate !== undefined)?.birthDate;
  return {
    ...(sex === undefined ? {} : { sex }),
    ...(birthDate === undefined ? {} : { birthDate }),
    conditions: statedBy.flatMap(({ conditions }) => conditions),
    statements: statedBy.flatMap(({ statements = [] }) => statements),
  };
}

async function rejudge(facilityId: string, person: DuePerson, store: RejudgeStore, deps: RejudgeDeps): Promise<void> {
  const { patientCode } = person;
  const { statements, ...subject } = wholeSubject(person.statedBy);
  const items = await deps.assessRisk({
    facilityId,
    patientCode,
    ...subject,
    measurements: [...(await store.measurements.ofPatient(patientCode, { limit: MOST_MEASUREMENTS })), ...statements],
    asOf: deps.clock.now(),
  });
  await deps.tell(items, {
    facilityId,
    patientCode,
    policy: deps.policy,
    actor: 'system',
    facts: 'store',
    complete: subject.sex !== undefined && subject.birthDate !== undefined,
  });
}

/** One pass over a facility. Throws the first fault after everybody else was judged; who could not be judged stays due. */
export async function rejudgeDue(
  facilityId: string,
  store: RejudgeStore,
  deps: RejudgeDeps,
): Promise<{ readonly judged: number }> {
  let judged = 0;
  const faults: unknown[] = [];
  for (const person of await store.riskSubjects.due(PERSONS_AT_ONCE)) {
    try {
      await rejudge(facilityId, person, store, deps);
      await store.riskSubjects.judged(person);
      judged += 1;
    } catch (thrown) {
      faults.push(thrown);
    }
  }
  if (faults.length > 0) throw faults[0];
  return { judged };
}
