// Behind a drug check: laboratory values are fetched from MOS, kept, and the risks judged, so that the next answer knows them.
import type { RejudgeDeps } from '#risk/person/rejudge.ts';
import type { ImportCounts, ResultImport } from '#kernel/imported-result.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { StoredMeasurement } from '#kernel/imported-result.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { isPossibleBirthDate } from '#risk/person/age.ts';
import { MOST_MEASUREMENTS } from '#risk/person/rejudge.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import type { HisClient } from './his-client.ts';
import {
  readLaboratory,
  readVitals,
  type EmrQuestion,
  type GenderIds,
  type HisPatientData,
  type TestCode,
} from './patient-data.ts';

export interface RefreshStore {
  readonly measurements: {
    import(rows: ResultImport): Promise<ImportCounts>;
    ofPatient(patientId: string, filter: { limit: number }): Promise<readonly Measurement[]>;
  };
}

export interface RefreshDeps
  extends
    Pick<RejudgeDeps, 'clock' | 'policy'>,
    /** Absent where no risk room is wired. */
    Partial<Pick<RejudgeDeps, 'tell' | 'assessRisk'>> {
  readonly facilityId: string;
  readonly facility: (id: string) => Promise<RefreshStore>;
  /** Absent: only what is stored already is judged. */
  readonly client?: HisClient;
  readonly testCodes: ReadonlyMap<string, TestCode>;
  readonly genderIds: GenderIds;
}

/** Whose data, and the keys under which HisPro knows them. */
export interface RefreshSubject {
  readonly patientCode: string;
  readonly treatmentCode: string | null;
  readonly sex: 'male' | 'female' | null;
  readonly birthDate: string | null;
  /** ICD-10 codes of the visit. */
  readonly diagnoses: readonly string[];
  /** HisPro's numeric ids: only with them does it give vital signs. */
  readonly emr?: EmrQuestion;
  /** A physician prescribes now, and is answered with what is found. */
  readonly asked?: true;
}

export interface Refreshed {
  readonly stored: number;
  readonly known: number;
  readonly rejected: HisPatientData['rejected'];
  readonly alertIds: readonly string[];
}

/** `resultKey`: a value that HisPro has corrected takes the place of the first. */
const keptOf = (
  measurement: Measurement,
  { patientCode, treatmentCode }: RefreshSubject,
): StoredMeasurement & { readonly resultKey: string } => ({
  ...measurement,
  patientId: patientCode,
  ...(treatmentCode === null ? {} : { recordId: treatmentCode }),
  resultKey: sha256Hex(
    JSON.stringify([
      'hispro-result',
      patientCode,
      treatmentCode,
      measurement.code,
      measurement.time,
      measurement.source,
    ]),
  ),
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
      : await store.measurements.import({
          measurements,
          corrected: measurements.map(({ patientId, resultKey }) => ({ patientId, resultKeys: [resultKey] })),
          actor: 'hispro',
        });
  const done = { ...counts, rejected: read.rejected };
  const { tell } = deps;
  if (assessRisk === undefined || tell === undefined) return { ...done, alertIds: [] };
  const sex = subject.sex ?? read.sex;
  const asOf = deps.clock.now();
  const birthDate = [subject.birthDate, read.birthDate].find((date) => date && isPossibleBirthDate(date, asOf));
  const stated = {
    ...(sex === undefined ? {} : { sex }),
    ...(birthDate === undefined || birthDate === null ? {} : { birthDate }),
    conditions: subject.diagnoses.map((code) => ({
      codings: [{ system: SYSTEM_URIS['icd-10'], code }],
      source: 'HisPro',
    })),
  };
  const measurementsKept = await store.measurements.ofPatient(patientCode, { limit: MOST_MEASUREMENTS });
  const items = await assessRisk({ facilityId, patientCode, ...stated, measurements: measurementsKept, asOf });
  const { alerts } = await tell(items, {
    facilityId,
    patientCode,
    policy,
    actor: 'hispro',
    facts: 'store',
    complete: stated.sex !== undefined && stated.birthDate !== undefined,
    subject: stated,
    ...(subject.asked === undefined ? {} : { asked: subject.asked }),
  });
  return { ...done, alertIds: alerts.map(({ id }) => id) };
}

const PAUSE_MS = 10 * 60_000;
const MAX_REMEMBERED = 10_000;

/** A drug is typed many times in a minute: HisPro is asked for a patient's values once in ten minutes, what is stored is judged each time. */
export function backgroundRefresh(deps: RefreshDeps, fault: (thrown: unknown) => void) {
  const last = new Map<string, number>();
  /** Patients who are being judged, with the check that came meanwhile: the facts may have changed. */
  const running = new Map<string, RefreshSubject | undefined>();
  const { client: _client, ...storedOnly } = deps;
  async function run(subject: RefreshSubject): Promise<void> {
    const { patientCode } = subject;
    const now = deps.clock.now().getTime();
    const isFresh = now - (last.get(patientCode) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS;
    if (last.size >= MAX_REMEMBERED) last.clear();
    if (!isFresh) last.set(patientCode, now);
    running.set(patientCode, undefined);
    try {
      await refreshPatient({ ...subject, asked: true }, isFresh ? storedOnly : deps);
    } catch (thrown) {
      last.delete(patientCode);
      fault(thrown);
    }
    const next = running.get(patientCode);
    running.delete(patientCode);
    if (next !== undefined) await run(next);
  }
  return (subject: RefreshSubject): void => {
    if (running.has(subject.patientCode)) running.set(subject.patientCode, subject);
    else void run(subject);
  };
}
