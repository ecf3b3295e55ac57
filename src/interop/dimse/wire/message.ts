// DIMSE messages over P-DATA-TF (PS3.8 annex E): a command and perhaps a data set, each in fragments that may share a PDU.
import type { Socket } from 'node:net';
import { openCursor, u32 } from './bytes.ts';
import { type Command, type CommandParts, readCommand, writeCommand } from './command.ts';
import { WireFault } from './fault.ts';
import { OUR_MAX_LENGTH, PDU, type PduReader, writePdu } from './pdu.ts';

export interface Message {
  readonly contextId: number;
  readonly command: Command;
  /** Undefined where the command has none, or where it was larger than allowed and was read past. */
  readonly dataSet: Buffer | undefined;
  readonly tooLarge: boolean;
}

export interface MessageLimits {
  /** Between two messages. */
  readonly idleMs: number;
  /** From one PDU of a message to the next. */
  readonly pduMs: number;
  /** From a message's first PDU to its last. */
  readonly messageMs: number;
  readonly maxDataSetBytes: number;
  /** Asks whether so many more bytes may be held now; false: the data set is read past. */
  hold(bytes: number): boolean;
}

/** A command set has some hundred bytes. */
const LARGEST_COMMAND = 64 * 1024;

export type Received = { readonly kind: 'message'; readonly message: Message } | { readonly kind: 'release' };

interface Draft {
  contextId: number | undefined;
  readonly command: Buffer[];
  commandBytes: number;
  parsed: Command | undefined;
  data: Buffer[];
  dataBytes: number;
  tooLarge: boolean;
  done: boolean;
}

function addFragment(draft: Draft, pdv: Buffer, limits: MessageLimits): void {
  const cursor = openCursor(pdv);
  const contextId = cursor.u8();
  const flags = cursor.u8();
  const [isCommand, isLast] = [(flags & 1) === 1, (flags & 2) === 2];
  if (draft.done) throw new WireFault('unexpected-pdu', 'a fragment after the last one');
  if (draft.contextId !== undefined && draft.contextId !== contextId)
    throw new WireFault('unexpected-pdu', 'fragments of two contexts');
  draft.contextId = contextId;
  const fragment = cursor.take(cursor.left);
  if (isCommand) {
    if (draft.parsed !== undefined) throw new WireFault('unexpected-pdu', 'a second command');
    draft.commandBytes += fragment.length;
    if (draft.commandBytes > LARGEST_COMMAND) throw new WireFault('broken-command');
    draft.command.push(fragment);
    if (isLast) {
      draft.parsed = readCommand(Buffer.concat(draft.command));
      draft.done = !draft.parsed.hasDataSet;
    }
    return;
  }
  if (draft.parsed === undefined) throw new WireFault('unexpected-pdu', 'data before the command');
  draft.dataBytes += fragment.length;
  if (!draft.tooLarge && (draft.dataBytes > limits.maxDataSetBytes || !limits.hold(fragment.length))) {
    draft.tooLarge = true;
    draft.data = [];
  }
  if (!draft.tooLarge) draft.data.push(fragment);
  draft.done = isLast;
}

/** The next message or the wish to end. Throws WireFault; undefined when the peer closed without a word. */
export async function readMessage(reader: PduReader, limits: MessageLimits): Promise<Received | undefined> {
  const draft: Draft = {
    contextId: undefined,
    command: [],
    commandBytes: 0,
    parsed: undefined,
    data: [],
    dataBytes: 0,
    tooLarge: false,
    done: false,
  };
  let started: number | undefined;
  while (!draft.done) {
    const pdu = await reader.next(started === undefined ? limits.idleMs : limits.pduMs);
    if (pdu === undefined) {
      if (started === undefined) return undefined;
      throw new WireFault('closed', 'inside a message');
    }
    if (pdu.type === PDU.abort) throw new WireFault('aborted');
    if (pdu.type === PDU.releaseRequest && started === undefined) return { kind: 'release' };
    if (pdu.type !== PDU.data) throw new WireFault('unexpected-pdu');
    started ??= performance.now();
    if (performance.now() - started > limits.messageMs) throw new WireFault('too-slow');
    const cursor = openCursor(pdu.body);
    while (cursor.left > 0) addFragment(draft, cursor.take(cursor.u32()), limits);
  }
  const { contextId, parsed, data, tooLarge } = draft;
  if (contextId === undefined || parsed === undefined) throw new WireFault('broken-command');
  const dataSet = parsed.hasDataSet && !tooLarge ? Buffer.concat(data) : undefined;
  return { kind: 'message', message: { contextId, command: parsed, dataSet, tooLarge } };
}

export interface Outgoing {
  readonly contextId: number;
  readonly command: CommandParts;
  readonly dataSet?: Buffer;
}

/** `maxLength`: of the peer; 0 for no limit. A fragment's own header has six bytes. */
export async function sendMessage(socket: Socket, message: Outgoing, maxLength: number): Promise<void> {
  const { contextId, command, dataSet } = message;
  const size = Math.max(64, Math.min(maxLength === 0 ? OUR_MAX_LENGTH : maxLength, OUR_MAX_LENGTH) - 6);
  const send = async (bytes: Buffer, isCommand: boolean): Promise<void> => {
    for (let at = 0; at === 0 || at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      const flags = Number(isCommand) | (at + size >= bytes.length ? 2 : 0);
      await writePdu(socket, PDU.data, Buffer.concat([u32(piece.length + 2), Buffer.from([contextId, flags]), piece]));
    }
  };
  await send(writeCommand({ ...command, hasDataSet: dataSet !== undefined }), true);
  if (dataSet !== undefined) await send(dataSet, false);
}
