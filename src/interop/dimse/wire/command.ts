// DIMSE command sets (PS3.7 annex E): implicit little endian, group 0000 only.
import { ascii, type DataSet, shorts } from '#dicom/read/element.ts';
import { readDataSet } from '#dicom/read/reader.ts';
import { CareError } from '#kernel/errors.ts';
import { type Element, encodeDataSet, numbers, text } from '#dicom/write/element.ts';
import { WireFault } from './fault.ts';

export const COMMAND = {
  storeRequest: 0x0001,
  storeReply: 0x8001,
  getRequest: 0x0010,
  getReply: 0x8010,
  findRequest: 0x0020,
  findReply: 0x8020,
  moveRequest: 0x0021,
  moveReply: 0x8021,
  echoRequest: 0x0030,
  echoReply: 0x8030,
  eventRequest: 0x0100,
  eventReply: 0x8100,
  actionRequest: 0x0130,
  actionReply: 0x8130,
} as const;

const NO_DATA_SET = 0x0101;
const WITH_DATA_SET = 0x0000;

export interface Command {
  readonly field: number;
  /** Affected or Requested SOP Class and Instance UID. */
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
  readonly messageId: number;
  readonly repliedTo: number;
  readonly status: number;
  readonly hasDataSet: boolean;
  /** Of N-EVENT-REPORT. */
  readonly eventType: number;
  /** Of C-MOVE and C-GET. */
  readonly failedSubOperations: number;
  /** Who asked for the C-MOVE of which this C-STORE is a part. */
  readonly moveOriginator: string | undefined;
}

const one = (set: DataSet, tag: number): number | undefined => shorts(set, tag)[0];

/** Throws WireFault `broken-command`. */
export function readCommand(bytes: Buffer): Command {
  try {
    const { set } = readDataSet(bytes, 0, { encoding: { explicitVr: false, bigEndian: false } });
    const field = one(set, 0x00000100);
    const dataSetType = one(set, 0x00000800);
    if (field === undefined || dataSetType === undefined) throw new WireFault('broken-command');
    return {
      field,
      sopClassUid: ascii(set, 0x00000002) ?? ascii(set, 0x00000003),
      sopInstanceUid: ascii(set, 0x00001000) ?? ascii(set, 0x00001001),
      messageId: one(set, 0x00000110) ?? 0,
      repliedTo: one(set, 0x00000120) ?? 0,
      status: one(set, 0x00000900) ?? 0,
      hasDataSet: dataSetType !== NO_DATA_SET,
      eventType: one(set, 0x00001002) ?? 0,
      moveOriginator: ascii(set, 0x00001030),
      failedSubOperations: one(set, 0x00001022) ?? 0,
    };
  } catch (thrown) {
    if (thrown instanceof CareError) throw new WireFault('broken-command');
    throw thrown;
  }
}

export interface CommandParts {
  readonly field: number;
  readonly sopClassUid?: string | undefined;
  readonly sopInstanceUid?: string | undefined;
  /** Class and instance are those that an N-service asks for, not those that it affects. */
  readonly requested?: true;
  readonly messageId?: number;
  readonly repliedTo?: number;
  readonly status?: number;
  /** At most 64 characters; a fixed code, nothing of a patient. */
  readonly comment?: string;
  readonly hasDataSet?: boolean;
  readonly eventType?: number | undefined;
  readonly actionType?: number;
  readonly priority?: number;
  /** AE title to which a C-MOVE sends. */
  readonly destination?: string;
  readonly moveOriginator?: string;
}

export function writeCommand(parts: CommandParts): Buffer {
  const { requested } = parts;
  const word = (tag: number, value: number | undefined): Element[] =>
    value === undefined ? [] : [numbers(tag, 'US', value)];
  const name = (tag: number, vr: string, value: string | undefined): Element[] =>
    value === undefined ? [] : [text(tag, vr, value)];
  const body = encodeDataSet(
    [
      ...name(requested === true ? 0x00000003 : 0x00000002, 'UI', parts.sopClassUid),
      ...word(0x00000100, parts.field),
      ...word(0x00000110, parts.messageId),
      ...word(0x00000120, parts.repliedTo),
      ...name(0x00000600, 'AE', parts.destination),
      ...word(0x00000700, parts.priority),
      ...word(0x00000800, parts.hasDataSet === true ? WITH_DATA_SET : NO_DATA_SET),
      ...word(0x00000900, parts.status),
      ...name(0x00000902, 'LO', parts.comment?.slice(0, 64)),
      ...name(requested === true ? 0x00001001 : 0x00001000, 'UI', parts.sopInstanceUid),
      ...word(0x00001002, parts.eventType),
      ...name(0x00001030, 'AE', parts.moveOriginator),
      ...word(0x00001008, parts.actionType),
    ],
    'implicit-little',
  );
  return Buffer.concat([encodeDataSet([numbers(0x00000000, 'UL', body.length)], 'implicit-little'), body]);
}
