// History against a policy before it is switched on: the same `raise` as at run time, and what it would have told, hit, missed and kept silent.
import type { Alert, Severity } from '#kernel/alert.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { AlertCandidate } from '#alerts/decide/candidate.ts';
import { hasExpired } from '#alerts/lifecycle/lifecycle.ts';
import type { HistoryRow } from '#alerts/decide/history.ts';
import { interrupts, type AlertPolicy } from '#alerts/policy/policy.ts';
import { raise, type AlertDecision } from '#alerts/decide/raise.ts';
import { rollingLoad } from '#alerts/decide/rolling-load.ts';
import { share } from '#research/statistics/share.ts';
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';
import { speakersOf } from '#alerts/decide/speakers.ts';

type HistoryFinding = HistoryRow['findings'][number];

export interface SuppressedCase {
  /** Position in the history as it was given, from 1. */
  readonly row: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly probability: number;
  readonly because: string;
  /** True: a case that the policy would have kept from a reader. Null: unknown. */
  readonly present: boolean | null;
}

export interface RuleFigures {
  readonly rule: string;
  readonly raised: number;
  readonly suppressed: number;
  readonly ppv: IntervalEstimate;
}

export interface Simulation {
  readonly policy: string;
  readonly rows: number;
  readonly patients: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly raised: number;
  readonly interruptive: number;
  readonly suppressed: number;
  readonly interruptivePer100Patients: Readonly<Record<string, number>>;
  /** Of the alerts whose truth is known. */
  readonly ppv: IntervalEstimate;
  readonly interruptivePpv: IntervalEstimate;
  /** Of the rows in which something is truly there: told at all, and told by interrupting. */
  readonly sensitivity: IntervalEstimate;
  readonly interruptiveSensitivity: IntervalEstimate;
  readonly rules: readonly RuleFigures[];
  readonly silences: Readonly<Record<string, number>>;
  readonly suppressions: Readonly<Record<string, number>>;
  readonly suppressedCases: readonly SuppressedCase[];
}

const NOWHERE: Provenance = Object.freeze({
  inputSha256: '',
  pipelineVersion: 'simulation',
  modelId: 'history',
  modelVersion: '',
  modelSha256: '',
  provider: '',
  precision: '',
  calibrationVersion: '',
  thresholdVersion: '',
});

/** The same choice as at run time, of a reading's findings or of risks. */
const toldOf = ({ findings, orderedBy }: HistoryRow, policy: AlertPolicy): readonly HistoryFinding[] =>
  speakersOf(
    findings.filter(({ positive }) => positive).map((finding) => ({ ...finding, ruleId: finding.rule })),
    policy,
    orderedBy,
  );

function candidateOf(row: HistoryRow, number: number, told: readonly HistoryFinding[]): AlertCandidate | null {
  const [lead] = told;
  if (lead === undefined) return null;
  const words = { vi: lead.rule, en: lead.rule };
  const about =
    row.study === undefined
      ? { kind: 'patient' as const, id: row.patient, subKey: lead.rule.split('/')[1] ?? '' }
      : { kind: 'study' as const, id: row.study, subKey: 'findings' };
  return {
    ruleId: lead.rule,
    facilityId: 'simulation',
    about,
    severity: lead.severity,
    probability: lead.probability,
    summary: words,
    detail: words,
    evidence: told.map(({ rule, probability }) => ({ code: rule, text: words, value: probability })),
    facts: told.length,
    limitations: [],
    sourceId: derivedUuid('simulation', String(number)),
    provenance: NOWHERE,
  };
}

/** True or false where the truth of at least one of these is known. */
function truthOf(findings: readonly HistoryFinding[]): boolean | null {
  const known = findings.flatMap(({ present }) => (present === undefined ? [] : [present]));
  return known.length === 0 ? null : known.includes(true);
}

interface NumberedRow {
  readonly row: HistoryRow;
  readonly number: number;
}

interface Replayed extends NumberedRow {
  readonly told: readonly HistoryFinding[];
  readonly decision: AlertDecision;
}

