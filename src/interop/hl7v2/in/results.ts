// Measurements and reports of an ORU^R01, as its ORC, OBR and OBX say them. Every coding is kept with its system, because a code that
// lost its system could be taken for another one.
import { derivedUuid } from '#kernel/ids.ts';
import type { Fault } from '#interop/hl7v2/wire/fault.ts';
import {
  componentOf,
  isFileType,
  type Message,
  repetitionsOf,
  type Segment,
  textOf,
  valueOf,
} from '#interop/hl7v2/wire/message.ts';
import { placeOf } from './patient.ts';
import { isoTime } from '#interop/hl7v2/wire/time.ts';
import { codingsOf, isValueType, saysNothing, unitOf, valueIn } from '#interop/hl7v2/wire/value.ts';
import type { CorrectedResult, ImportedReport, StoredMeasurement } from '#kernel/imported-result.ts';
import { SYSTEM_URIS, systemOf } from '#terminology/systems.ts';

export interface ResultContext {
  readonly message: Message;
  readonly patientCode: string;
  /** Names the sender in the identity of a row. */
  readonly sender: string;
  readonly treatmentCode: string | undefined;
  /** This hospital's own codes → LOINC. */
  readonly indicators: ReadonlyMap<string, string>;
  readonly faults: Fault[];
}

export type ReceivedMeasurement = StoredMeasurement &
  Required<Pick<StoredMeasurement, 'recordId' | 'resultKey' | 'system' | 'codings'>> & {
    readonly value: number | string;
    readonly source: 'hl7v2';
  };

export type ReceivedReport = ImportedReport & Required<Pick<ImportedReport, 'resultKey'>>;

export interface Results {
  readonly measurements: readonly ReceivedMeasurement[];
  readonly reports: readonly ReceivedReport[];
  /** Results of which what came before no longer holds. */
  readonly corrected: readonly CorrectedResult[];
}

/** Table 0085. Only what was verified is kept; what is still open, and what an AI said (P), is taken note of and no more. */
const VERIFIED: ReadonlySet<string> = new Set(['F', 'C', 'U']);
const OPEN: ReadonlySet<string> = new Set(['I', 'N', 'O', 'P', 'R', 'S', 'X', 'A', 'B', 'V']);
/** What was kept of this result no longer holds: corrected, deleted, wrong from the first, or not to be had after all. */
const CORRECTING: ReadonlySet<string> = new Set(['C', 'D', 'W', 'X']);
/** Table 0123: the whole order is corrected, or will have no results. */
const CANCELLED_ORDER = 'X';
const CORRECTED_ORDER: ReadonlySet<string> = new Set(['C', CANCELLED_ORDER]);
const TEXT_TYPES: ReadonlySet<string> = new Set(['TX', 'FT']);

/** A sender's own code must not pass for a LOINC code or a quantity's name: it is kept and shown, never used. */
const OWN_CODE = 'hl7v2:';

type Named = Pick<ReceivedMeasurement, 'code' | 'system' | 'codings'>;

/** LOINC where either of the codings says that it is one, or where this hospital says what its own code means. */
function nameOf({ message, indicators }: ResultContext, obx: Segment): Named {
  const [field = ''] = repetitionsOf(message, obx, 3);
  const sent = codingsOf(message, field);
  const loinc = sent.find(({ system }) => systemOf(system) === 'loinc');
  if (loinc !== undefined) return { code: loinc.code, system: SYSTEM_URIS.loinc, codings: sent };
  const own = sent.filter(({ system }) => systemOf(system) === undefined);
  const meant = own
    .map(({ system, code }) => indicators.get(`${system}|${code}`) ?? indicators.get(code))
    .find((code) => code !== undefined);
  if (meant !== undefined) {
    const mapped = { system: SYSTEM_URIS.loinc, code: meant };
    return { ...mapped, codings: [mapped, ...sent] };
  }
  const [first] = sent;
  const text = first?.code ?? componentOf(message, field, 2);
  return { code: `${OWN_CODE}${text}`, system: first?.system ?? '', codings: sent };
}

/** Full day or better; a year alone says nothing about a value. */
function timeAt({ message, faults }: ResultContext, segment: Segment, field: number): string | undefined {
  const text = valueOf(message, segment, field);
  if (text === '') return undefined;
  const time = isoTime(text, message.zone);
  if (time === undefined) faults.push({ name: 'data-type', place: placeOf(segment, field) });
  return time !== undefined && time.length >= 10 ? time : undefined;
}

