// Behind a drug check: laboratory values are fetched from MOS, kept, and the risks judged, so that the next answer knows them.
import type { Alert } from '#kernel/alert.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { AlertPolicy } from '#alerts/policy.ts';
import type { RiskItem, RiskQuestion } from '#interop/cds-hooks/ports.ts';
import { tellRisks, type TellRiskDeps } from '#interop/cds-hooks/tell-risks.ts';
import type { DrugCheck } from './check-drug-request.ts';
import type { HisClient } from './his-client.ts';
import { readLaboratory, type TestCode } from './patient-data.ts';

/** A measurement as the store keeps it. */
interface KeptMeasurement extends Measurement {
  readonly patientId: string;
  readonly recordId?: string;
  readonly dedupKey: string;
}

export interface RefreshStore {
  readonly measurements: {
    import(rows: { measurements: readonly KeptMeasurement[]; actor: string }): Promise<unknown>;
    ofPatient(patientId: string, filter: { limit: number }): Promise<readonly Measurement[]>;
  };
  readonly alerts: {
    list(filter: {
      readonly patientCode: string;
      readonly include: readonly 'suppressed'[];
      readonly limit: number;
    }): Promise<readonly Alert[]>;
  };
}

export interface RefreshDeps extends TellRiskDeps {
  readonly facilityId: string;
  readonly facility: (id: string) => Promise<RefreshStore>;
  readonly policy: AlertPolicy;
  /** Absent: only what is stored already is judged. */
  readonly client?: HisClient;
  readonly testCodes: ReadonlyMap<string, TestCode>;
  readonly assessRisk?: (question: RiskQuestion) => Promise<readonly RiskItem[]>;
}

const MAX_MEASUREMENTS = 500;

const keptOf = (measurement: Measurement, check: DrugCheck & { patientCode: string }): KeptMeasurement => ({
  ...measurement,
  patientId: check.patientCode,
  ...(check.treatmentCode === null ? {} : { recordId: check.treatmentCode }),
  dedupKey: sha256Hex(
    JSON.stringify([
      'hispro',
      check.treatmentCode,
      measurement.code,
      measurement.value,
      measurement.comparator,
      measurement.time,
    ]),
  ),
});

async function refreshPatient(check: DrugCheck & { patientCode: string }, deps: RefreshDeps): Promise<void> {
  const { facilityId, client, testCodes, assessRisk, policy } = deps;
  const { patientCode, treatmentCode, sex, birthDate } = check;
  const store = await deps.facility(facilityId);
  if (client !== undefined && treatmentCode !== null) {
    const { measurements } = await readLaboratory(client, treatmentCode, testCodes);
    if (measurements.length > 0) {
      await store.measurements.import({ measurements: measurements.map((one) => keptOf(one, check)), actor: 'hispro' });
    }
  }
  if (assessRisk === undefined) return;
  const items = await assessRisk({
    facilityId,
    patientCode,
    ...(sex === null ? {} : { sex }),
    ...(birthDate === null ? {} : { birthDate }),
    measurements: await store.measurements.ofPatient(patientCode, { limit: MAX_MEASUREMENTS }),
    problems: [],
    asOf: deps.clock.now(),
  });
  const previous = await store.alerts.list({ patientCode, include: ['suppressed'], limit: 100 });
  await tellRisks(items, { facilityId, patientCode, previous, policy }, deps);
}

const PAUSE_MS = 10 * 60_000;
const MAX_REMEMBERED = 10_000;

/** A drug is typed many times in a minute: each patient is refreshed once in ten minutes, and a failure is told and forgotten. */
export function backgroundRefresh(deps: RefreshDeps, fault: (thrown: unknown) => void) {
  const last = new Map<string, number>();
  return (check: DrugCheck & { patientCode: string }): void => {
    const now = deps.clock.now().getTime();
    if (now - (last.get(check.patientCode) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return;
    if (last.size >= MAX_REMEMBERED) last.clear();
    last.set(check.patientCode, now);
    refreshPatient(check, deps).catch((thrown: unknown) => {
      last.delete(check.patientCode);
      fault(thrown);
    });
  };
}
