// Sends one message of the outbox over MLLP; the receiver's answer decides whether it is sent again.
import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import type { Delivery, Sender } from '#delivery/ports.ts';
import { createDeframer, framed } from './framing.ts';
import { readDelimiters } from './message.ts';
import { hl7Target } from '#interop/hl7v2/out/result-messages.ts';

const bodySchema = z.object({ controlId: z.string().min(1), text: z.string().min(1) });

/** An answer is short. */
const MAX_ANSWER_BYTES = 256 * 1024;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, also `[::1]:2575`. */
function addressOf(receiver: string): Address {
  const at = receiver.lastIndexOf(':');
  return { host: receiver.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(receiver.slice(at + 1)) };
}

/**
 * MSA-1 of an answer to this message; undefined for another's, or for what is no answer. Nothing else of it is judged, nor its
 * character set: a receiver that took the message and says so badly would get it again.
 */
function codeIn(answer: Buffer, controlId: string): string | undefined {
  const text = answer.toString('latin1').trimStart();
  const delimiters = readDelimiters(text);
  if ('place' in delimiters) return undefined;
  const msa = text
    .split(/[\r\n]+/)
    .map((line) => line.split(delimiters.field))
    .find(([name]) => name === 'MSA');
  return msa?.[2]?.trim() === controlId ? msa[1]?.trim() : undefined;
}

/** In error: sending it again will not help. Rejected: the receiver was not able to, and may be later. */
function deliveryFor(code: string): Delivery {
  if (code === 'AA' || code === 'CA') return { kind: 'delivered' };
  const reason = /^[AC][ER]$/.test(code) ? `answered ${code}` : 'answered with no known code';
  return code === 'AE' || code === 'CE' ? { kind: 'refused', reason } : { kind: 'later', reason };
}

/** Ends with the code of the answer to this message, or throws what went wrong on the way. */
async function codeOverWire(socket: Socket, controlId: string): Promise<string> {
  const deframer = createDeframer(MAX_ANSWER_BYTES);
  for await (const chunk of socket) {
    if (!Buffer.isBuffer(chunk)) continue;
    const { messages, fault } = deframer.push(chunk);
    for (const message of messages) {
      const code = codeIn(message, controlId);
      if (code !== undefined) return code;
    }
    if (fault !== undefined) return '';
  }
  throw new Error('no answer');
}

/** One connection per message: nothing of an earlier exchange can be taken for the answer to this one. */
export function hl7Sender(receiver: string): Sender {
  return {
    target: hl7Target(receiver),
    async send(message, signal) {
      const body = bodySchema.safeParse(message.body);
      if (!body.success) return { kind: 'refused', reason: 'no HL7 message' };
      const { controlId, text } = body.data;
      const socket = connect({ ...addressOf(receiver), noDelay: true });
      // Heard by the loop that reads the answer, too; without a listener of its own a late error would end the process.
      socket.on('error', () => undefined);
      const abort = (): void => void socket.destroy(new Error('no answer in time'));
      signal.addEventListener('abort', abort, { once: true });
      try {
        socket.write(framed(text));
        return deliveryFor(await codeOverWire(socket, controlId));
      } finally {
        signal.removeEventListener('abort', abort);
        socket.destroy();
      }
    },
  };
}
