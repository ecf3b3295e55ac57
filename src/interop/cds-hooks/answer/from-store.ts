// The store's part of the ports: one facility's alerts, studies and records, as the CDS Hooks door wants them.
import type { Alert } from '#kernel/alert.ts';
import type { Condition } from '#kernel/condition.ts';
import { CareError } from '#kernel/errors.ts';
import type { Outcome, Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { type Acted, type AlertEvent, mayBecome } from '#alerts/lifecycle/lifecycle.ts';
import type { AlertMessages } from '#delivery/alert-messages.ts';
import type { CdsHooksPorts, StudyState } from '#interop/cds-hooks/ports.ts';

/** The subset of a facility's store that is needed here. */
export interface CdsStore {
  readonly alerts: {
    get(id: Uuid): Promise<Alert | undefined>;
    record(
      event: AlertEvent,
      options: { readonly from: Alert['status']; readonly outbox: readonly OutgoingMessage[] },
    ): Promise<Alert>;
  };
  picture(patientCodes: readonly string[]): Promise<{
    readonly alerts: readonly Alert[];
    readonly studies: readonly FoundStudy[];
    readonly diagnoses: readonly Measurement[];
  }>;
  readonly records: { putFirst(room: string, key: string, value: unknown): Promise<boolean> };
}

interface FoundStudy {
  readonly studyUid: string;
  readonly receivedAt: string;
  readonly reading?: { readonly outcome: Outcome; readonly reasons: readonly Reason[] };
  readonly job?: { readonly state: string; readonly lastError?: Reason };
}

function stateOf({ studyUid, receivedAt, reading, job }: FoundStudy): StudyState {
  const base = { studyUid, receivedAt };
  if (reading !== undefined) return { ...base, state: reading.outcome, reasons: reading.reasons };
  if (job?.state === 'dead') {
    return { ...base, state: 'failed', reasons: job.lastError === undefined ? [] : [job.lastError] };
  }
  return { ...base, state: 'computing', reasons: [] };
}

const conditionOf = ({ code, system = '', codings, time }: Measurement): Condition => ({
  codings: codings ?? [{ system, code }],
  ...(time === undefined ? {} : { recorded: time }),
});

/** Somebody else changed the alert in between: the act is fitted to what it is now, once. */
async function recordOnce(
  store: CdsStore,
  { alert, event }: Acted,
  from: Alert['status'],
  messages: AlertMessages,
): Promise<void> {
  try {
    await store.alerts.record(event, { from, outbox: messages.changed(alert, event) });
  } catch (error) {
    if (!(error instanceof CareError && error.code === 'store.alert-changed')) throw error;
    const now = await store.alerts.get(event.alertId);
    if (now === undefined) throw error;
    const { to, ...rest } = event;
    if (to === undefined || mayBecome(now.status, to)) {
      const after = { ...now, status: to ?? now.status };
      await store.alerts.record(event, { from: now.status, outbox: messages.changed(after, event) });
      return;
    }
    const late = { ...rest, detail: { ...rest.detail, tooLateFor: to, statusWas: now.status } };
    await store.alerts.record(late, { from: now.status, outbox: [] });
  }
}

export function portsFromStore(
  facility: (id: string) => Promise<CdsStore>,
  messages: AlertMessages,
): Omit<CdsHooksPorts, 'assessRisk' | 'tell'> {
  return {
    async picture(facilityId, patientCodes) {
      const { alerts, studies, diagnoses } = await (await facility(facilityId)).picture(patientCodes);
      return { alerts, studies: studies.map(stateOf), diagnoses: diagnoses.map(conditionOf) };
    },
    alert: async (facilityId, id) => (await facility(facilityId)).alerts.get(id),
    record: async (facilityId, acted, from) => recordOnce(await facility(facilityId), acted, from, messages),
    async keepFeedback(facilityId, id, feedback) {
      await (await facility(facilityId)).records.putFirst('cds-hooks-feedback', id, feedback);
    },
  };
}
