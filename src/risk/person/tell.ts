// Tells what was decided about a person's risks: assessments, alerts, silences and fallen alerts are stored before anybody is shown them. Every
// door tells here, so that all of them know the readers' load and the same alerts.
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Clock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import { momentOf } from '#terminology/moment.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { RiskSubject } from '#kernel/risk-subject.ts';
import type { Told } from '#kernel/told.ts';
import { type AlertLoad, type LoadStore, ruleOfKey, withLoad } from '#alerts/decide/reader-load.ts';
import { type AlertEvent, isOpen } from '#alerts/lifecycle/lifecycle.ts';
import { supersededEvent } from '#alerts/lifecycle/superseded.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import { type Decided, type DecidedRisk, decideRisks } from './decide.ts';
import { assessmentOf } from './assessment.ts';
import type { RiskItem } from './risk-item.ts';

/** The subset of a facility's store that is needed; its own types fit. */
export interface RiskStore {
  readonly assessments: {
    append(
      assessments: readonly Assessment[],
      also: { readonly told: readonly Told[]; readonly actor: string },
    ): Promise<{ readonly alertIds: readonly Uuid[] }>;
    get(id: Uuid): Promise<Assessment | undefined>;
  };
  readonly alerts: {
    currentOf(patientCode: string, limit: number): Promise<readonly Alert[]>;
    record(
      event: AlertEvent,
      options: { readonly from: AlertStatus; readonly outbox: readonly OutgoingMessage[] },
    ): Promise<Alert>;
  } & LoadStore['alerts'];
  readonly riskSubjects: {
    keep(patientCode: string, door: string, subject: RiskSubject): Promise<void>;
  };
  /** The number that holds for this one. */
  readonly persons: { survivor(patientCode: string): Promise<string> };
}

/** To other systems about an alert; written in the same transaction. */
export interface RiskMessages {
  raised(alert: Alert): readonly OutgoingMessage[];
  /** Systems follow, people are not told again. */
  restated(alert: Alert): readonly OutgoingMessage[];
  changed(alert: Alert, event: AlertEvent): readonly OutgoingMessage[];
}

export interface TellDeps {
  readonly clock: Clock;
  readonly messages: RiskMessages;
  readonly facility: (id: string) => Promise<RiskStore>;
}

export interface Telling {
  readonly facilityId: string;
  readonly patientCode: string;
  readonly policy: AlertPolicy;
  readonly actor: string;
  /** Where the facts came from: values in a request, or values that the store keeps. */
  readonly facts: 'request' | 'store';
  /** All facts of that source came: what is not among them is gone. */
  readonly complete: boolean;
  /** A physician has opened the chart and asks: rate cap and budget, which bound what is pushed, keep nothing back. */
  readonly asked?: true;
  /** What was stated of the person beside the values, so that the risks can be judged again when a stored value changes. */
  readonly subject?: RiskSubject;
  /** Results that are kept in the series and sent to no receiver. */
  readonly alsoKept?: readonly Assessment[];
}

export interface ToldRisks extends Decided {
  /** Alerts that were raised now. */
  readonly alerts: readonly Alert[];
  /** Stored alerts that no longer stand: replaced or fallen. */
  readonly replaced: ReadonlySet<string>;
}

const MOST_ALERTS = 100;
const MOST_REMEMBERED = 20_000;

/** A flag without its result (another source of risks) is kept as it is told. */
const keptOf = ({ flag, from }: DecidedRisk, patientId: string, at: Date): Assessment =>
  from === undefined
    ? {
        id: flag.sourceId,
        patientId,
        equationId: flag.equationId,
        outcome: 'assessed',
        ...(flag.risk === undefined ? {} : { value: flag.risk }),
        ...(flag.category === undefined ? {} : { category: flag.category.code }),
        inputs: {},
        result: {},
        provenance: flag.provenance,
        assessedAt: at.toISOString(),
      }
    : assessmentOf(from, patientId, at.toISOString());

interface Known {
  readonly to: RiskStore;
  /** Alerts of the person that are there already. */
  readonly previous: readonly Alert[];
}

/** The receivers of the alert that makes room hear that it is over. */
function endOf(
  { supersedes, alert }: DecidedRisk['decision'] & { readonly kind: 'alert' },
  previous: readonly Alert[],
  { clock, messages }: TellDeps,
): readonly OutgoingMessage[] {
  const old = previous.find(({ id }) => id === supersedes);
  if (old === undefined || !isOpen(old.status)) return [];
  const event = supersededEvent(old, alert.id, clock.now());
  return messages.changed({ ...old, status: event.to ?? old.status }, event);
}

