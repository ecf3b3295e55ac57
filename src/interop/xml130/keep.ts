// Things found in a claim file → rows of the store, each once: importing the same file again changes nothing.
import type { CorrectedResult, ImportCounts, ResultImport, StoredMeasurement } from '#kernel/imported-result.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { Diagnoses, MeasurementLine, ReportLine, Thing } from '#interop/xml130/read/import-lines.ts';

/** What keeping needs of the store, and no more. */
export interface MeasurementStore {
  import(rows: ResultImport): Promise<ImportCounts>;
}

/** A sender's code must not pass for a LOINC code or a quantity's name: it is kept and shown, never used. */
const OWN_CODE = 'ma-chi-so:';

type KeyedMeasurement = StoredMeasurement & Required<Pick<StoredMeasurement, 'resultKey'>>;

/** A record that is sent again takes the place of the first whole. */
const groupKeyOf = ({ patient, record }: Pick<MeasurementLine, 'patient' | 'record'>): string =>
  derivedUuid('xml130-record', patient, record);

function measurementRow({ record, patient, code, loinc, value, comparator, text, unit, time }: MeasurementLine) {
  const kept = loinc ?? `${OWN_CODE}${code}`;
  return {
    patientId: patient,
    recordId: record,
    code: kept,
    system: loinc === null ? 'ma-chi-so' : SYSTEM_URIS.loinc,
    value: value ?? text,
    ...(comparator !== null && { comparator }),
    ...(unit.trim() !== '' && { unit: unit.trim() }),
    time,
    source: 'xml130',
    resultKey: derivedUuid('xml130-result', patient, record, code, time),
    groupKey: groupKeyOf({ patient, record }),
    dedupKey: derivedUuid('xml130', patient, record, code, time, kept, text, unit),
  };
}

const reportRow = ({ record, patient, service, text, conclusion, time }: ReportLine) => ({
  patientId: patient,
  recordId: record,
  service,
  text,
  conclusion,
  time,
  resultKey: derivedUuid('xml130-report-result', patient, record, service, time),
  dedupKey: derivedUuid('xml130-report', patient, record, service, time, text, conclusion),
});

/** One key for all: a record that is sent again with other diagnoses takes back those that it no longer names. */
const diagnosisRows = ({ record, patient, codes, time }: Diagnoses): KeyedMeasurement[] =>
  codes.map((code) => ({
    patientId: patient,
    recordId: record,
    code,
    system: SYSTEM_URIS['icd-10'],
    value: true,
    ...(time !== undefined && { time }),
    source: 'xml130',
    resultKey: derivedUuid('xml130-diagnoses', patient, record),
    dedupKey: derivedUuid('xml130-diagnosis', patient, record, code, time ?? ''),
  }));

const isThing = (found: Thing | Diagnoses): found is Thing => found.kind !== 'diagnoses';

/** What is told of a file of which nothing is kept. */
export async function* onlyTold(found: AsyncIterable<Thing | Diagnoses>): AsyncGenerator<Thing> {
  for await (const one of found) if (isThing(one)) yield one;
}

/** Of records whose rows were all read: what such a record no longer holds was taken out. A row that could not be read says nothing of the others. */
function* wholeRecords(things: readonly (Thing | Diagnoses)[]): Generator<CorrectedResult> {
  for (const lines of Map.groupBy(things, (thing) => (thing.kind === 'file' ? null : thing.record)).values()) {
    const first = lines.find((line) => line.kind === 'measurement');
    if (first === undefined || lines.some(({ kind }) => kind === 'rejected')) continue;
    yield { patientId: first.patient, resultKeys: [], groupKey: groupKeyOf(first) };
  }
}

/** Rows per transaction, at least: a record is never divided, because what it says of one result holds together. */
const BATCH = 500;

/** Passes the things on in their order, each only after it is stored. */
export async function* keeping(
  things: AsyncIterable<Thing | Diagnoses>,
  store: MeasurementStore,
  actor: string,
): AsyncGenerator<Thing> {
  let waiting: (Thing | Diagnoses)[] = [];
  async function keep(): Promise<void> {
    const measurements = waiting.flatMap((thing): KeyedMeasurement[] => {
      if (thing.kind === 'diagnoses') return diagnosisRows(thing);
      return thing.kind === 'measurement' ? [measurementRow(thing)] : [];
    });
    const reports = waiting.flatMap((thing) => (thing.kind === 'report' ? [reportRow(thing)] : []));
    const corrected = [
      ...[...measurements, ...reports].map(({ patientId, resultKey }) => ({ patientId, resultKeys: [resultKey] })),
      ...wholeRecords(waiting),
    ];
    if (corrected.length > 0) await store.import({ measurements, reports, corrected, actor });
  }
  let current: string | null = null;
  for await (const thing of things) {
    const record = thing.kind === 'file' ? null : thing.record;
    if (record !== current && (waiting.length >= BATCH || thing.kind === 'file')) {
      await keep();
      yield* waiting.filter(isThing);
      waiting = [];
    }
    current = record;
    waiting.push(thing);
  }
  await keep();
  yield* waiting.filter(isThing);
}
