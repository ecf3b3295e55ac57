// Reads ORC and OBR as orders by accession number, for the study that will come.
import type { HospitalOrder } from '#kernel/hospital-order.ts';
import type { Fault } from '#interop/hl7v2/wire/fault.ts';
import { type Message, type Segment, valueOf } from '#interop/hl7v2/wire/message.ts';
import { placeOf } from './patient.ts';

export interface ReceivedOrder extends HospitalOrder {
  /** The study's (0008,0050); in HisPro SERE_SERV.ID. */
  readonly accession: string;
  readonly patientCode: string;
  readonly service?: { readonly code: string; readonly text: string; readonly system: string };
  readonly treatmentCode?: string;
}

/** Table 0119, as far as an order is meant; the others answer one. */
const CONTROLS: ReadonlyMap<string, ReceivedOrder['state']> = new Map([
  ...['NW', 'XO', 'RP', 'SC', 'SN', 'RO'].map((control) => [control, 'ordered'] as const),
  ...['CA', 'DC', 'OC', 'OD'].map((control) => [control, 'cancelled'] as const),
]);

/** Table 0038. */
const WITHDRAWN: ReadonlySet<string> = new Set(['CA', 'DC']);

/** Tables 0485 and 0027, and the words that senders write; the others are no more than routine. */
const PRIORITIES: ReadonlyMap<string, HospitalOrder['priority']> = new Map([
  ['S', 'critical'],
  ['STAT', 'critical'],
  ['A', 'urgent'],
  ['ASAP', 'urgent'],
]);
const LONGEST_TEXT = 2_000;

export interface OrderContext {
  readonly message: Message;
  readonly patientCode: string;
  readonly treatmentCode: string | undefined;
  /** PV1-3: where the patient lies. */
  readonly department: string;
  readonly faults: Fault[];
}

/** How soon, why and by whom: every field is optional, and senders of different versions put them in different places. */
function wishesOf(message: Message, group: readonly Segment[], ward: string): Omit<HospitalOrder, 'state'> {
  const first = (...places: readonly (readonly [name: string, field: number, component?: number])[]): string => {
    for (const [name, field, component] of places) {
      const segment = group.find((one) => one.name === name);
      const text = segment === undefined ? '' : valueOf(message, segment, field, component);
      if (text !== '') return text.slice(0, LONGEST_TEXT);
    }
    return '';
  };
  const person = (name: string, field: number): string => {
    const parts = [2, 3, 4].map((component) => first([name, field, component]));
    return parts.filter((part) => part !== '').join(' ') || first([name, field]);
  };
  const priority = PRIORITIES.get(first(['TQ1', 9], ['OBR', 27, 6], ['ORC', 7, 6], ['OBR', 5]).toUpperCase());
  const question = first(['OBR', 31, 2], ['OBR', 31], ['OBR', 13]);
  const physician = person('OBR', 16) || person('ORC', 12);
  const department = first(['ORC', 17, 2], ['ORC', 17]) || ward;
  return {
    ...(priority !== undefined && { priority }),
    ...(question !== '' && { question }),
    ...(physician !== '' && { physician }),
    ...(department !== '' && { department }),
  };
}

/** From one ORC up to the next. */
function orderOf(group: readonly Segment[], context: OrderContext): ReceivedOrder[] {
  const { message, patientCode, treatmentCode, department, faults } = context;
  const [orc] = group;
  if (orc === undefined) return [];
  const before = faults.length;
  const obr = group.find(({ name }) => name === 'OBR');
  const ipc = group.find(({ name }) => name === 'IPC');
  const value = (segment: Segment | undefined, field: number, component = 1): string =>
    segment === undefined ? '' : valueOf(message, segment, field, component);
  const control = value(orc, 1);
  // A change of status may say by its status alone that the order is withdrawn.
  const state = control === 'SC' && WITHDRAWN.has(value(orc, 5)) ? 'cancelled' : CONTROLS.get(control);
  const accession = value(ipc, 1) || value(orc, 2) || value(obr, 2) || value(obr, 18);
  if (control === '') faults.push({ name: 'field-missing', place: placeOf(orc, 1) });
  else if (state === undefined) faults.push({ name: 'table-value', place: placeOf(orc, 1) });
  if (accession === '') faults.push({ name: 'field-missing', place: placeOf(orc, 2) });
  if (state === 'ordered' && obr === undefined)
    faults.push({ name: 'segment-order', place: { segment: 'OBR', sequence: orc.sequence } });
  const [code, text] = [value(obr, 4), value(obr, 4, 2)];
  if (obr !== undefined && code === '' && text === '') faults.push({ name: 'field-missing', place: placeOf(obr, 4) });
  if (faults.length > before || state === undefined) return [];
  return [
    {
      ...wishesOf(message, group, department),
      accession,
      patientCode,
      state,
      ...(obr !== undefined && { service: { code, text, system: value(obr, 4, 3) } }),
      ...(treatmentCode !== undefined && { treatmentCode }),
    },
  ];
}

export function readOrders(segments: readonly Segment[], context: OrderContext): readonly ReceivedOrder[] {
  const groups: Segment[][] = [];
  for (const segment of segments) {
    if (segment.name === 'ORC') groups.push([segment]);
    else if (segment.name === 'TQ1') groups.at(-1)?.push(segment);
    else if (['OBR', 'IPC'].includes(segment.name)) {
      const group = groups.at(-1);
      if (group === undefined) context.faults.push({ name: 'segment-order', place: placeOf(segment) });
      else group.push(segment);
    }
  }
  if (groups.length === 0) context.faults.push({ name: 'segment-order', place: { segment: 'ORC', sequence: 1 } });
  return groups.flatMap((group) => orderOf(group, context));
}
