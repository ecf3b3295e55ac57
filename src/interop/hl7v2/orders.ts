// The ORC and OBR of an order come in; orders by their accession number go out, for the study that will come.
import type { Fault } from './fault.ts';
import { type Message, type Segment, valueOf } from './message.ts';
import { placeOf } from './patient.ts';

export interface ReceivedOrder {
  /** The study's (0008,0050); in HisPro SERE_SERV.ID. */
  readonly accession: string;
  readonly patientCode: string;
  readonly state: 'ordered' | 'cancelled';
  readonly service?: { readonly code: string; readonly text: string; readonly system: string };
  readonly treatmentCode?: string;
}

/** Table 0119, as far as an order is meant; the others answer one. */
const CONTROLS: Readonly<Record<string, ReceivedOrder['state']>> = {
  NW: 'ordered',
  XO: 'ordered',
  RP: 'ordered',
  SC: 'ordered',
  SN: 'ordered',
  RO: 'ordered',
  CA: 'cancelled',
  DC: 'cancelled',
  OC: 'cancelled',
  OD: 'cancelled',
};

export interface OrderContext {
  readonly message: Message;
  readonly patientCode: string;
  readonly treatmentCode: string | undefined;
  readonly faults: Fault[];
}

/** From one ORC up to the next. */
function orderOf(group: readonly Segment[], context: OrderContext): ReceivedOrder[] {
  const { message, patientCode, treatmentCode, faults } = context;
  const [orc] = group;
  if (orc === undefined) return [];
  const before = faults.length;
  const obr = group.find(({ name }) => name === 'OBR');
  const ipc = group.find(({ name }) => name === 'IPC');
  const value = (segment: Segment | undefined, field: number, component = 1): string =>
    segment === undefined ? '' : valueOf(message, segment, field, component);
  const control = value(orc, 1);
  const state = CONTROLS[control];
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
    else if (['OBR', 'IPC'].includes(segment.name)) {
      const group = groups.at(-1);
      if (group === undefined) context.faults.push({ name: 'segment-order', place: placeOf(segment) });
      else group.push(segment);
    }
  }
  if (groups.length === 0) context.faults.push({ name: 'segment-order', place: { segment: 'ORC', sequence: 1 } });
  return groups.flatMap((group) => orderOf(group, context));
}
