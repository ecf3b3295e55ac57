// A checked hook request becomes cards: from stored results first, risks from what the request brought, and never a silent gap.
import type { RiskItem } from '#risk/person/risk-item.ts';
import { SEVERITIES, type Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { RiskSubject } from '#kernel/risk-subject.ts';
import { withStated } from '#risk/person/conditions.ts';
import { hasExpired, isOpen } from '#alerts/lifecycle/lifecycle.ts';
import { LATE, orLate } from '#http/deadline.ts';
import { withoutStandInAlerts } from '#risk/person/stand-ins.ts';
import type { Card } from './card.ts';
import {
  alertCard,
  computingCard,
  dataMissingCard,
  notAssessedCard,
  openRiskCard,
  withheldCard,
  type CardContext,
} from './cards.ts';
import { cdsHooksErrors } from '#interop/cds-hooks/errors.ts';
import { openFhirReader } from '#interop/cds-hooks/request/fhir-reader.ts';
import { gather, type Gathered } from '#interop/cds-hooks/request/gather.ts';
import type { CdsHooksPorts, CdsHooksSettings, PatientPicture } from '#interop/cds-hooks/ports.ts';
import type { HookRequest } from '#interop/cds-hooks/request/request.ts';
import type { ToldRisks } from '#risk/person/tell.ts';

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

/** Answered alerts stay in the comparison: otherwise answering the chart's alert would reveal the one of its stand-in. */
const isSpoken = (alert: Alert, now: Date): boolean => alert.suppressedBecause === undefined && !hasExpired(alert, now);

/** The newest first, by name among those of one moment: the same alerts stand in the same order, just raised or stored. */
const byAge = (a: Alert, b: Alert): number =>
  Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? -1 : 1);

function storedCards({ alerts, studies }: PatientPicture, now: Date, context: CardContext): Card[] {
  const computing = studies.filter(({ state }) => state === 'computing');
  const refused = studies.filter(({ state }) => state === 'not-assessed' || state === 'failed');
  const spoken = withoutStandInAlerts(alerts.filter((alert) => isSpoken(alert, now)));
  const shown = spoken.filter(({ status }) => isOpen(status)).toSorted(byAge);
  return [
    ...shown.map((alert) => alertCard(alert, context)),
    ...computing.map(({ studyUid }) => computingCard(studyUid, context)),
    ...refused.map((study) => notAssessedCard(study, context)),
  ];
}

const contextOf = (
  { patientId }: HookRequest,
  { language }: Asked,
  { settings, gathered }: { settings: CdsHooksSettings; gathered: Gathered },
): CardContext => ({
  language,
  publicUrl: settings.publicUrl,
  patientId,
  gaps: gathered.gaps,
  link: settings.explanationLink,
});

const bySeverity = (a: Card, b: Card): number => SEVERITIES.indexOf(b.indicator) - SEVERITIES.indexOf(a.indicator);

/** The first of two cards with one uuid wins: a stored alert before the same one computed again. */
function distinct(cards: readonly Card[]): Card[] {
  const seen = new Map<string, Card>();
  for (const card of cards) if (!seen.has(card.uuid)) seen.set(card.uuid, card);
  return [...seen.values()].sort(bySeverity).slice(0, MAX_CARDS);
}

const subjectOf = ({ person, conditions }: Gathered): RiskSubject => ({
  ...(person?.sex === undefined ? {} : { sex: person.sex }),
  ...(person?.birthDate === undefined ? {} : { birthDate: person.birthDate }),
  conditions,
});

interface Person {
  readonly facilityId: string;
  readonly patientCode: string;
}

async function assess(
  gathered: Gathered,
  { facilityId, patientCode, diagnoses = [] }: Pick<PatientPicture, 'diagnoses'> & Person,
  { ports, settings }: AnswerDeps,
): Promise<readonly RiskItem[]> {
  if (ports.assessRisk === undefined) return [];
  return ports.assessRisk({
    facilityId,
    patientCode,
    ...subjectOf(gathered),
    conditions: withStated(gathered.conditions, diagnoses),
    measurements: gathered.measurements,
    asOf: settings.clock.now(),
  });
}

const NOTHING_TOLD: Pick<ToldRisks, 'alerts' | 'replaced' | 'open' | 'withheld' | 'results' | 'unusable' | 'judged'> = {
  alerts: [],
  replaced: new Set(),
  open: [],
  withheld: [],
  results: new Map(),
  unusable: [],
  judged: false,
};

