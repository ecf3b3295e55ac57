// Takes one message: it is kept, and only then answered. A refused one leaves a reason and a hash.
import type { RefusalLog } from '#kernel/refusal.ts';
import type { IncomingMessage, TakenMessage } from '#kernel/incoming-message.ts';
import type { Clock } from '#kernel/clock.ts';
import { asCaller } from '#kernel/audit-caller.ts';
import { CareError, type Language } from '#kernel/errors.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { ORDER_ROOM, PERSON_ROOM } from '#kernel/hospital-order.ts';
import { answersTo } from '#interop/hl7v2/wire/acknowledge.ts';
import { hl7Errors } from '#interop/hl7v2/errors.ts';
import { CONDITIONS, type Fault, placeText } from '#interop/hl7v2/wire/fault.ts';
import { type Header, openMessage } from '#interop/hl7v2/wire/header.ts';
import type { Message } from '#interop/hl7v2/wire/message.ts';
import { type Content, readContent } from './read.ts';

/** What taking needs of a facility's store; the store's own type fits. */
export interface Hl7Store {
  readonly incoming: {
    take(message: IncomingMessage): Promise<TakenMessage>;
  };
  readonly refusals: RefusalLog;
}

export interface TakeDeps {
  /** Of the peer, for the audit. */
  readonly address: string;
  readonly store: Hl7Store;
  readonly clock: Clock;
  readonly language: Language;
  readonly indicators: ReadonlyMap<string, string>;
  /** Fixed words and the fault, nothing of a patient. */
  readonly fault: (event: string, thrown: unknown) => void;
}

const MESSAGE_ROOM = 'hl7v2-message';

const senderOf = ({ sendingApplication, sendingFacility }: Header): string =>
  `${sendingApplication}|${sendingFacility}`;

/** A moment sorts as its text only in one zone; a day alone counts from its beginning. */
const utc = (time: string | undefined, now: Date): string => {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return (Number.isNaN(at) ? now : new Date(at)).toISOString();
};

function recordsOf({ patients, orders }: Content, header: Header, now: Date) {
  const asOf = utc(header.time, now);
  return [
    // Only an ADT says who somebody is; in other messages the PID is a reminder, often of fewer fields.
    ...(header.type === 'ADT' ? patients : []).map((patient) => ({
      room: PERSON_ROOM,
      key: patient.patientCode,
      asOf,
      value: { ...patient, event: header.event },
    })),
    ...orders.map((order) => ({ room: ORDER_ROOM, key: order.accession, asOf, value: { ...order } })),
  ];
}

/** Of what a message says: some senders write the moment of sending anew (MSH-7) when they send it again. */
function contentSha256(bytes: Buffer, { delimiters }: Message): string {
  const text = bytes.toString('latin1');
  const end = text.search(/[\r\n]|$/);
  const header = text.slice(0, end).split(delimiters.field).toSpliced(6, 1).join(delimiters.field);
  return sha256Hex(Buffer.from(header + text.slice(end), 'latin1'));
}

async function refuse(faults: readonly Fault[], sha256: string, { store, fault }: TakeDeps): Promise<void> {
  const [first] = faults;
  if (first === undefined) return;
  await store.refusals
    .record({
      code: `hl7v2.${first.name}`,
      field: placeText(first.place),
      reason: CONDITIONS[first.name].text,
      sha256,
    })
    // The sender hears the reason all the same.
    .catch((thrown: unknown) => fault('refusal not kept', thrown));
}

async function keep(content: Content, header: Header, sha256: string, deps: TakeDeps) {
  const now = deps.clock.now();
  const sender = senderOf(header);
  const actor = `hl7v2:${sender}`;
  const message: IncomingMessage = {
    room: MESSAGE_ROOM,
    key: `${sender}|${header.controlId}`,
    sha256,
    answers: answersTo(header, [], { now, language: deps.language, sha256 }),
    measurements: content.measurements,
    reports: content.reports,
    corrected: content.corrected,
    news: content.news,
    records: recordsOf(content, header, now),
    audit: {
      actor,
      action: 'hl7v2.received',
      subjectType: 'message',
      subjectId: header.controlId,
      detail: {
        type: `${header.type}^${header.event}`,
        sha256,
        measurements: content.measurements.length,
        reports: content.reports.length,
        orders: content.orders.length,
        corrected: content.corrected.length,
      },
    },
  };
  return asCaller({ actor, address: deps.address }, () => deps.store.incoming.take(message));
}

/** The beginning of a message that is larger than allowed: it is not kept, and its sender is told why. */
export async function refuseTooLarge(head: Buffer, deps: TakeDeps): Promise<readonly string[]> {
  const end = head.findIndex((byte, place) => place > 3 && (byte === 0x0d || byte === 0x0a));
  const { header } = openMessage(head.subarray(0, end === -1 ? head.length : end));
  if (header?.type === 'ACK') return [];
  const faults: readonly Fault[] = [{ name: 'too-large', place: { segment: 'MSH', sequence: 1 } }];
  const sha256 = sha256Hex(head);
  await refuse(faults, sha256, deps);
  return answersTo(header, faults, { now: deps.clock.now(), language: deps.language, sha256 });
}

/** Never throws: whatever happens, the sender is answered as it asked to be. */
export async function takeMessage(bytes: Buffer, deps: TakeDeps): Promise<readonly string[]> {
  const sha256 = sha256Hex(bytes);
  const { header, message, faults: found } = openMessage(bytes);
  // An answer that came in the wrong way round; to answer it could go on for ever.
  if (header?.type === 'ACK') return [];
  const faults = [...found];
  const answer = (): readonly string[] =>
    answersTo(header, faults, { now: deps.clock.now(), language: deps.language, sha256 });
  try {
    const headerIsSound = faults.length === 0;
    const content =
      headerIsSound && header !== undefined && message !== undefined
        ? readContent({ header, message, indicators: deps.indicators, faults })
        : undefined;
    if (content !== undefined && header !== undefined && message !== undefined && faults.length === 0) {
      const taken = await keep(content, header, contentSha256(bytes, message), deps);
      if (taken.status !== 'conflict') return taken.answers;
      faults.push({ name: 'duplicate-key', place: { segment: 'MSH', sequence: 1, field: 10 } });
    }
    await refuse(faults, sha256, deps);
  } catch (thrown) {
    deps.fault(
      'HL7 message not kept',
      thrown instanceof CareError ? thrown : hl7Errors.error('internal', { cause: thrown }),
    );
    faults.push({ name: 'internal', place: { segment: 'MSH', sequence: 1 } });
  }
  return answer();
}
