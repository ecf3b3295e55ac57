// Answers a drug check with the patient's open alerts, once, until they are answered.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { Uuid } from '#kernel/ids.ts';
import { hasExpired, isUnanswered } from '#alerts/lifecycle/lifecycle.ts';
import { LATE, orLate } from '#http/deadline.ts';
import { isStandInAlert, withoutStandInAlerts } from '#risk/person/stand-ins.ts';
import { say } from '#messages/say.ts';
import { alertReply, plainReply, quietReply, withLines, type CheckDrugReply } from './reply.ts';
import { untoldLines } from './untold.ts';
import type { DrugCheck } from './request.ts';
import { forgetOldSessions, readSession, sessionNameOf, writeSession, type DrugSession } from './drug-session.ts';
import type { HisproPorts, HisproSettings, HisproStore } from '#interop/hispro/ports.ts';

export interface HisproDeps {
  readonly ports: HisproPorts;
  readonly settings: HisproSettings;
}

const MAX_ALERTS = 20;
const ANSWERED = ['acknowledged', 'overridden', 'false-positive'] as const;

/** What interrupts a prescription: unanswered, and more than information. The suppressed are left out by the store. */
async function openAlerts(store: HisproStore, patientCode: string, now: Date): Promise<Alert[]> {
  const alerts = await store.alerts.list({ statuses: ['new', 'seen'], patientCode, limit: MAX_ALERTS });
  const waiting = alerts.filter(
    (alert) => alert.severity !== 'info' && isUnanswered(alert.status) && !hasExpired(alert, now),
  );
  // Answered alerts stay in the comparison: otherwise answering the chart's alert would reveal the one of its stand-in.
  const answered = waiting.some(isStandInAlert)
    ? await store.alerts.list({ statuses: ANSWERED, patientCode, limit: MAX_ALERTS })
    : [];
  const told = new Set(withoutStandInAlerts([...waiting, ...answered]));
  return waiting
    .filter((alert) => told.has(alert))
    .toSorted((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}

/** Whom the treatment belongs to, where HisPro left the patient out and an alert knows. */
async function patientOf(check: DrugCheck, store: HisproStore): Promise<string | null> {
  const { patientCode, treatmentCode } = check;
  if (patientCode !== null) return store.persons.survivor(patientCode);
  if (treatmentCode === null) return null;
  const [alert] = await store.alerts.list({ treatmentCode, limit: 1 });
  return alert?.subject.patientCode ?? null;
}

interface Named {
  readonly name: Uuid;
  readonly patientCode: string;
  readonly language: Language;
  readonly store: HisproStore;
}

const sessionOf = (check: DrugCheck, patientCode: string, alerts: readonly Alert[], now: Date): DrugSession => ({
  patientCode,
  treatmentCode: check.treatmentCode,
  prescriber: check.prescriber,
  alertIds: alerts.map(({ id }) => id),
  askedAt: now.toISOString(),
  opened: false,
  choice: null,
});

async function answerTyping(check: DrugCheck, named: Named, deps: HisproDeps): Promise<CheckDrugReply> {
  const { settings } = deps;
  const { name, patientCode, language, store } = named;
  const now = settings.clock.now();
  const alerts = await openAlerts(store, patientCode, now);
  const before = await readSession(store, name, now);
  if (before?.choice === 'reconsider') {
    // Said once: the doctor's own choice stops this line; entered again, it is asked about again.
    await writeSession(store, name, { ...before, choice: null, opened: false });
    return plainReply(name, 2, say(language, 'hispro.check.reconsider'));
  }
  const lines = await untoldLines(store, { patientCode, language, treatmentCode: check.treatmentCode }, now);
  if (alerts.length === 0) return withLines(quietReply(name), lines);
  // The page was shown and closed without an answer: the plain dialog remains, or the plug-in would ask for ever.
  if (before?.opened === true) {
    await writeSession(store, name, { ...before, opened: false });
    return withLines(alertReply(name, alerts, { language, confirm: 'dialog' }), lines);
  }
  await writeSession(store, name, sessionOf(check, patientCode, alerts, now));
  return withLines(alertReply(name, alerts, { language, confirm: 'page' }), lines);
}

/** A saved prescription: its answer is ignored, so what was open at that moment is recorded, and old sessions are cleared away. */
async function recordSaved(check: DrugCheck, named: Named, deps: HisproDeps): Promise<CheckDrugReply> {
  const { store } = named;
  const now = deps.settings.clock.now();
  await forgetOldSessions(store, now);
  const alerts = await openAlerts(store, named.patientCode, now);
  await store.audit.append({
    actor: check.prescriber ?? 'hispro',
    action: 'prescription.saved',
    subjectType: 'treatment',
    subjectId: check.treatmentCode ?? named.patientCode,
    detail: { prescription: check.prescriptionCode, drugs: check.drugs.length, openAlerts: alerts.map(({ id }) => id) },
  });
  return alerts.length === 0
    ? quietReply(named.name)
    : alertReply(named.name, alerts, { language: named.language, confirm: 'dialog' });
}

/**
 * Answers in time, whatever happens behind: late or failed lookups become a line that says that nothing was checked,
 * because HisPro takes silence for "no problem". `onFault` is told of a failure.
 */
export async function checkDrug(
  check: DrugCheck,
  language: Language,
  deps: HisproDeps,
  onFault: (fault: unknown) => void,
): Promise<CheckDrugReply> {
  const { settings, ports } = deps;
  const [key] = settings.linkKeys;
  if (key === undefined) throw new Error('no key to name sessions with');
  const name = sessionNameOf(check, key);
  async function work(): Promise<CheckDrugReply> {
    const store = await ports.facility(settings.facilityId);
    const patientCode = await patientOf(check, store);
    if (patientCode === null) return quietReply(name, say(language, 'hispro.check.no-patient'));
    if (check.temporary) ports.refresh?.({ ...check, patientCode });
    const named: Named = { name, patientCode, language, store };
    return check.temporary ? answerTyping(check, named, deps) : recordSaved(check, named, deps);
  }
  const working = work();
  try {
    const reply = await orLate(working, settings.answerWithinMs);
    if (reply !== LATE) return reply;
    working.catch(onFault);
  } catch (fault) {
    onFault(fault);
  }
  return plainReply(name, 1, say(language, 'hispro.check.unavailable'));
}