/** How long a FHIR server may take behind an answer that was given without it. */
const READ_MS = 5_000;

const patientCodes = ({ person }: Gathered, { patientId }: HookRequest): readonly [string, ...string[]] => {
  const [first = patientId, ...rest] = new Set([...(person?.identifiers ?? []), patientId]);
  return [first, ...rest];
};

function readerOf({ fhirServer, accessToken }: HookRequest, { fhirServers }: CdsHooksSettings) {
  if (fhirServer === undefined) return null;
  return openFhirReader({ server: fhirServer, ...(accessToken === undefined ? {} : { accessToken }) }, fhirServers);
}

/** Everything that can be known, however long it takes. Throws `cds-hooks.data-unavailable`. */
async function wholeAnswer(request: HookRequest, asked: Asked, deps: AnswerDeps): Promise<readonly Card[]> {
  const { settings, ports } = deps;
  const { facilityId } = asked;
  const now = settings.clock.now();
  const gathered = await gather(request, {
    reader: readerOf(request, settings),
    patientCodeSystems: settings.patientCodeSystems,
    signal: AbortSignal.timeout(READ_MS),
    asOf: now,
  });
  const codes = patientCodes(gathered, request);
  const picture = await ports.picture(facilityId, codes);
  const context = contextOf(request, asked, { settings, gathered });
  if (!gathered.came) {
    const nothingStored = picture.alerts.length === 0 && picture.studies.length === 0;
    if (nothingStored) throw cdsHooksErrors.error('data-unavailable', { field: 'prefetch' });
    return distinct([
      ...storedCards(picture, now, { ...context, gaps: [] }),
      ...(gathered.failed ? [dataMissingCard(context)] : []),
    ]);
  }
  const [patientCode] = codes;
  const items = await assess(gathered, { ...picture, facilityId, patientCode }, deps);
  const telling = {
    facilityId,
    patientCode,
    policy: await settings.policy(facilityId),
    actor: 'cds-hooks',
    facts: 'request',
    asked: true,
    complete: gathered.complete,
    // Half a list of diagnoses would be taken for the whole.
    ...(gathered.complete ? { subject: subjectOf(gathered) } : {}),
  } as const;
  const told = (await ports.tell?.(items, telling, picture.alerts)) ?? NOTHING_TOLD;
  const known = new Set(picture.alerts.map(({ id }) => id));
  const alerts = [
    ...picture.alerts.filter(({ id }) => !told.replaced.has(id)),
    ...told.alerts.filter(({ id }) => !known.has(id)),
  ];
  const judged = { ...context, gaps: [...context.gaps, ...told.unusable], results: told.results };
  const blind = ports.assessRisk !== undefined && !told.judged && judged.gaps.length > 0;
  return distinct([
    ...storedCards({ ...picture, alerts }, now, judged),
    ...told.open.map((item) => openRiskCard(item, judged)),
    ...told.withheld.map((item) => withheldCard(item, judged)),
    ...(blind ? [dataMissingCard(judged)] : []),
  ]);
}

/** What is stored, found with what the request itself says of the patient; the rest is on its way. */
async function earlyAnswer(
  request: HookRequest,
  asked: Asked,
  { settings, ports }: AnswerDeps,
): Promise<readonly Card[]> {
  const now = settings.clock.now();
  const { patientCodeSystems } = settings;
  const signal = AbortSignal.timeout(READ_MS);
  const gathered = await gather(request, { reader: null, patientCodeSystems, signal, asOf: now });
  const context = contextOf(request, asked, { settings, gathered });
  const picture = await ports.picture(asked.facilityId, patientCodes(gathered, request));
  return distinct([...storedCards(picture, now, { ...context, gaps: [] }), computingCard('risk', context)]);
}

/**
 * Throws `cds-hooks.data-unavailable` (412) when nothing is stored, nothing was prefetched and no server may be asked.
 * What is not ready within the deadline is told as "still computing", and kept for the next question.
 */
export async function answer(request: HookRequest, asked: Asked, deps: AnswerDeps): Promise<readonly Card[]> {
  const whole = wholeAnswer(request, asked, deps);
  const cards = await orLate(whole, deps.settings.deadlineMs);
  if (cards !== LATE) return cards;
  // Already answered: a late error is ignored.
  whole.catch(() => undefined);
  return earlyAnswer(request, asked, deps);
}
