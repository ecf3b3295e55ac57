// A checked hook request becomes cards: from stored results first, risks from what the request brought, and never a silent gap.
import { SEVERITIES, type Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { decideRisk, riskSeverity, type RiskFlag } from '#alerts/decide-risk.ts';
import { hasExpired, isOpen } from '#alerts/lifecycle.ts';
import type { AlertPolicy } from '#alerts/policy.ts';
import { say } from '#messages/say.ts';
import type { Card } from './card.ts';
import { alertCard, computingCard, dataMissingCard, notAssessedCard, openRiskCard, type CardContext } from './cards.ts';
import { between, birthDateEnds } from './birth-date.ts';
import { cdsHooksErrors } from './errors.ts';
import { openFhirReader } from './fhir-reader.ts';
import { gather, type Gathered } from './gather.ts';
import type { CdsHooksPorts, CdsHooksSettings, PatientPicture, RiskItem, RiskTold } from './ports.ts';
import type { HookRequest } from './request.ts';

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

interface RiskCards {
  readonly alerts: readonly Alert[];
  /** Stored alerts that these replace. */
  readonly replaced: ReadonlySet<string>;
  readonly open: readonly (RiskItem & { kind: 'interval' })[];
  /** Anything at all was judged. */
  readonly judged: boolean;
}

interface RiskContext {
  readonly facilityId: string;
  readonly patientCode: string;
  readonly picture: PatientPicture;
  readonly policy: AlertPolicy;
}

/** An interval whose two ends mean the same to the ward is as good as settled: told as a range, judged by what is certain. */
const settled = ({ lower, upper }: RiskItem & { kind: 'interval' }): RiskFlag => ({
  ...lower,
  result: {
    vi: say('vi', 'cds-hooks.open-risk.range', { lower: lower.result.vi, upper: upper.result.vi }),
    en: say('en', 'cds-hooks.open-risk.range', { lower: lower.result.en, upper: upper.result.en }),
  },
});

/** Decides on each risk, keeps what was told before it is shown, and leaves open what missing inputs leave open. */
async function tellRisks(items: readonly RiskItem[], context: RiskContext, deps: AnswerDeps): Promise<RiskCards> {
  const { facilityId, patientCode, picture, policy } = context;
  const told: RiskTold[] = [];
  const open: (RiskItem & { kind: 'interval' })[] = [];
  for (const item of items) {
    if (item.kind === 'not-assessed') continue;
    if (item.kind === 'interval' && riskSeverity(item.lower, policy) !== riskSeverity(item.upper, policy)) {
      open.push(item);
      continue;
    }
    const flag = item.kind === 'assessed' ? item.flag : settled(item);
    const decision = decideRisk(
      flag,
      {
        now: deps.settings.clock.now(),
        subject: { patientCode },
        previous: picture.alerts,
      },
      policy,
    );
    told.push({ flag, decision, ...(item.record === undefined ? {} : { record: item.record }) });
  }
  if (told.length > 0) await deps.ports.keepRisks?.(facilityId, patientCode, told);
  const alerts = told.flatMap(({ decision }) => (decision.kind === 'alert' ? [decision.alert] : []));
  const replaced = told.flatMap(({ decision }) =>
    decision.kind === 'alert' && decision.supersedes !== undefined ? [decision.supersedes] : [],
  );
  return { alerts, replaced: new Set(replaced), open, judged: told.length + open.length > 0 };
}

const LATE = Symbol('late');

/** The work goes on when it is late, so that the next question finds its result. */
async function orLate<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | typeof LATE> {
  if (signal.aborted) return LATE;
  const { promise, resolve } = Promise.withResolvers<typeof LATE>();
  const late = (): void => resolve(LATE);
  signal.addEventListener('abort', late, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', late);
  }
}

const isShown = (alert: Alert, now: Date): boolean =>
  isOpen(alert.status) && alert.suppressedBecause === undefined && !hasExpired(alert, now);

function storedCards(picture: PatientPicture, now: Date, context: CardContext): Card[] {
  const computing = picture.studies.filter(({ state }) => state === 'computing');
  const refused = picture.studies.filter(({ state }) => state === 'not-assessed' || state === 'failed');
  return [
    ...picture.alerts.filter((alert) => isShown(alert, now)).map((alert) => alertCard(alert, context)),
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
  const [first, last] = birthDateEnds(person?.birthDate);
  if (first === undefined) return assessRisk(question);
  const oldest = await assessRisk({ ...question, birthDate: first });
  if (last === undefined) return oldest;
  return between(oldest, await assessRisk({ ...question, birthDate: last }));
}

/**
 * Throws `cds-hooks.data-unavailable` (412) when nothing is stored, nothing was prefetched and no server may be asked.
 * What is not ready within the deadline is told as "still computing".
 */
export async function answer(request: HookRequest, asked: Asked, deps: AnswerDeps): Promise<readonly Card[]> {
  const { settings, ports } = deps;
  const { facilityId, language } = asked;
  const signal = AbortSignal.timeout(settings.deadlineMs);
  const access =
    request.fhirServer === undefined
      ? null
      : {
          server: request.fhirServer,
          ...(request.accessToken === undefined ? {} : { accessToken: request.accessToken }),
        };
  const reader = access === null ? null : openFhirReader(access, settings.fhirServers);
  const gathered = await gather(request, { reader, patientCodeSystems: settings.patientCodeSystems, signal });
  const codes = [...new Set([...(gathered.person?.identifiers ?? []), request.patientId])];
  const patientCode = codes[0] ?? request.patientId;
  const picture = await ports.picture(facilityId, codes);
  const context: CardContext = {
    language,
    publicUrl: settings.publicUrl,
    patientId: request.patientId,
    gaps: gathered.gaps(language),
    link: settings.explanationLink,
  };
  const now = settings.clock.now();
  const stored = storedCards(picture, now, context);
  if (!gathered.came) {
    const nothingStored = picture.alerts.length === 0 && picture.studies.length === 0;
    if (nothingStored) throw cdsHooksErrors.error('data-unavailable', { field: 'prefetch' });
    return distinct(stored);
  }

  const risks = (async () => {
    const items = await assess(gathered, patientCode, facilityId, deps);
    const policy = await settings.policy(facilityId);
    return tellRisks(items, { facilityId, patientCode, picture, policy }, deps);
  })();
  const told = await orLate(risks, signal);
  if (told === LATE) {
    // Its failure, should it come, is nobody's answer any more.
    risks.catch(() => undefined);
    return distinct([...stored, computingCard('risk', context)]);
  }
  const computed = [
    ...told.alerts.filter((alert) => isShown(alert, now)).map((alert) => alertCard(alert, context)),
    ...told.open.map((item) => openRiskCard(item, context)),
  ];
  const blind = ports.assessRisk !== undefined && !told.judged && context.gaps.length > 0;
  const current = stored.filter(({ uuid }) => !told.replaced.has(uuid));
  return distinct([...current, ...computed, ...(blind ? [dataMissingCard(context)] : [])]);
}
