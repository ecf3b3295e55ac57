// An association that we open with a peer: connected, negotiated, asked, released, all within deadlines.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { IMPLEMENTATION } from '#dicom/write/part10.ts';
import {
  APPLICATION_CONTEXT,
  type ProposedContext,
  readAccept,
  requestBody,
  type Role,
} from '#interop/dimse/wire/associate.ts';
import { WireFault } from '#interop/dimse/wire/fault.ts';
import { type Message, type Outgoing, readMessage, sendMessage } from '#interop/dimse/wire/message.ts';
import { abortBody, openReader, OUR_MAX_LENGTH, PDU, writePdu } from '#interop/dimse/wire/pdu.ts';

/** PEM: our certificate and key, and the authorities whose certificates we believe. */
export interface TlsKeys {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface Remote {
  readonly host: string;
  readonly port: number;
  readonly calledAe: string;
  readonly callingAe: string;
  /** Absent: without TLS. */
  readonly tls?: TlsKeys;
}

export interface OpenAssociation {
  /** Accepted contexts by id, with the syntax that the peer chose. */
  readonly accepted: ReadonlyMap<number, string>;
  /** Sends a request and gives its answer. Throws WireFault. */
  ask(request: Outgoing): Promise<Message>;
  /** The next message of the peer. Throws WireFault. */
  next(): Promise<Message>;
  /** What the peer says unasked, or undefined where it says nothing for so long. */
  heard(waitMs: number): Promise<Message | undefined>;
  send(message: Outgoing): Promise<void>;
  release(): Promise<void>;
  /** For every end but the good one. */
  abort(): void;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;
const LARGEST_ANSWER = 1024 * 1024;

function connected({ host, port, tls }: Remote, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket =
      tls === undefined
        ? connect({ host, port, noDelay: true, signal })
        : connectTls({ host, port, ...tls, minVersion: 'TLSv1.2' }).setNoDelay(true);
    if (tls !== undefined) signal.addEventListener('abort', () => socket.destroy(), { once: true });
    const timer = setTimeout(() => socket.destroy(new WireFault('too-slow', 'connecting')), CONNECT_MS);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

export interface AssociationOptions {
  readonly signal: AbortSignal;
  /** The longest wait for one message; absent: half a minute. */
  readonly answerMs?: number;
  /** Of a message to us; absent: the peer sends no images. */
  readonly maxDataSetBytes?: number;
  readonly roles?: readonly Role[];
}

/** Accepted contexts by id, and the largest P-DATA-TF that the peer receives. */
async function negotiate(
  { socket, reader }: { readonly socket: Socket; readonly reader: ReturnType<typeof openReader> },
  remote: Remote,
  asked: { readonly roles: readonly Role[]; readonly contexts: readonly ProposedContext[] },
) {
  const body = requestBody({
    calledAe: remote.calledAe,
    callingAe: remote.callingAe,
    applicationContext: APPLICATION_CONTEXT,
    maxLength: OUR_MAX_LENGTH,
    implementationClassUid: IMPLEMENTATION.classUid,
    implementationVersion: IMPLEMENTATION.version,
    ...asked,
  });
  await writePdu(socket, PDU.request, body);
  const answer = await reader.next(ANSWER_MS);
  if (answer === undefined) throw new WireFault('closed');
  if (answer.type === PDU.reject) throw new WireFault('rejected', [...answer.body.subarray(1, 4)].join('.'));
  if (answer.type === PDU.abort) throw new WireFault('aborted');
  if (answer.type !== PDU.accept) throw new WireFault('unexpected-pdu');
  const accept = readAccept(answer.body);
  const accepted = new Map(
    accept.contexts.flatMap(({ id, result, transferSyntax }) => (result === 0 ? [[id, transferSyntax] as const] : [])),
  );
  return { accepted, maxLength: accept.maxLength };
}

/** Throws WireFault `rejected`, and what connecting throws. */
export async function openAssociation(
  remote: Remote,
  contexts: readonly ProposedContext[],
  { signal, answerMs = ANSWER_MS, maxDataSetBytes = LARGEST_ANSWER, roles = [] }: AssociationOptions,
): Promise<OpenAssociation> {
  const socket = await connected(remote, signal);
  socket.on('error', () => socket.destroy());
  const reader = openReader(socket);
  const limits = {
    idleMs: answerMs,
    pduMs: answerMs,
    messageMs: answerMs,
    maxDataSetBytes,
    hold: () => true,
  };

  // One read at a time: a wait that was given up leaves its read to the next one.
  let reading: Promise<Message> | undefined;
  async function receive(): Promise<Message> {
    const received = await readMessage(reader, limits);
    if (received?.kind !== 'message') throw new WireFault('closed');
    return received.message;
  }
  function next(): Promise<Message> {
    const begun = reading ?? receive();
    reading = begun;
    begun.then(
      () => (reading = undefined),
      () => undefined,
    );
    return begun;
  }

  try {
    const { accepted, maxLength } = await negotiate({ socket, reader }, remote, { roles, contexts });
    return {
      accepted,
      next,
      heard: (waitMs) => Promise.race([next(), pause(waitMs, undefined, { ref: false })]),
      send: (message) => sendMessage(socket, message, maxLength),
      async ask(request) {
        await sendMessage(socket, request, maxLength);
        const answer = await next();
        if (answer.command.repliedTo !== request.command.messageId) throw new WireFault('unexpected-answer');
        return answer;
      },
      async release() {
        await writePdu(socket, PDU.releaseRequest, Buffer.alloc(4));
        // Some peers close without an answer; what they stored is stored.
        await Promise.race([reading ?? reader.next(CONNECT_MS), pause(CONNECT_MS, undefined, { ref: false })]).catch(
          () => undefined,
        );
        socket.destroySoon();
      },
      abort() {
        void writePdu(socket, PDU.abort, abortBody(0))
          .catch(() => undefined)
          .finally(() => socket.destroySoon());
      },
    };
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  }
}
