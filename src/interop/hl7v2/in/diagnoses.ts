// The diagnoses of a person's visit, as the DG1 segments of an ADT say them. A message with DG1 lists all of the visit: it takes the place of
// what the sender listed of that visit before, and a cancelled admission (A11) takes it back.
import { derivedUuid } from '#kernel/ids.ts';
import type { Coding } from '#kernel/coding.ts';
import type { CorrectedResult, StoredMeasurement } from '#kernel/imported-result.ts';
import type { Fault } from '#interop/hl7v2/wire/fault.ts';
import { type Message, repetitionsOf, type Segment, valueOf } from '#interop/hl7v2/wire/message.ts';
import { isoTime } from '#interop/hl7v2/wire/time.ts';
import { codingsOf } from '#interop/hl7v2/wire/value.ts';
import { systemOf, SYSTEM_URIS } from '#terminology/systems.ts';
import { placeOf } from './patient.ts';

export interface DiagnosisContext {
  readonly message: Message;
  readonly patientCode: string;
  readonly sender: string;
  /** `A11`: the admission is cancelled. */
  readonly event: string;
  readonly treatmentCode: string | undefined;
  /** MSH-7: counts where neither DG1-5 nor PV1-44 says when. */
  readonly sentAt: string | undefined;
  readonly faults: Fault[];
}

export interface Diagnoses {
  readonly measurements: readonly StoredMeasurement[];
  readonly corrected: readonly CorrectedResult[];
}

/** Table 0052. An admitting or working diagnosis (A, W) is a suspicion, neither a yes nor a no; older senders leave the type empty. */
const FINAL: ReadonlySet<string> = new Set(['F', '']);
const TYPES: ReadonlySet<string> = new Set(['A', 'W', 'F', '']);
const CANCELLED_ADMISSION = 'A11';
/** A sender's own code must not pass for one of a known system: it is kept and shown, never used. */
const OWN_CODE = 'hl7v2:';

/** DG1-3, whose system older senders write in DG1-2. */
function codingsIn(message: Message, segment: Segment): readonly Coding[] {
  const method = valueOf(message, segment, 2);
  const [field = ''] = repetitionsOf(message, segment, 3);
  return codingsOf(message, field).map((coding) => (coding.system === '' ? { ...coding, system: method } : coding));
}

function named(codings: readonly Coding[]): Pick<StoredMeasurement, 'code' | 'system' | 'codings'> | undefined {
  const icd10 = codings.find(({ system }) => systemOf(system) === 'icd-10');
  const known = codings.find(({ system }) => systemOf(system) !== undefined);
  const [first] = codings;
  if (icd10 !== undefined) return { code: icd10.code, system: SYSTEM_URIS['icd-10'], codings };
  if (known !== undefined) return { code: known.code, system: known.system, codings };
  return first && { code: `${OWN_CODE}${first.code}`, system: first.system, codings };
}

/** DG1-5, or '' where it is empty; what is no time is a fault. */
function saidAt({ message, faults }: DiagnosisContext, segment: Segment): string {
  const text = valueOf(message, segment, 5);
  const time = text === '' ? '' : isoTime(text, message.zone);
  if (time === undefined) faults.push({ name: 'data-type', place: placeOf(segment, 5) });
  return time ?? '';
}

/** `segments`: those of one patient. */
export function readDiagnoses(segments: readonly Segment[], context: DiagnosisContext): Diagnoses {
  const { message, patientCode, sender, treatmentCode = '', sentAt, faults } = context;
  const listed = segments.filter(({ name }) => name === 'DG1');
  if (listed.length === 0 && context.event !== CANCELLED_ADMISSION) return { measurements: [], corrected: [] };
  const resultKey = derivedUuid('hl7v2-diagnoses', sender, patientCode, treatmentCode);
  const visit = segments.find(({ name }) => name === 'PV1');
  const admitted = visit && isoTime(valueOf(message, visit, 44), message.zone);
  const measurements = listed.flatMap((segment): StoredMeasurement[] => {
    const [type, action] = [valueOf(message, segment, 6), valueOf(message, segment, 21)];
    if (!TYPES.has(type)) faults.push({ name: 'table-value', place: placeOf(segment, 6) });
    // An action on one diagnosis is not the list of all: who takes one away has to send the list.
    if (action === 'D') faults.push({ name: 'table-value', place: placeOf(segment, 21) });
    const at = saidAt(context, segment);
    const name = named(codingsIn(message, segment));
    if (name === undefined || !FINAL.has(type) || context.event === CANCELLED_ADMISSION) return [];
    const time = at || admitted || sentAt;
    return [
      {
        patientId: patientCode,
        ...(treatmentCode !== '' && { recordId: treatmentCode }),
        ...name,
        value: true,
        ...(time !== undefined && { time }),
        source: 'hl7v2',
        resultKey,
        dedupKey: derivedUuid('hl7v2-diagnosis', sender, patientCode, treatmentCode, name.code, at),
      },
    ];
  });
  return { measurements, corrected: [{ patientId: patientCode, resultKeys: [resultKey] }] };
}
