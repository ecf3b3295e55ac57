// A checked hook request becomes cards: from stored results first, risks from what the request brought, and never a silent gap.
import { SEVERITIES, type Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { hasExpired, isOpen } from '#alerts/lifecycle.ts';
import { withoutStandInAlerts } from '#interop/stand-ins.ts';
import type { Card } from './card.ts';
import { alertCard, computingCard, dataMissingCard, notAssessedCard, openRiskCard, type CardContext } from './cards.ts';
import { assessAtBothEnds } from './birth-date.ts';
import { cdsHooksErrors } from './errors.ts';
import { openFhirReader } from './fhir-reader.ts';
import { gather, type Gathered } from './gather.ts';
import type { CdsHooksPorts, CdsHooksSettings, PatientPicture, RiskItem } from './ports.ts';
import type { HookRequest } from './request.ts';
import { tellRisks } from './tell-risks.ts';

export interface AnswerDeps {
  readonly ports: CdsHooksPorts;
  readonly settings: CdsHooksSettings;
}

export interface Asked {
  readonly facilityId: string;
  readonly language: Language;
}

/** A reader looks at so many cards at most; the most severe come first. */
const MAX_CARDS = 10;

const LATE = Symbol('late');

/** What was judged before needs no more than this, however long the hospital's servers took. */
const GRACE_MS = 50;

/** The work goes on when it is late, so that the next question finds its result. */
async function orLate<Value>(work: Promise<Value>, leftMs: number): Promise<Value | typeof LATE> {
  const { promise, resolve } = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => resolve(LATE), Math.max(leftMs, GRACE_MS));
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

const isShown = (alert: Alert, now: Date): boolean =>
  isOpen(alert.status) && alert.suppressedBecause === undefined && !hasExpired(alert, now);

/** The newest first, by name among those of one moment: the same alerts stand in the same order, just raised or stored. */
const byAge = (a: Alert, b: Alert): number =>
  Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? -1 : 1);

const alertCards = (alerts: readonly Alert[], now: Date, context: CardContext): Card[] =>
  withoutStandInAlerts(alerts.filter((alert) => isShown(alert, now)))
    .toSorted(byAge)
    .map((alert) => alertCard(alert, context));

function studyCards({ studies }: PatientPicture, context: CardContext): Card[] {
  const computing = studies.filter(({ state }) => state === 'computing');
  const refused = studies.filter(({ state }) => state === 'not-assessed' || state === 'failed');
  return [
    ...computing.map(({ studyUid }) => computingCard(studyUid, context)),
    ...refused.map((study) => notAssessedCard(study, context)),
  ];
}

const bySeverity = (a: Card, b: Card): number => SEVERITIES.indexOf(b.indicator) - SEVERITIES.indexOf(a.indicator);

/** The first of two cards with one uuid wins: a stored alert before the same one computed again. */
function distinct(cards: readonly Card[]): Card[] {
  const seen = new Map<string, Card>();
  for (const card of cards) if (!seen.has(card.uuid)) seen.set(card.uuid, card);
  return [...seen.values()].sort(bySeverity).slice(0, MAX_CARDS);
}

async function assess(
  gathered: Gathered,
  patientCode: string,
  facilityId: string,
  deps: AnswerDeps,
): Promise<readonly RiskItem[]> {
  const { person, measurements, problems } = gathered;
  const { assessRisk } = deps.ports;
  if (assessRisk === undefined) return [];
  const question = {
    facilityId,
    patientCode,
    ...(person?.sex === undefined ? {} : { sex: person.sex }),
    measurements,
    problems,
    asOf: deps.settings.clock.now(),
  };
  return assessAtBothEnds(question, person?.birthDate, assessRisk);
}

/**
 * Throws `cds-hooks.data-unavailable` (412) when nothing is stored, nothing was prefetched and no server may be asked.
 * What is not ready within the deadline is told as "still computing".
 */
export async function answer(request: HookRequest, asked: Asked, deps: AnswerDeps): Promise<readonly Card[]> {
  const { settings, ports } = deps;
  const { facilityId, language } = asked;
  const started = performance.now();
  const signal = AbortSignal.timeout(settings.deadlineMs);
  const access =
    request.fhirServer === undefined
      ? null
      : {
          server: request.fhirServer,
          ...(request.accessToken === undefined ? {} : { accessToken: request.accessToken }),
        };
  const reader = access === null ? null : openFhirReader(access, settings.fhirServers);
  const now = settings.clock.now();
  const gathering = { reader, patientCodeSystems: settings.patientCodeSystems, signal, asOf: now };
  const gathered = await gather(request, gathering);
  const codes = [...new Set([...(gathered.person?.identifiers ?? []), request.patientId])];
  const patientCode = codes[0] ?? request.patientId;
  const picture = await ports.picture(facilityId, codes);
  const context: CardContext = {
    language,
    publicUrl: settings.publicUrl,
    patientId: request.patientId,
    gaps: gathered.gaps,
    link: settings.explanationLink,
  };
  const stored = [...alertCards(picture.alerts, now, context), ...studyCards(picture, context)];
  if (!gathered.came) {
    const nothingStored = picture.alerts.length === 0 && picture.studies.length === 0;
    if (nothingStored) throw cdsHooksErrors.error('data-unavailable', { field: 'prefetch' });
    return distinct([...stored, ...(gathered.failed ? [dataMissingCard(context)] : [])]);
  }

  const telling = { clock: settings.clock, keepRisks: ports.keepRisks };
  const risks = (async () => {
    const items = await assess(gathered, patientCode, facilityId, deps);
    const policy = await settings.policy(facilityId);
    return tellRisks(items, { facilityId, patientCode, previous: picture.alerts, policy }, telling);
  })();
  const told = await orLate(risks, settings.deadlineMs - (performance.now() - started));
  if (told === LATE) {
    // Its failure, should it come, is nobody's answer any more.
    risks.catch(() => undefined);
    return distinct([...stored, computingCard('risk', context)]);
  }
  const known = new Set(picture.alerts.map(({ id }) => id));
  const alerts = [
    ...picture.alerts.filter(({ id }) => !told.replaced.has(id)),
    ...told.alerts.filter(({ id }) => !known.has(id)),
  ];
  const blind = ports.assessRisk !== undefined && !told.judged && context.gaps.length > 0;
  return distinct([
    ...alertCards(alerts, now, context),
    ...studyCards(picture, context),
    ...told.open.map((item) => openRiskCard(item, context)),
    ...(blind ? [dataMissingCard(context)] : []),
  ]);
}
