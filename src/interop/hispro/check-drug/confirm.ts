// Takes the doctor's entries on the confirmation page: checked, written to each alert's history, remembered for the second answer.
import type { Alert } from '#kernel/alert.ts';
import { CareError, type Language } from '#kernel/errors.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { act, actTolerantly, hasExpired, isUnanswered, type AlertAction } from '#alerts/lifecycle/lifecycle.ts';
import { say } from '#messages/say.ts';
import type { HisproDeps } from './check-drug.ts';
import { confirmationPage, donePage, nothingOpenPage, type Confirmation } from './confirmation-page.ts';
import { readSession, writeSession, type DrugSession } from './drug-session.ts';
import { hisproErrors } from '#interop/hispro/errors.ts';
import type { HisproStore } from '#interop/hispro/ports.ts';
import { filmsFor, patientStudies } from '#interop/hispro/view/view.ts';

const COMMENT_LIMIT = 1000;

interface Opened {
  readonly store: HisproStore;
  readonly session: DrugSession;
  readonly alerts: readonly Alert[];
}

async function open(sessionName: string, deps: HisproDeps): Promise<Opened> {
  const { settings, ports } = deps;
  const store = await ports.facility(settings.facilityId);
  const now = settings.clock.now();
  const session = await readSession(store, sessionName, now);
  if (session === undefined) throw hisproErrors.error('session-unknown', { field: 'sessionId' });
  const found = await Promise.all(session.alertIds.map((id) => store.alerts.get(id)));
  const alerts = found.filter((alert) => alert !== undefined);
  return { store, session, alerts: alerts.filter((alert) => isUnanswered(alert.status) && !hasExpired(alert, now)) };
}

type Answered = Pick<Confirmation, 'faults' | 'entered'>;

async function page(
  sessionName: string,
  language: Language,
  opened: Opened & { deps: HisproDeps } & Answered,
): Promise<string> {
  const { store, session, alerts, deps, faults, entered } = opened;
  const { patientCode, treatmentCode } = session;
  const ofFilms = alerts.some(({ subject }) => subject.studyUid !== undefined);
  return confirmationPage({
    language,
    sessionName,
    about: { patientCode, treatmentCode },
    alerts,
    entries: ofFilms ? await patientStudies(store, patientCode) : [],
    filmOf: filmsFor(deps),
    ...(faults && { faults }),
    ...(entered && { entered }),
  });
}

/** Throws `hispro.session-unknown`. Showing an alert marks it as seen. */
export async function showConfirmation(sessionName: string, language: Language, deps: HisproDeps): Promise<string> {
  const opened = await open(sessionName, deps);
  const { store, session, alerts } = opened;
  await writeSession(store, sessionName, { ...session, opened: true });
  for (const alert of alerts.filter(({ status }) => status === 'new')) {
    const { alert: after, event } = act(
      alert,
      { kind: 'seen' },
      {
        eventId: derivedUuid('hispro-seen', sessionName, alert.id),
        at: deps.settings.clock.now(),
        actor: session.prescriber ?? 'hispro',
        channel: 'hispro',
      },
    );
    const outbox = deps.ports.messages.changed(after, event);
    await store.alerts.record(event, { from: alert.status, outbox }).catch(ignoreChanged);
  }
  return alerts.length === 0 ? nothingOpenPage(language) : page(sessionName, language, { ...opened, deps });
}

/** Somebody else was faster: what they did counts, and the page shows the rest. */
function ignoreChanged(error: unknown): void {
  if (!(error instanceof CareError && error.code === 'store.alert-changed')) throw error;
}

/** The action for one alert, or the sentence that says what is missing. */
function enteredFor(alert: Alert, form: URLSearchParams, language: Language): AlertAction | string {
  const comment = (form.get(`comment-${alert.id}`) ?? '').trim().slice(0, COMMENT_LIMIT);
  const said = comment === '' ? {} : { comment };
  switch (form.get(`answer-${alert.id}`)) {
    case 'acknowledged':
      return { kind: 'acknowledged', ...said };
    case 'overridden': {
      const reasonCode = form.get(`reason-${alert.id}`) ?? '';
      if (reasonCode === '') return say(language, 'hispro.page.fault-reason');
      if (reasonCode === 'other' && comment === '') return say(language, 'hispro.page.fault-comment');
      return { kind: 'overridden', reasonCode, ...said };
    }
    default:
      return say(language, 'hispro.page.fault-answer');
  }
}

export interface Confirmed {
  readonly status: 200 | 422;
  readonly page: string;
}

/** Throws `hispro.session-unknown`, and `alerts.reason-required` for a reason code that no form of ours holds. */
export async function takeConfirmation(
  form: URLSearchParams,
  language: Language,
  deps: HisproDeps,
): Promise<Confirmed> {
  const sessionName = form.get('sessionId') ?? '';
  const opened = await open(sessionName, deps);
  const { store, session, alerts } = opened;
  if (form.get('choice') === 'reconsider') {
    await writeSession(store, sessionName, { ...session, choice: 'reconsider' });
    return { status: 200, page: donePage(language, 'reconsider') };
  }
  const actions = alerts.map((alert) => ({ alert, action: enteredFor(alert, form, language) }));
  const faults = new Map(
    actions.flatMap(({ alert, action }) => (typeof action === 'string' ? [[alert.id, action] as const] : [])),
  );
  if (faults.size > 0) {
    return { status: 422, page: await page(sessionName, language, { ...opened, deps, faults, entered: form }) };
  }
  for (const { alert, action } of actions) {
    if (typeof action === 'string') continue;
    const { alert: after, event } = actTolerantly(alert, action, {
      eventId: derivedUuid('hispro-answer', sessionName, alert.id, session.askedAt),
      at: deps.settings.clock.now(),
      actor: session.prescriber ?? 'hispro',
      channel: 'hispro',
    });
    const outbox = deps.ports.messages.changed(after, event);
    await store.alerts.record(event, { from: alert.status, outbox }).catch(ignoreChanged);
  }
  await writeSession(store, sessionName, { ...session, choice: 'proceed' });
  return { status: 200, page: donePage(language, 'proceed') };
}
