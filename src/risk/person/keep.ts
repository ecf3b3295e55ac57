// Results of one person come in; they are kept as a series, and what the ward wants to be told of is decided, in one transaction.
import type { Alert } from '#kernel/alert.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Told } from '#kernel/told.ts';
import type { Clock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { AlertContext } from '#alerts/decide/candidate.ts';
import { decideRisk } from '#alerts/decide/decide-risk.ts';
import { type LoadStore, withLoad } from '#alerts/decide/reader-load.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { EquationResult } from '#risk/assess/result.ts';
import { fitsVietNam, flagOf, headlineOf, shareOf } from './flag.ts';

/** What the series needs of the store; its own types fit. */
export interface RiskStore {
  readonly assessments: {
    append(
      assessments: readonly Assessment[],
      also: { readonly told: readonly Told[]; readonly actor: string },
    ): Promise<{ readonly alertIds: readonly Uuid[] }>;
    ofPatient(
      patientId: string,
      filter: { readonly equationId?: string; readonly since?: string; readonly limit?: number },
    ): Promise<readonly Assessment[]>;
  };
  readonly alerts: {
    list(filter: {
      readonly patientCode: string;
      readonly include: readonly ('suppressed' | 'superseded')[];
    }): Promise<readonly Alert[]>;
  } & LoadStore['alerts'];
}

export interface KeepDeps {
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  /** To other systems about a new alert; written in the same transaction. */
  readonly messagesFor: (alert: Alert) => readonly OutgoingMessage[];
  readonly store: RiskStore;
}

export interface Keeping {
  readonly facilityId: string;
  readonly patientCode: string;
  readonly actor: string;
  readonly assessedAt: string;
  /** The caller asked for these equations by name; otherwise only those that fit Viet Nam may raise a flag. */
  readonly named: boolean;
}

function recordOf(result: EquationResult, { patientCode, assessedAt }: Keeping): Assessment {
  const headline = headlineOf(result);
  const value = headline?.value ?? null;
  const share = headline === undefined || value === null ? undefined : shareOf(headline.unit, value);
  const category = headline?.value === null ? undefined : headline?.categories[0]?.code;
  const inputs = Object.fromEntries(result.inputs.map((input) => [input.name, input]));
  return {
    id: result.id,
    patientId: patientCode,
    equationId: result.equationId,
    outcome: result.outcome,
    ...(share === undefined ? {} : { value: share }),
    ...(category === undefined ? {} : { category }),
    inputs,
    result: { ...result },
    provenance: result.provenance,
    assessedAt,
  };
}

type Known = Pick<AlertContext, 'now' | 'previous' | 'load'>;

function toldOf(result: EquationResult, keeping: Keeping, known: Known, deps: KeepDeps): Told[] {
  const flag = keeping.named || fitsVietNam(result) ? flagOf(result, keeping.facilityId) : undefined;
  if (flag === undefined) return [];
  const decision = decideRisk(flag, { ...known, subject: { patientCode: keeping.patientCode } }, deps.policy);
  if (decision.kind === 'silence') return [{ kind: 'silence', sourceId: result.id, reason: decision.reason }];
  const { alert, supersedes } = decision;
  const outbox = deps.messagesFor(alert);
  return [{ kind: 'alert', alert, outbox, ...(supersedes === undefined ? {} : { supersedes }) }];
}

async function keepOnce(
  assessed: readonly EquationResult[],
  keeping: Keeping,
  deps: KeepDeps,
): Promise<readonly Uuid[]> {
  const { patientCode, actor } = keeping;
  const previous = await deps.store.alerts.list({ patientCode, include: ['suppressed'] });
  const records = assessed.map((result) => recordOf(result, keeping));
  return withLoad(deps.store, deps, async (known) => {
    const told = assessed.flatMap((result) => toldOf(result, keeping, { ...known, previous }, deps));
    const { alertIds } = await deps.store.assessments.append(records, { told, actor });
    return alertIds;
  });
}

/** Only what was assessed is kept: "not assessed" is an answer of the moment. The same results again change nothing. */
export async function keepResults(
  results: readonly EquationResult[],
  keeping: Keeping,
  deps: KeepDeps,
): Promise<readonly Uuid[]> {
  const assessed = results.filter(({ outcome }) => outcome === 'assessed');
  if (assessed.length === 0) return [];
  try {
    return await keepOnce(assessed, keeping, deps);
  } catch (thrown) {
    // Another assessment of the same person came in between: decided once more, on what stands now.
    if (thrown instanceof CareError && thrown.code === 'store.alert-changed') return keepOnce(assessed, keeping, deps);
    throw thrown;
  }
}
