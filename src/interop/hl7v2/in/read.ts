// Reads a message with a sound header as rows to keep, or as everything that is wrong with it.
import type { Fault } from '#interop/hl7v2/wire/fault.ts';
import type { Header } from '#interop/hl7v2/wire/header.ts';
import type { Message, Segment } from '#interop/hl7v2/wire/message.ts';
import { readDiagnoses } from './diagnoses.ts';
import { type ReceivedOrder, readOrders } from './orders.ts';
import { type PatientIdentity, placeOf, readPatient, treatmentOf, wardOf } from './patient.ts';
import type { CorrectedResult, StoredMeasurement } from '#kernel/imported-result.ts';
import type { PersonNews } from '#kernel/incoming-message.ts';
import { type ReceivedReport, readResults } from './results.ts';
import { isoTime } from '#interop/hl7v2/wire/time.ts';
import { valueOf } from '#interop/hl7v2/wire/message.ts';

export interface Content {
  readonly patients: readonly PatientIdentity[];
  /** Of persons who are known already, what is corrected, or which number is given up for theirs. */
  readonly news: readonly PersonNews[];
  readonly orders: readonly ReceivedOrder[];
  readonly measurements: readonly StoredMeasurement[];
  readonly reports: readonly ReceivedReport[];
  /** Results of which what came before no longer holds. */
  readonly corrected: readonly CorrectedResult[];
}

/** Update of a person, with the visit or without; the other events of an ADT repeat what a system has. */
const UPDATES: ReadonlySet<string> = new Set(['A08', 'A31']);
/** Merge of two persons' records, and change of a person's number. */
const MERGES: ReadonlySet<string> = new Set(['A40', 'A47']);

export interface ReadContext {
  readonly header: Header;
  readonly message: Message;
  readonly indicators: ReadonlyMap<string, string>;
  readonly faults: Fault[];
}

interface PatientGroup {
  readonly pid: Segment;
  readonly segments: Segment[];
}

/** Each PID with the segments that follow it; a visit, an order or a result before the first PID is a fault. */
function groupsOf({ message, faults }: ReadContext): readonly PatientGroup[] {
  if (!message.segments.some(({ name }) => name === 'PID')) {
    faults.push({ name: 'segment-order', place: { segment: 'PID', sequence: 1 } });
    return [];
  }
  const groups: PatientGroup[] = [];
  for (const segment of message.segments) {
    const group = groups.at(-1);
    if (segment.name === 'PID') groups.push({ pid: segment, segments: [] });
    else if (group !== undefined) group.segments.push(segment);
    else if (['PV1', 'ORC', 'OBR', 'OBX'].includes(segment.name)) {
      faults.push({ name: 'segment-order', place: placeOf(segment) });
      return [];
    }
  }
  return groups;
}

function admissionFaults({ message, faults }: ReadContext, groups: readonly PatientGroup[]): void {
  const event = message.segments.find(({ name }) => name === 'EVN');
  if (event === undefined) faults.push({ name: 'segment-order', place: { segment: 'EVN', sequence: 1 } });
  else {
    const recorded = valueOf(message, event, 2);
    if (recorded !== '' && isoTime(recorded) === undefined)
      faults.push({ name: 'data-type', place: placeOf(event, 2) });
  }
  for (const { pid, segments } of groups) {
    if (valueOf(message, pid, 5) === '' && valueOf(message, pid, 5, 2) === '')
      faults.push({ name: 'field-missing', place: placeOf(pid, 5) });
    // Orders and results have messages of their own; an OBX of a person (weight, height) is part of an ADT.
    for (const stray of segments.filter(({ name }) => name === 'ORC' || name === 'OBR'))
      faults.push({ name: 'segment-order', place: placeOf(stray) });
  }
}

/** MRG-1: the number that is given up. */
function priorOf(message: Message, segments: readonly Segment[], faults: Fault[]): string | undefined {
  const merged = segments.find(({ name }) => name === 'MRG');
  const prior = merged === undefined ? '' : valueOf(message, merged, 1);
  if (prior !== '') return prior;
  faults.push(
    merged === undefined
      ? { name: 'segment-order', place: { segment: 'MRG', sequence: 1 } }
      : { name: 'field-missing', place: placeOf(merged, 1) },
  );
  return undefined;
}

/** Faults are added to `context.faults`. */
export function readContent(context: ReadContext): Content {
  const { header, message, indicators, faults } = context;
  const groups = groupsOf(context);
  // The rest comes in another message: half a report is none.
  for (const part of message.segments.filter(({ name }) => name === 'DSC'))
    if (valueOf(message, part, 1) !== '') faults.push({ name: 'segment-order', place: placeOf(part, 1) });
  const isMerge = header.type === 'ADT' && MERGES.has(header.event);
  const oneOnly = header.type !== 'ORU' && !isMerge ? groups[1] : undefined;
  if (oneOnly !== undefined) faults.push({ name: 'segment-order', place: placeOf(oneOnly.pid) });
  if (header.type === 'ADT') admissionFaults(context, groups);
  const sender = `${header.sendingApplication}|${header.sendingFacility}`;

  const patients: PatientIdentity[] = [];
  const orders: ReceivedOrder[] = [];
  const measurements: StoredMeasurement[] = [];
  const reports: ReceivedReport[] = [];
  const corrected: CorrectedResult[] = [];
  const news: PersonNews[] = [];
  for (const { pid, segments } of groups) {
    const patient = readPatient(message, pid, faults);
    // What follows is read on without a patient too, so that one answer names everything that is wrong.
    const treatmentCode = treatmentOf(message, segments);
    const about = { message, patientCode: patient?.patientCode ?? '', treatmentCode, faults };
    if (header.type === 'ORU') {
      const results = readResults(segments, { ...about, sender, indicators });
      measurements.push(...results.measurements);
      reports.push(...results.reports);
      corrected.push(...results.corrected);
    } else if (header.type === 'ADT' && !isMerge) {
      const diagnoses = readDiagnoses(segments, { ...about, sender, event: header.event, sentAt: header.time });
      measurements.push(...diagnoses.measurements);
      corrected.push(...diagnoses.corrected);
    } else if (!isMerge) orders.push(...readOrders(segments, { ...about, department: wardOf(message, segments) }));
    const prior = isMerge ? priorOf(message, segments, faults) : undefined;
    if (patient === undefined) continue;
    patients.push(patient);
    const { patientCode: id, name, birthDate, sex } = patient;
    if (prior !== undefined || (header.type === 'ADT' && UPDATES.has(header.event)))
      news.push({
        person: {
          id,
          ...(name !== undefined && { name }),
          ...(birthDate !== undefined && { birthDate }),
          ...(sex !== undefined && { sex }),
        },
        ...(prior !== undefined && { prior }),
      });
  }
  return { patients, news, orders, measurements, reports, corrected };
}
