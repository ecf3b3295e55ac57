// Behind a drug check: laboratory values are fetched from MOS, kept, and the risks judged, so that the next answer knows them.
import type { RejudgeDeps } from '#risk/person/rejudge.ts';
import type { CorrectedResult, ImportCounts, ResultImport } from '#kernel/imported-result.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { StoredMeasurement } from '#kernel/imported-result.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { localDay } from '#kernel/local-time.ts';
import { isPossibleBirthDate } from '#risk/person/age.ts';
import { MOST_MEASUREMENTS } from '#risk/person/rejudge.ts';
import { conditionsOf } from '#terminology/conditions.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { keepUntold } from '#interop/hispro/check-drug/untold.ts';
import type { HisproStore } from '#interop/hispro/ports.ts';
import type { HisClient } from './his-client.ts';
import {
  readLaboratory,
  readVitals,
  VITALS_SOURCE,
  type EmrQuestion,
  type GenderIds,
  type HisPatientData,
  type TestCode,
} from './patient-data.ts';

export interface RefreshStore {
  readonly measurements: {
    import(rows: ResultImport): Promise<ImportCounts>;
    ofPatient(patientId: string, filter: { limit: number }): Promise<readonly StoredMeasurement[]>;
  };
  readonly records: HisproStore['records'];
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
  /** ICD-10 codes of the visit; null where they are not known. */
  readonly diagnoses: readonly string[] | null;
  /** YYYY-MM-DD; absent: today. */
  readonly visitDate?: string | null;
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

type KeyedMeasurement = StoredMeasurement & { readonly resultKey: string };

/** `resultKey`: a value that HisPro has corrected takes the place of the first. */
const keptOf = (measurement: Measurement, { patientCode, treatmentCode }: RefreshSubject): KeyedMeasurement => ({
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

/** Of every laboratory value: the code of the test stands behind it. */
const HISPRO_SOURCE = 'HisPro ';

const NOTHING: HisPatientData & { readonly isWholeTreatment: boolean } = {
  measurements: [],
  rejected: [],
  isWholeTreatment: false,
};

async function readFrom(client: HisClient, subject: RefreshSubject, deps: RefreshDeps): Promise<HisPatientData> {
  const { treatmentCode, emr } = subject;
  const laboratory = treatmentCode === null ? NOTHING : await readLaboratory(client, treatmentCode, deps.testCodes);
  const vitals = emr === undefined ? NOTHING : await readVitals(client, emr, deps.genderIds);
  return {
    ...vitals,
    measurements: [...laboratory.measurements, ...vitals.measurements],
    rejected: laboratory.rejected,
    isWholeTreatment: laboratory.isWholeTreatment,
  };
}

/**
 * Laboratory rows of this treatment that an answer once had and now has not. The answer is all of a treatment, so they were deleted. Vital signs come
 * only with their newest rows, and an older one that is not among them still holds.
 */
async function vanished(
  store: RefreshStore,
  { patientCode, treatmentCode }: RefreshSubject,
  current: readonly { readonly resultKey: string }[],
): Promise<readonly CorrectedResult[]> {
  const here = new Set(current.map(({ resultKey }) => resultKey));
  const kept = await store.measurements.ofPatient(patientCode, { limit: MOST_MEASUREMENTS });
  return kept.flatMap(({ patientId, recordId, source = '', resultKey }) =>
    source.startsWith(HISPRO_SOURCE) &&
    source !== VITALS_SOURCE &&
    recordId === treatmentCode &&
    resultKey !== undefined &&
    !here.has(resultKey)
      ? [{ patientId, resultKeys: [resultKey] }]
      : [],
  );
}

/** Diagnoses of a visit as rows of one key: a list that is sent again takes back what it no longer names. Those that state nothing are not kept. */
function diagnosisRows(
  { patientCode, treatmentCode, diagnoses, visitDate }: RefreshSubject,
  asOf: Date,
): { readonly key: string; readonly rows: readonly KeyedMeasurement[] } | undefined {
  if (diagnoses === null) return undefined;
  const time = visitDate ?? localDay(asOf);
  const visit = treatmentCode ?? time;
  const key = sha256Hex(JSON.stringify(['hispro-diagnoses', patientCode, visit]));
  const rows = diagnoses
    .filter((code) => conditionsOf([{ system: SYSTEM_URIS['icd-10'], code }]).length > 0)
    .map((code) => ({
      patientId: patientCode,
      recordId: visit,
      code,
      system: SYSTEM_URIS['icd-10'],
      value: true,
      time,
      source: 'HisPro',
      resultKey: key,
      dedupKey: sha256Hex(JSON.stringify(['hispro-diagnosis', patientCode, visit, code, time])),
    }));
  return { key, rows };
}

/** A drug is typed many times in a minute: what is kept already is not written again. */
async function keepDiagnoses(store: RefreshStore, subject: RefreshSubject, asOf: Date): Promise<void> {
  const said = diagnosisRows(subject, asOf);
  if (said === undefined) return;
  const { patientCode } = subject;
  const { key, rows } = said;
  const stored = await store.measurements.ofPatient(patientCode, { limit: MOST_MEASUREMENTS });
  const kept = stored.filter(({ resultKey }) => resultKey === key);
  const keysOf = (some: readonly { readonly dedupKey: string }[]): string =>
    some
      .map(({ dedupKey }) => dedupKey)
      .toSorted()
      .join();
  if (keysOf(kept) === keysOf(rows)) return;
  await store.measurements.import({
    measurements: rows,
    corrected: [{ patientId: patientCode, resultKeys: [key] }],
    actor: 'hispro',
  });
}

/** Throws as HisClient does; what was read before the failure is not kept. */
export async function refreshPatient(subject: RefreshSubject, deps: RefreshDeps): Promise<Refreshed> {
  const { facilityId, client, assessRisk, policy } = deps;
  const { patientCode } = subject;
  const store = await deps.facility(facilityId);
  const read = client === undefined ? NOTHING : await readFrom(client, subject, deps);
  const measurements = read.measurements.map((one) => keptOf(one, subject));
  const gone = read.isWholeTreatment === true ? await vanished(store, subject, measurements) : [];
  const counts =
    measurements.length + gone.length === 0
      ? { stored: 0, known: 0 }
      : await store.measurements.import({
          measurements,
          corrected: [
            ...measurements.map(({ patientId, resultKey }) => ({ patientId, resultKeys: [resultKey] })),
            ...gone,
          ],
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
    // Diagnoses of visits are stored with the values.
    conditions: [],
  };
  await keepDiagnoses(store, subject, asOf);
  const measurementsKept = await store.measurements.ofPatient(patientCode, { limit: MOST_MEASUREMENTS });
  const items = await assessRisk({
    facilityId,
    patientCode,
    ...stated,
    measurements: measurementsKept,
    asOf,
  });
  const { alerts, withheld, open } = await tell(items, {
    facilityId,
    patientCode,
    policy,
    actor: 'hispro',
    facts: 'store',
    complete: stated.sex !== undefined && stated.birthDate !== undefined,
    subject: stated,
    ...(subject.asked === undefined ? {} : { asked: subject.asked }),
  });
  await keepUntold(store, patientCode, { withheld, open, now: asOf });
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