function* replayed(history: readonly NumberedRow[], policy: AlertPolicy): Generator<Replayed> {
  const load = rollingLoad(policy);
  const alertsOf = new Map<string, Alert[]>();
  for (const { row, number } of history) {
    const now = new Date(row.at);
    load.patientSeen(row.patient, now);
    const told = toldOf(row, policy);
    const candidate = candidateOf(row, number, told);
    if (candidate === null) continue;
    const previous = (alertsOf.get(row.patient) ?? []).map((alert) =>
      hasExpired(alert, now) ? { ...alert, status: 'expired' as const } : alert,
    );
    const context = {
      now,
      subject: { patientCode: row.patient },
      previous,
      load: load.now(now),
      ...(row.orderedBy === undefined ? {} : { orderedBy: row.orderedBy }),
      ...(row.roles === undefined ? {} : { audience: { roles: row.roles } }),
    };
    const decision = raise(candidate, context, policy);
    if (decision.kind === 'alert') {
      const { alert, supersedes } = decision;
      load.raised(alert);
      const rest = previous.map((old) => (old.id === supersedes ? { ...old, status: 'resolved' as const } : old));
      alertsOf.set(row.patient, [...rest, alert]);
    }
    yield { row, number, told, decision };
  }
}

const isTold = ({ decision }: Replayed): boolean =>
  decision.kind === 'alert' && decision.alert.suppressedBecause === undefined;

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function precision(alerts: readonly Replayed[]): IntervalEstimate {
  const truths = alerts.map(({ told }) => truthOf(told)).filter((truth) => truth !== null);
  return share(truths.filter(Boolean).length, truths.length);
}

function ruleFigures(all: readonly Replayed[]): RuleFigures[] {
  const rules = Map.groupBy(all, ({ told }) => told[0]?.rule ?? '');
  return [...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, cases]) => ({
      rule,
      raised: cases.filter(isTold).length,
      suppressed: cases.filter((one) => one.decision.kind === 'alert' && !isTold(one)).length,
      ppv: precision(cases.filter(isTold)),
    }));
}

function suppressedCase({ decision, told, number }: Replayed): SuppressedCase[] {
  if (decision.kind !== 'alert' || decision.alert.suppressedBecause === undefined) return [];
  const [lead] = told;
  return [
    {
      row: number,
      rule: lead?.rule ?? '',
      severity: decision.alert.severity,
      probability: lead?.probability ?? 0,
      because: decision.alert.suppressedBecause.code,
      present: truthOf(told),
    },
  ];
}

/** Replays in the order of time. The simulation has no answers: alerts stay open until they expire. */
export function simulate(history: readonly HistoryRow[], policy: AlertPolicy): Simulation {
  const numbered = history
    .map((row, index) => ({ row, number: index + 1, atMs: Date.parse(row.at) }))
    .sort((a, b) => a.atMs - b.atMs);
  const rows = numbered.map(({ row }) => row);
  const all = [...replayed(numbered, policy)];
  const told = all.filter(isTold);
  const interruptive = told.filter(
    ({ decision }) => decision.kind === 'alert' && interrupts(decision.alert.severity, policy),
  );
  const patients = new Set(rows.map(({ patient }) => patient)).size;
  const truly = new Set(rows.filter(({ findings }) => truthOf(findings) === true));
  const among = (cases: readonly Replayed[]): IntervalEstimate =>
    share(cases.filter(({ row }) => truly.has(row)).length, truly.size);
  const roles = interruptive.flatMap(({ decision }) =>
    decision.kind === 'alert' ? decision.alert.audience.roles : [],
  );
  const suppressedCases = all.flatMap(suppressedCase);
  return {
    policy: policy.version,
    rows: rows.length,
    patients,
    from: rows[0]?.at ?? null,
    to: rows.at(-1)?.at ?? null,
    raised: told.length,
    interruptive: interruptive.length,
    suppressed: suppressedCases.length,
    interruptivePer100Patients: Object.fromEntries(
      Object.entries(countBy(roles)).map(([role, count]) => [role, (100 * count) / patients]),
    ),
    ppv: precision(told),
    interruptivePpv: precision(interruptive),
    sensitivity: among(told),
    interruptiveSensitivity: among(interruptive),
    rules: ruleFigures(all),
    silences: countBy(all.flatMap(({ decision }) => (decision.kind === 'silence' ? [decision.reason.code] : []))),
    suppressions: countBy(suppressedCases.map(({ because }) => because)),
    suppressedCases,
  };
}