function toldOf({ flag, decision }: DecidedRisk, previous: readonly Alert[], deps: TellDeps): Told {
  if (decision.kind === 'silence') return { kind: 'silence', sourceId: flag.sourceId, reason: decision.reason };
  const { alert, supersedes, restated } = decision;
  const say = restated === true ? deps.messages.restated : deps.messages.raised;
  return {
    kind: 'alert',
    alert,
    ...(supersedes === undefined ? {} : { supersedes }),
    outbox: [...endOf(decision, previous, deps), ...say(alert)],
  };
}

/** Values of HL7, claim files and HisPro are stored; all others came in a request. */
const STORED_SOURCE = /"source":"(hl7v2|xml130|HisPro)/;

const cameInRequest = ({ inputs }: Assessment): boolean => !STORED_SOURCE.test(JSON.stringify(inputs));

/** When the newest value was taken; -Infinity where no value says it. */
function newestOf(inputs: Assessment['inputs']): number {
  const times = [...JSON.stringify(inputs).matchAll(/"time":"([^"]+)"/g)].map(([, time = '']) => momentOf(time));
  return Math.max(...times.filter((time) => !Number.isNaN(time)));
}

/** What an alert's own values say about it. A kept assessment never changes, so this is read once. */
interface Basis {
  readonly cameInRequest: boolean;
  readonly newest: number;
}

type BasisOf = (alert: Alert) => Promise<Basis | undefined>;

