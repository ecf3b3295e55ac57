// Protocol data units on a socket (PS3.8 section 9.3): read one by one under a size cap and a deadline, so that the peer's sender waits
// while we work, and written whole.
import type { Socket } from 'node:net';
import { u32 } from './bytes.ts';
import { WireFault } from './fault.ts';

export const PDU = { request: 1, accept: 2, reject: 3, data: 4, releaseRequest: 5, releaseReply: 6, abort: 7 } as const;

export interface Pdu {
  readonly type: number;
  readonly body: Buffer;
}

/** What we say that we receive; also the cap for a P-DATA-TF. */
export const OUR_MAX_LENGTH = 128 * 1024;
/** 128 contexts of a few hundred bytes each fit. */
const LARGEST_ASSOCIATE = 256 * 1024;
const LARGEST_OTHER = 1024;

function largest(type: number): number {
  if (type === PDU.data) return OUR_MAX_LENGTH;
  return type === PDU.request || type === PDU.accept ? LARGEST_ASSOCIATE : LARGEST_OTHER;
}

export interface PduReader {
  /** Undefined when the peer closed between two PDUs. Throws WireFault. */
  next(deadlineMs: number): Promise<Pdu | undefined>;
}

export function openReader(socket: Socket): PduReader {
  const chunks = socket.iterator({ destroyOnReturn: false });
  let held: Buffer[] = [];
  let length = 0;

  async function fill(wanted: number): Promise<boolean> {
    while (length < wanted) {
      const next = await chunks.next();
      if (next.done === true) return false;
      if (!Buffer.isBuffer(next.value)) continue;
      held.push(next.value);
      length += next.value.length;
    }
    return true;
  }

  function take(count: number): Buffer {
    const all = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    const rest = all.subarray(count);
    held = rest.length === 0 ? [] : [rest];
    length = rest.length;
    return all.subarray(0, count);
  }

  async function read(): Promise<Pdu | undefined> {
    if (!(await fill(6))) {
      if (length > 0) throw new WireFault('closed', 'inside a PDU');
      return undefined;
    }
    const header = take(6);
    const type = header.readUInt8(0);
    const size = header.readUInt32BE(2);
    if (type < PDU.request || type > PDU.abort) throw new WireFault('broken-pdu', 'no such type');
    if (size > largest(type)) throw new WireFault('pdu-too-large');
    if (!(await fill(size))) throw new WireFault('closed', 'inside a PDU');
    return { type, body: take(size) };
  }

  return {
    async next(deadlineMs) {
      let slow = false;
      const timer = setTimeout(() => {
        slow = true;
        socket.destroy();
      }, deadlineMs);
      try {
        return await read();
      } catch (thrown) {
        if (slow) throw new WireFault('too-slow');
        if (thrown instanceof WireFault) throw thrown;
        // A connection that was reset: the peer is gone.
        throw new WireFault('closed');
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const SENDABLE_AT_ONCE = 1024 * 1024;

/** Resolves when the socket takes more: a slow receiver does not fill our memory. Throws WireFault `closed`. */
export async function writePdu(socket: Socket, type: number, body: Buffer): Promise<void> {
  if (socket.destroyed || !socket.writable) throw new WireFault('closed');
  socket.write(Buffer.concat([Buffer.from([type, 0]), u32(body.length), body]));
  if (socket.writableLength < SENDABLE_AT_ONCE) return;
  await new Promise<void>((resolve, reject) => {
    const drained = (): void => {
      socket.off('close', closed);
      resolve();
    };
    const closed = (): void => {
      socket.off('drain', drained);
      reject(new WireFault('closed'));
    };
    socket.once('drain', drained);
    socket.once('close', closed);
  });
}

/** Source 2 (service provider); reason 0 where none fits. */
export const abortBody = (reason: number): Buffer => Buffer.from([0, 0, 2, reason]);
