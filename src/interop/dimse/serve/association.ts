// One association that a peer opened with us: negotiated, served message by message, released, or aborted where the peer breaks the rules.
import type { Socket } from 'node:net';
import { COMMITMENT_INSTANCE, STORAGE_COMMITMENT, VERIFICATION } from '#interop/dimse/classes.ts';
import { type Admission, agree, type Agreement, refusal } from '#interop/dimse/negotiate.ts';
import { acceptBody, type AssociateRequest, readRequest, type Rejection } from '#interop/dimse/wire/associate.ts';
import { COMMAND, type CommandParts } from '#interop/dimse/wire/command.ts';
import { WireFault } from '#interop/dimse/wire/fault.ts';
import { type Message, type MessageLimits, readMessage, sendMessage } from '#interop/dimse/wire/message.ts';
import { abortBody, openReader, OUR_MAX_LENGTH, PDU, writePdu } from '#interop/dimse/wire/pdu.ts';
import { IMPLEMENTATION } from '#dicom/write/part10.ts';
import { type CommitmentReport, readReport } from './commitment.ts';
import { type StoreDeps, storeInstance } from './store.ts';

export interface AssociationDeps extends StoreDeps {
  readonly admission: Admission;
  readonly limits: Omit<MessageLimits, 'hold'>;
  /** From the connection to A-ASSOCIATE-RQ (the ARTIM timer of PS3.8). */
  readonly requestMs: number;
  /** Fixed words; AE titles are names of machines, not of people. */
  told(
    event: 'association rejected' | 'association aborted',
    detail: { readonly ae: string; readonly address: string; readonly reason: string },
  ): void;
  reported(report: CommitmentReport): Promise<void>;
}

export interface Peer {
  readonly socket: Socket;
  readonly share: { hold(bytes: number): boolean; release(): void };
  /** True once the service is closing: the association ends after the message in hand. */
  readonly stopping: () => boolean;
  /** Set while a message is being answered. */
  busy: boolean;
}

const rejectBody = ({ result, source, reason }: Rejection): Buffer => Buffer.from([0, result, source, reason]);

async function accept(peer: Peer, request: AssociateRequest, agreement: Agreement): Promise<void> {
  await writePdu(
    peer.socket,
    PDU.accept,
    acceptBody({
      calledAe: request.calledAe,
      callingAe: request.callingAe,
      applicationContext: request.applicationContext,
      maxLength: OUR_MAX_LENGTH,
      implementationClassUid: IMPLEMENTATION.classUid,
      implementationVersion: IMPLEMENTATION.version,
      roles: agreement.roles,
      contexts: agreement.answers,
    }),
  );
}

interface Opened {
  readonly peer: Peer;
  readonly request: AssociateRequest;
  readonly agreement: Agreement;
  readonly deps: AssociationDeps;
}

/** What to answer to one message. Throws WireFault for what no SCP of these classes is asked. */
async function replyTo(message: Message, { peer, request, agreement, deps }: Opened): Promise<CommandParts> {
  const { command, contextId } = message;
  const context = agreement.contexts.get(contextId);
  if (context === undefined) throw new WireFault('unexpected-pdu', 'a context that was not agreed');
  const { sopClassUid, sopInstanceUid, messageId: repliedTo } = command;
  const { callingAe } = request;
  if (command.field === COMMAND.echoRequest && context.abstractSyntax === VERIFICATION)
    return { field: COMMAND.echoReply, sopClassUid: VERIFICATION, repliedTo, status: 0 };
  if (command.field === COMMAND.storeRequest) {
    const address = peer.socket.remoteAddress ?? '';
    const answer = await storeInstance(message, { context, callingAe, address }, deps);
    return { field: COMMAND.storeReply, sopClassUid, sopInstanceUid, repliedTo, ...answer };
  }
  if (command.field === COMMAND.eventRequest && context.abstractSyntax === STORAGE_COMMITMENT) {
    const report = message.dataSet === undefined ? undefined : readReport(message.dataSet, context.transferSyntax);
    if (report !== undefined) await deps.reported(report);
    return {
      field: COMMAND.eventReply,
      sopClassUid: STORAGE_COMMITMENT,
      sopInstanceUid: COMMITMENT_INSTANCE,
      repliedTo,
      eventType: command.eventType,
      // 0110 processing failure: the peer may report again.
      status: report === undefined ? 0x0110 : 0x0000,
    };
  }
  throw new WireFault('unexpected-pdu', 'a service that is not offered');
}

async function serveMessages(opened: Opened, reader: ReturnType<typeof openReader>): Promise<void> {
  const { peer, request, deps } = opened;
  const limits: MessageLimits = { ...deps.limits, hold: (bytes) => peer.share.hold(bytes) };
  for (;;) {
    const received = await readMessage(reader, limits);
    if (received === undefined) return;
    if (received.kind === 'release') {
      await writePdu(peer.socket, PDU.releaseReply, Buffer.alloc(4));
      return;
    }
    peer.busy = true;
    try {
      const command = await replyTo(received.message, opened);
      await sendMessage(peer.socket, { contextId: received.message.contextId, command }, request.maxLength);
    } finally {
      peer.share.release();
      peer.busy = false;
    }
    if (peer.stopping()) {
      await writePdu(peer.socket, PDU.abort, abortBody(0));
      return;
    }
  }
}

/** Never throws: whatever the peer does ends its own connection and nothing else. */
export async function serveAssociation(peer: Peer, deps: AssociationDeps): Promise<void> {
  const { socket } = peer;
  let ae = '';
  const address = socket.remoteAddress ?? '';
  try {
    const reader = openReader(socket);
    const first = await reader.next(deps.requestMs);
    if (first === undefined) return;
    if (first.type !== PDU.request) throw new WireFault('unexpected-pdu', 'before an association');
    const request = readRequest(first.body);
    ae = request.callingAe;
    const no = refusal(request, address, deps.admission);
    if (no !== undefined) {
      deps.told('association rejected', { ae, address, reason: `${no.source}.${no.reason}` });
      await writePdu(socket, PDU.reject, rejectBody(no));
      return;
    }
    const agreement = agree(request);
    await accept(peer, request, agreement);
    await serveMessages({ peer, request, agreement, deps }, reader);
  } catch (thrown) {
    if (!(thrown instanceof WireFault)) deps.fault('association failed', thrown);
    const reason = thrown instanceof WireFault ? thrown.word : 'internal';
    deps.told('association aborted', { ae, address, reason });
    if (reason !== 'aborted')
      await writePdu(socket, PDU.abort, abortBody(reason === 'unexpected-pdu' ? 2 : 0)).catch(() => undefined);
  } finally {
    peer.share.release();
    socket.destroySoon();
  }
}
