// Behind a drug check: laboratory values are fetched from MOS, kept, and the risks judged, so that the next answer knows them.
import type { RiskQuestion, RiskItem } from '#risk/person/risk-item.ts';
import type { Alert } from '#kernel/alert.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import { assessAtBothEnds, isPossibleBirthDate } from '#risk/person/birth-date.ts';
import { tellRisks, type TellRiskDeps } from '#risk/person/tell-risks.ts';
import type { HisClient } from './his-client.ts';
import {
  readLaboratory,
  readVitals,
  type EmrQuestion,
  type GenderIds,
  type HisPatientData,
  type TestCode,
} from './patient-data.ts';

/** A measurement as the store keeps it. */
interface KeptMeasurement extends Measurement {
  readonly patientId: string;
  readonly recordId?: string;
  readonly dedupKey: string;
}

export interface RefreshStore {
  readonly measurements: {
    import(rows: {
      measurements: readonly KeptMeasurement[];
      actor: string;
    }): Promise<{ readonly stored: number; readonly known: number }>;
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
  readonly genderIds: GenderIds;
  readonly assessRisk?: (question: RiskQuestion) => Promise<readonly RiskItem[]>;
}

const MAX_MEASUREMENTS = 500;

/** Whose data, and the keys under which HisPro knows them. */
export interface RefreshSubject {
  readonly patientCode: string;
  readonly treatmentCode: string | null;
  readonly sex: 'male' | 'female' | null;
  readonly birthDate: string | null;
  /** HisPro's numeric ids: only with them does it give vital signs. */
  readonly emr?: EmrQuestion;
}

export interface Refreshed {
  readonly stored: number;
  readonly known: number;
  readonly rejected: HisPatientData['rejected'];
  readonly alertIds: readonly string[];
}

const keptOf = (measurement: Measurement, { patientCode, treatmentCode }: RefreshSubject): KeptMeasurement => ({
  ...measurement,
  patientId: patientCode,
  ...(treatmentCode === null ? {} : { recordId: treatmentCode }),
  dedupKey: sha256Hex(
    JSON.stringify([
      'hispro',
      patientCode,
      treatmentCode,
      measurement.code,
      measurement.value,
      measurement.comparator,
      measurement.time,
    ]),
  ),
});

const NOTHING: HisPatientData = { measurements: [], rejected: [] };

async function readFrom(client: HisClient, subject: RefreshSubject, deps: RefreshDeps): Promise<HisPatientData> {
  const { treatmentCode, emr } = subject;
  const laboratory = treatmentCode === null ? NOTHING : await readLaboratory(client, treatmentCode, deps.testCodes);
  const vitals = emr === undefined ? NOTHING : await readVitals(client, emr, deps.genderIds);
  return {
    ...vitals,
    measurements: [...laboratory.measurements, ...vitals.measurements],
    rejected: laboratory.rejected,
  };
}

/** Throws as HisClient does; what was read before the failure is not kept. */
export async function refreshPatient(subject: RefreshSubject, deps: RefreshDeps): Promise<Refreshed> {
  const { facilityId, client, assessRisk, policy } = deps;
  const { patientCode } = subject;
  const store = await deps.facility(facilityId);
  const read = client === undefined ? NOTHING : await readFrom(client, subject, deps);
  const measurements = read.measurements.map((one) => keptOf(one, subject));
  const counts =
    measurements.length === 0
      ? { stored: 0, known: 0 }
      : await store.measurements.import({ measurements, actor: 'hispro' });
  const done = { ...counts, rejected: read.rejected };
  if (assessRisk === undefined) return { ...done, alertIds: [] };
  const sex = subject.sex ?? read.sex;
  const asOf = deps.clock.now();
  const birthDate = [subject.birthDate, read.birthDate].find((date) => date && isPossibleBirthDate(date, asOf));
  const question = {
    facilityId,
    patientCode,
    ...(sex === undefined ? {} : { sex }),
    measurements: await store.measurements.ofPatient(patientCode, { limit: MAX_MEASUREMENTS }),
    problems: [],
    asOf,
  };
  const items = await assessAtBothEnds(question, birthDate ?? undefined, assessRisk);
  const previous = await store.alerts.list({ patientCode, include: ['suppressed'], limit: 100 });
  const { alerts } = await tellRisks(items, { facilityId, patientCode, previous, policy }, deps);
  return { ...done, alertIds: alerts.map(({ id }) => id) };
}

const PAUSE_MS = 10 * 60_000;
const MAX_REMEMBERED = 10_000;

/** A drug is typed many times in a minute: each patient is refreshed once in ten minutes, and a failure is told and forgotten. */
export function backgroundRefresh(deps: RefreshDeps, fault: (thrown: unknown) => void) {
  const last = new Map<string, number>();
  return (subject: RefreshSubject): void => {
    const now = deps.clock.now().getTime();
    if (now - (last.get(subject.patientCode) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return;
    if (last.size >= MAX_REMEMBERED) last.clear();
    last.set(subject.patientCode, now);
    refreshPatient(subject, deps).catch((thrown: unknown) => {
      last.delete(subject.patientCode);
      fault(thrown);
    });
  };
}