/** `remembered`: by facility and assessment. */
const basisIn =
  (store: RiskStore, facilityId: string, remembered: Map<string, Basis>): BasisOf =>
  async ({ sourceId }) => {
    const key = `${facilityId} ${sourceId}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const assessment = await store.assessments.get(sourceId);
    if (assessment === undefined) return undefined;
    const basis = { cameInRequest: cameInRequest(assessment), newest: newestOf(assessment.inputs) };
    if (remembered.size > MOST_REMEMBERED) remembered.clear();
    remembered.set(key, basis);
    return basis;
  };

const ruleOfItem = (item: RiskItem): string | undefined => {
  const result = item.kind === 'assessed' || item.kind === 'interval' ? item.from : undefined;
  return result === undefined ? undefined : `risk/${result.equationId}`;
};

/** Each door knows its own values: older ones refute no alert that newer values of another source have raised. */
async function withoutOlder(
  items: readonly RiskItem[],
  previous: readonly Alert[],
  { facts }: Telling,
  basisOf: BasisOf,
): Promise<readonly RiskItem[]> {
  const newest = new Map<string, number>();
  for (const alert of previous.filter(({ status }) => isOpen(status))) {
    const rule = ruleOfKey(alert.dedupKey);
    if (!items.some((item) => ruleOfItem(item) === rule)) continue;
    const basis = await basisOf(alert);
    if (basis !== undefined && basis.cameInRequest !== (facts === 'request')) newest.set(rule, basis.newest);
  }
  if (newest.size === 0) return items;
  return items.filter((item) => {
    const result = item.kind === 'assessed' || item.kind === 'interval' ? item.from : undefined;
    const stands = newest.get(ruleOfItem(item) ?? '');
    if (result === undefined || stands === undefined) return true;
    return newestOf({ inputs: result.inputs }) >= stands;
  });
}

const lacksInputs = (items: readonly RiskItem[], { dedupKey }: Alert): boolean =>
  items.some(
    (item) =>
      item.kind === 'not-assessed' && item.because !== 'person' && `risk/${item.equationId}` === ruleOfKey(dedupKey),
  );

/** Alerts whose values came from this source of facts, which now came whole without them. */
async function goneAlerts(
  items: readonly RiskItem[],
  previous: readonly Alert[],
  telling: Telling,
  basisOf: BasisOf,
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  if (!telling.complete) return gone;
  for (const alert of previous.filter((one) => isOpen(one.status) && lacksInputs(items, one))) {
    const basis = await basisOf(alert);
    if (basis !== undefined && basis.cameInRequest === (telling.facts === 'request')) gone.add(alert.id);
  }
  return gone;
}

async function keep(
  decided: Decided,
  { patientCode, actor, alsoKept = [] }: Telling,
  { to, previous }: Known,
  deps: TellDeps,
): Promise<void> {
  const at = deps.clock.now();
  const assessments = [...decided.told.map((one) => keptOf(one, patientCode, at)), ...alsoKept];
  if (assessments.length > 0) {
    await to.assessments.append(assessments, {
      told: decided.told.map((one) => toldOf(one, previous, deps)),
      actor,
    });
  }
}

/** An alert that somebody answered in between keeps the answer. */
async function letFall({ fallen }: Decided, previous: readonly Alert[], to: RiskStore, deps: TellDeps): Promise<void> {
  const before = new Map(previous.map((alert) => [alert.id, alert.status]));
  for (const { alert, event } of fallen) {
    const from = before.get(alert.id);
    if (from === undefined) continue;
    await to.alerts.record(event, { from, outbox: deps.messages.changed(alert, event) }).catch((thrown: unknown) => {
      if (!(thrown instanceof CareError && thrown.code === 'store.alert-changed')) throw thrown;
    });
  }
}

const raisedIn = ({ told }: Decided): readonly Alert[] =>
  told.flatMap(({ decision }) => (decision.kind === 'alert' ? [decision.alert] : []));

function toldRisks(decided: Decided): ToldRisks {
  const superseded = decided.told.flatMap(({ decision }) =>
    decision.kind === 'alert' && decision.supersedes !== undefined ? [decision.supersedes] : [],
  );
  const fallen = decided.fallen.map(({ alert }) => alert.id);
  return { ...decided, alerts: raisedIn(decided), replaced: new Set([...superseded, ...fallen]) };
}

export type TellRisks = (
  items: readonly RiskItem[],
  telling: Telling,
  previous?: readonly Alert[],
) => Promise<ToldRisks>;

/** Remembers what it stored, because a chart that is opened again asks the same and must not cost another commit. */
export function createTeller(deps: TellDeps): TellRisks {
  const stored = new Set<string>();
  const subjects = new Map<string, string>();
  const bases = new Map<string, Basis>();
  const keyOf = ({ facilityId }: Telling, { flag }: DecidedRisk): string => `${facilityId} ${flag.sourceId}`;

  /** Only of whom something was told: of the others nothing can fall. */
  async function keepSubject(
    { facilityId, patientCode, actor, subject }: Telling,
    told: ToldRisks,
    { to, previous }: Known,
  ): Promise<void> {
    const wasTold = told.alerts.length > 0 || previous.some(({ dedupKey }) => dedupKey.startsWith('risk/'));
    if (subject === undefined || !wasTold) return;
    const key = `${facilityId} ${actor} ${patientCode}`;
    const stated = JSON.stringify(subject);
    if (subjects.get(key) === stated) return;
    await to.riskSubjects.keep(patientCode, actor, subject);
    if (subjects.size > MOST_REMEMBERED) subjects.clear();
    subjects.set(key, stated);
  }

  async function tellOnce(
    all: readonly RiskItem[],
    telling: Telling,
    known: readonly Alert[] | undefined,
  ): Promise<ToldRisks> {
    const { facilityId, patientCode, policy } = telling;
    const to = await deps.facility(facilityId);
    const list = () => to.alerts.currentOf(patientCode, MOST_ALERTS);
    const previous = known ?? (await list());
    const basisOf = basisIn(to, facilityId, bases);
    const items = await withoutOlder(all, previous, telling, basisOf);
    const gone = await goneAlerts(items, previous, telling, basisOf);
    const first = decideRisks(items, { patientCode, previous, policy, now: deps.clock.now(), gone });
    const isNew = first.told.some((one) => !stored.has(keyOf(telling, one)));
    if (isNew || raisedIn(first).length > 0) {
      const survivor = await to.persons.survivor(patientCode);
      if (survivor !== patientCode) return tellOnce(all, { ...telling, patientCode: survivor }, undefined);
    }
    await letFall(first, previous, to, deps);
    if (raisedIn(first).length === 0) {
      // The readers' load decides about alerts only.
      if (isNew || (telling.alsoKept ?? []).length > 0) await keep(first, telling, { to, previous }, deps);
      await keepSubject(telling, toldRisks(first), { to, previous });
      return toldRisks(first);
    }
    const decide = async (moment: { readonly now: Date; readonly load?: AlertLoad }): Promise<ToldRisks> => {
      const standing = await list();
      const decided = decideRisks(items, { patientCode, previous: standing, policy, gone, ...moment });
      await keep(decided, telling, { to, previous: standing }, deps);
      return {
        ...toldRisks(decided),
        replaced: new Set([...toldRisks(first).replaced, ...toldRisks(decided).replaced]),
      };
    };
    const told =
      telling.asked === true
        ? await to.alerts.turn(() => decide({ now: deps.clock.now() }))
        : await withLoad(to, { clock: deps.clock, policy }, decide);
    await keepSubject(telling, told, { to, previous });
    return told;
  }

  return async (items, telling, previous) => {
    const told = await tellOnce(items, telling, previous).catch((thrown: unknown) => {
      // Another judgement of the same person came in between: decided once more, on what stands now.
      if (thrown instanceof CareError && thrown.code === 'store.alert-changed')
        return tellOnce(items, telling, undefined);
      throw thrown;
    });
    if (stored.size > MOST_REMEMBERED) stored.clear();
    for (const one of told.told) stored.add(keyOf(telling, one));
    return told;
  };
}