/** False where this OBX holds nothing to keep. */
function checked({ message, faults }: ResultContext, obx: Segment): boolean {
  const before = faults.length;
  const [type, status] = [valueOf(message, obx, 2), valueOf(message, obx, 11)];
  const empty = repetitionsOf(message, obx, 5).every((repetition) => saysNothing(message, repetition));
  if ([1, 2, 4, 5].every((component) => valueOf(message, obx, 3, component) === ''))
    faults.push({ name: 'field-missing', place: placeOf(obx, 3) });
  if (!empty && type === '') faults.push({ name: 'field-missing', place: placeOf(obx, 2) });
  if (type !== '' && !isValueType(type)) faults.push({ name: 'table-value', place: placeOf(obx, 2) });
  if (status === '') faults.push({ name: 'field-missing', place: placeOf(obx, 11) });
  else if (![VERIFIED, OPEN, CORRECTING].some((known) => known.has(status)))
    faults.push({ name: 'table-value', place: placeOf(obx, 11) });
  return faults.length === before && !empty && VERIFIED.has(status) && !isFileType(type);
}

interface Group {
  readonly recordId: string;
  readonly service: string;
  readonly time: string | undefined;
  readonly isReport: boolean;
  readonly isCorrected: boolean;
  /** The order will have no results, also where no OBX says so. */
  readonly isCancelled: boolean;
  readonly lines: string[];
  readonly measurements: ReceivedMeasurement[];
  readonly corrected: CorrectedResult[];
}

/** HisPro's imaging systems send a report as ST lines of the code STUDY. */
const isReportLine = (message: Message, obx: Segment, group: Group): boolean =>
  group.isReport || TEXT_TYPES.has(valueOf(message, obx, 2)) || valueOf(message, obx, 3) === 'STUDY';

/** The patient's number may be another one when the correction comes, for two records were merged: an order says enough. */
const aboutOf = ({ sender, patientCode }: ResultContext, { recordId, time = '', service }: Group): readonly string[] =>
  recordId === '' ? [sender, patientCode, time, service] : [sender, recordId, service];

/** An OBR holds one report. */
const reportKeyOf = (context: ResultContext, group: Group): string =>
  derivedUuid('hl7v2-report', ...aboutOf(context, group));

/** The order, the code and OBX-4 name a result (2.5.1, 7.4.2.4); without an order its time must do. */
function resultKeyOf(context: ResultContext, obx: Segment, group: Group): string {
  const { message } = context;
  if (isReportLine(message, obx, group)) return reportKeyOf(context, group);
  return derivedUuid('hl7v2-result', ...aboutOf(context, group), nameOf(context, obx).code, valueOf(message, obx, 4));
}

/** All results of an order; without an order none is known again as a whole. */
const groupKeyOf = (context: ResultContext, group: Group): string | undefined =>
  group.recordId === '' ? undefined : derivedUuid('hl7v2-order', ...aboutOf(context, group));

/** As the key was made before: what is stored under it is corrected all the same. */
function olderKeyOf(context: ResultContext, obx: Segment, group: Group): string {
  const { sender, patientCode, message } = context;
  const { recordId, time = '', service } = group;
  const about = [sender, patientCode, recordId || time, service];
  if (isReportLine(message, obx, group)) return derivedUuid('hl7v2-report-key', ...about);
  return derivedUuid('hl7v2-result-key', ...about, nameOf(context, obx).code, valueOf(message, obx, 4));
}

function addMeasurements(context: ResultContext, obx: Segment, group: Group): void {
  const { message, patientCode, sender, faults } = context;
  const named = nameOf(context, obx);
  const unit = unitOf(message, obx);
  const time = timeAt(context, obx, 14) ?? group.time;
  const resultKey = resultKeyOf(context, obx, group);
  const groupKey = groupKeyOf(context, group);
  for (const [place, repetition] of repetitionsOf(message, obx, 5).entries()) {
    if (saysNothing(message, repetition)) continue;
    const value = valueIn(message, valueOf(message, obx, 2), repetition);
    if (value === undefined) {
      faults.push({ name: 'data-type', place: { ...placeOf(obx, 5), repetition: place + 1 } });
      continue;
    }
    const { answers: _codings, ...plain } = value;
    const said = JSON.stringify(plain);
    const identity = [sender, patientCode, group.recordId, group.service, named.code, valueOf(message, obx, 4)];
    group.measurements.push({
      patientId: patientCode,
      recordId: context.treatmentCode ?? group.recordId,
      ...named,
      ...value,
      ...(unit !== '' && { unit }),
      ...(time !== undefined && { time }),
      source: 'hl7v2',
      resultKey,
      ...(groupKey !== undefined && { groupKey }),
      dedupKey: derivedUuid('hl7v2', ...identity, String(place), time ?? '', said, unit),
    });
  }
}

