// Reads from PID and PV1 who a message is about, by the hospital's own number.
import { withoutEnd } from '#kernel/text-end.ts';
import type { Fault, Place } from '#interop/hl7v2/wire/fault.ts';
import { componentOf, type Message, repetitionsOf, type Segment, valueOf } from '#interop/hl7v2/wire/message.ts';
import { isoTime } from '#interop/hl7v2/wire/time.ts';

export interface PatientIdentity {
  readonly patientCode: string;
  /** Family^given^…, as sent. */
  readonly name?: string;
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate?: string;
  readonly sex?: string;
  readonly identifiers: readonly { readonly value: string; readonly authority: string; readonly type: string }[];
}

/** Table 0203: numbers that a hospital gives itself. An untyped number is taken for one, as older versions send it. */
const OWN_NUMBERS: readonly string[] = ['MR', 'PI', 'PT', 'PN', ''];
const SEXES: ReadonlySet<string> = new Set(['', 'F', 'M', 'O', 'U', 'A', 'N']);
const LONGEST_CODE = 64;

export const placeOf = ({ name, sequence }: Segment, field?: number, component?: number): Place => ({
  segment: name,
  sequence,
  ...(field !== undefined && { field }),
  ...(component !== undefined && { component }),
});

function identifiersOf(message: Message, pid: Segment): PatientIdentity['identifiers'] {
  return repetitionsOf(message, pid, 3).flatMap((repetition) => {
    const part = (component: number): string => componentOf(message, repetition, component);
    return part(1) === '' ? [] : [{ value: part(1), authority: part(4), type: part(5) }];
  });
}

function codeOf(identifiers: PatientIdentity['identifiers'], pid: Segment): string | Fault {
  if (identifiers.length === 0) return { name: 'field-missing', place: placeOf(pid, 3) };
  for (const type of OWN_NUMBERS) {
    const found = identifiers.find((identifier) => identifier.type === type);
    if (found === undefined) continue;
    return found.value.length > LONGEST_CODE ? { name: 'data-type', place: placeOf(pid, 3, 1) } : found.value;
  }
  return { name: 'unknown-key', place: placeOf(pid, 3) };
}

/** Faults are added to `faults`; then there is no patient. */
export function readPatient(message: Message, pid: Segment, faults: Fault[]): PatientIdentity | undefined {
  const identifiers = identifiersOf(message, pid);
  const patientCode = codeOf(identifiers, pid);
  const birth = valueOf(message, pid, 7);
  const birthDate = birth === '' ? undefined : isoTime(birth)?.slice(0, 10);
  const sex = valueOf(message, pid, 8);
  if (birth !== '' && birthDate === undefined) faults.push({ name: 'data-type', place: placeOf(pid, 7) });
  if (!SEXES.has(sex)) faults.push({ name: 'table-value', place: placeOf(pid, 8) });
  if (typeof patientCode !== 'string') {
    faults.push(patientCode);
    return undefined;
  }
  const [nameField = ''] = repetitionsOf(message, pid, 5);
  const parts = [1, 2, 3].map((component) => componentOf(message, nameField, component));
  const name = withoutEnd(parts.join('^'), '^');
  return {
    patientCode,
    identifiers,
    ...(name !== '' && { name }),
    ...(birthDate !== undefined && { birthDate }),
    ...(sex !== '' && { sex }),
  };
}

/** PV1-3: the point of care where the patient lies; '' where it is not said. `segments`: those of one patient. */
export function wardOf(message: Message, segments: readonly Segment[]): string {
  const visit = segments.find(({ name }) => name === 'PV1');
  return visit === undefined ? '' : valueOf(message, visit, 3);
}

/** PV1-19: MA_LK / TREATMENT_CODE. `segments`: those of one patient. */
export function treatmentOf(message: Message, segments: readonly Segment[]): string | undefined {
  const visit = segments.find(({ name }) => name === 'PV1');
  const code = visit === undefined ? '' : valueOf(message, visit, 19);
  return code === '' ? undefined : code;
}
