// Things found in a claim file → rows of the store, each once: importing the same file again changes nothing.
import { derivedUuid } from '#kernel/ids.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { ImportedMeasurement, ImportedReport, Thing } from './things.ts';

/** What keeping needs of the store, and no more. */
export interface MeasurementStore {
  import(rows: {
    measurements: readonly (Measurement & { patientId: string; recordId: string; dedupKey: string })[];
    reports: readonly {
      patientId: string;
      recordId: string;
      service: string;
      text: string;
      conclusion: string;
      time: string;
      dedupKey: string;
    }[];
    actor: string;
  }): Promise<{ stored: number; known: number }>;
}

const measurementRow = ({
  record,
  patient,
  code,
  loinc,
  value,
  comparator,
  text,
  unit,
  time,
}: ImportedMeasurement) => ({
  patientId: patient,
  recordId: record,
  code: loinc ?? code,
  value: value ?? text,
  ...(comparator !== null && { comparator }),
  ...(unit.trim() !== '' && { unit: unit.trim() }),
  time,
  source: 'xml130',
  dedupKey: derivedUuid('xml130', record, code, time, text, unit),
});

const reportRow = ({ record, patient, service, text, conclusion, time }: ImportedReport) => ({
  patientId: patient,
  recordId: record,
  service,
  text,
  conclusion,
  time,
  dedupKey: derivedUuid('xml130-report', record, service, time, text, conclusion),
});

/** Rows per transaction: one record of a long stay holds some hundreds. */
const BATCH = 500;

/** Passes the things on in their order, each only after it is stored. */
export async function* keeping(
  things: AsyncIterable<Thing>,
  store: MeasurementStore,
  actor: string,
): AsyncGenerator<Thing> {
  let waiting: Thing[] = [];
  async function keep(): Promise<void> {
    const measurements = waiting.flatMap((thing) => (thing.kind === 'measurement' ? [measurementRow(thing)] : []));
    const reports = waiting.flatMap((thing) => (thing.kind === 'report' ? [reportRow(thing)] : []));
    if (measurements.length + reports.length > 0) await store.import({ measurements, reports, actor });
  }
  for await (const thing of things) {
    waiting.push(thing);
    if (waiting.length < BATCH && thing.kind !== 'file') continue;
    await keep();
    yield* waiting;
    waiting = [];
  }
}