function openGroup(context: ResultContext, obr: Segment, orc: Segment | undefined): Group {
  const { message, faults } = context;
  const value = (field: number, component = 1): string => valueOf(message, obr, field, component);
  const ordered = orc === undefined ? '' : valueOf(message, orc, 2) || valueOf(message, orc, 3);
  if (value(4) === '' && value(4, 2) === '') faults.push({ name: 'field-missing', place: placeOf(obr, 4) });
  return {
    recordId: value(2) || value(3) || ordered,
    service: value(4) || value(4, 2),
    time: timeAt(context, obr, 7),
    isReport: value(24) === 'RAD',
    isCorrected: CORRECTED_ORDER.has(value(25)),
    isCancelled: value(25) === CANCELLED_ORDER,
    lines: [],
    measurements: [],
    corrected: [],
  };
}

function reportOf(context: ResultContext, group: Group): ReceivedReport[] {
  const { patientCode, sender } = context;
  if (group.lines.length === 0) return [];
  const text = group.lines.join('\n');
  const { recordId, service, time } = group;
  return [
    {
      patientId: patientCode,
      recordId,
      service,
      text,
      conclusion: '',
      ...(time !== undefined && { time }),
      resultKey: reportKeyOf(context, group),
      dedupKey: derivedUuid('hl7v2-report', sender, patientCode, recordId, service, time ?? '', text),
    },
  ];
}

function addResult(context: ResultContext, obx: Segment, group: Group): void {
  const { message } = context;
  const status = valueOf(message, obx, 11);
  const isCorrection = group.isCorrected || CORRECTING.has(status);
  if (isCorrection || status === 'F') {
    const resultKeys = [resultKeyOf(context, obx, group), olderKeyOf(context, obx, group)];
    // A final result that is said again in other words of the same moment takes the place of the first.
    const time = isCorrection ? undefined : (timeAt(context, obx, 14) ?? group.time);
    if (isCorrection || (time !== undefined && !isReportLine(message, obx, group)))
      group.corrected.push({ patientId: context.patientCode, resultKeys, ...(time === undefined ? {} : { time }) });
  }
  if (!checked(context, obx)) return;
  if (isReportLine(message, obx, group))
    group.lines.push(...repetitionsOf(message, obx, 5).map((line) => textOf(message, line)));
  else addMeasurements(context, obx, group);
}

function cancelledIn(context: ResultContext, group: Group): CorrectedResult[] {
  const groupKey = group.isCancelled ? groupKeyOf(context, group) : undefined;
  return groupKey === undefined ? [] : [{ patientId: context.patientCode, resultKeys: [], groupKey }];
}

/** `segments`: those of one patient, after the PID. */
export function readResults(segments: readonly Segment[], context: ResultContext): Results {
  const { faults } = context;
  const groups: Group[] = [];
  let orc: Segment | undefined;
  for (const segment of segments) {
    const group = groups.at(-1);
    if (segment.name === 'ORC') orc = segment;
    else if (segment.name === 'OBR') groups.push(openGroup(context, segment, orc));
    else if (segment.name === 'OBX' && group === undefined)
      faults.push({ name: 'segment-order', place: placeOf(segment) });
    else if (segment.name === 'OBX' && group !== undefined) addResult(context, segment, group);
  }
  if (groups.length === 0) faults.push({ name: 'segment-order', place: { segment: 'OBR', sequence: 1 } });
  return {
    measurements: groups.flatMap(({ measurements }) => measurements),
    reports: groups.flatMap((group) => reportOf(context, group)),
    corrected: groups.flatMap((group) => [...group.corrected, ...cancelledIn(context, group)]),
  };
}
