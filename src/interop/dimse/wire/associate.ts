// A-ASSOCIATE-RQ, -AC and -RJ (PS3.8 section 9.3.2 to 9.3.4): what two programs agree on before the first message.
import { withoutEnd } from '#kernel/text-end.ts';
import { openCursor, u16, u32, type Cursor } from './bytes.ts';
import { WireFault } from './fault.ts';

export const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

export interface ProposedContext {
  /** Odd, 1 to 255. */
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

export interface AnsweredContext {
  readonly id: number;
  /** 0 accepted, 1 user rejection, 3 abstract syntax not supported, 4 transfer syntaxes not supported. */
  readonly result: number;
  readonly transferSyntax: string;
}

/** Who plays which role for a SOP class (PS3.7 D.3.3.4). */
export interface Role {
  readonly sopClass: string;
  readonly scu: boolean;
  readonly scp: boolean;
}

interface Parties {
  readonly calledAe: string;
  readonly callingAe: string;
  readonly applicationContext: string;
  /** Largest P-DATA-TF that the writer of this PDU receives; 0: no limit. */
  readonly maxLength: number;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  readonly roles: readonly Role[];
}

export interface AssociateRequest extends Parties {
  readonly contexts: readonly ProposedContext[];
}
export interface AssociateAccept extends Parties {
  readonly contexts: readonly AnsweredContext[];
}

export interface Rejection {
  /** 1 permanent, 2 transient. */
  readonly result: 1 | 2;
  /** 1 service user, 2 service provider (ACSE), 3 service provider (presentation). */
  readonly source: 1 | 2 | 3;
  readonly reason: number;
}

const item = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type, 0]), u16(body.length), body]);
const uidItem = (type: number, uid: string): Buffer => item(type, Buffer.from(uid, 'latin1'));
const aeField = (title: string): Buffer => Buffer.from(title.padEnd(16).slice(0, 16), 'latin1');

const roleItem = ({ sopClass, scu, scp }: Role): Buffer => {
  const uid = Buffer.from(sopClass, 'latin1');
  return item(0x54, Buffer.concat([u16(uid.length), uid, Buffer.from([Number(scu), Number(scp)])]));
};

const userInformation = ({ maxLength, implementationClassUid, implementationVersion, roles }: Parties): Buffer =>
  item(
    0x50,
    Buffer.concat([
      item(0x51, u32(maxLength)),
      uidItem(0x52, implementationClassUid),
      ...roles.map(roleItem),
      uidItem(0x55, implementationVersion),
    ]),
  );

const body = (parties: Parties, contexts: readonly Buffer[]): Buffer =>
  Buffer.concat([
    u16(1),
    u16(0),
    aeField(parties.calledAe),
    aeField(parties.callingAe),
    Buffer.alloc(32),
    uidItem(0x10, parties.applicationContext),
    ...contexts,
    userInformation(parties),
  ]);

export const requestBody = (request: AssociateRequest): Buffer =>
  body(
    request,
    request.contexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
      item(
        0x20,
        Buffer.concat([
          Buffer.from([id, 0, 0, 0]),
          uidItem(0x30, abstractSyntax),
          ...transferSyntaxes.map((uid) => uidItem(0x40, uid)),
        ]),
      ),
    ),
  );

export const acceptBody = (accept: AssociateAccept): Buffer =>
  body(
    accept,
    accept.contexts.map(({ id, result, transferSyntax }) =>
      item(0x21, Buffer.concat([Buffer.from([id, 0, result, 0]), uidItem(0x40, transferSyntax)])),
    ),
  );

const uidText = (bytes: Buffer): string => {
  const uid = withoutEnd(bytes.toString('latin1'), '\0 ');
  if (!/^[0-9.]{1,64}$/.test(uid)) throw new WireFault('broken-pdu', 'not a UID');
  return uid;
};

interface Draft {
  applicationContext: string;
  maxLength: number;
  implementationClassUid: string;
  implementationVersion: string;
  readonly roles: Role[];
  readonly proposed: ProposedContext[];
  readonly answered: AnsweredContext[];
}

function* items(cursor: Cursor): Generator<{ readonly type: number; readonly bytes: Buffer }> {
  while (cursor.left > 0) {
    const type = cursor.u8();
    cursor.u8();
    yield { type, bytes: cursor.take(cursor.u16()) };
  }
}

function readContext(type: number, bytes: Buffer, draft: Draft): void {
  const cursor = openCursor(bytes);
  const id = cursor.u8();
  cursor.u8();
  const result = cursor.u8();
  cursor.u8();
  if (id % 2 === 0) throw new WireFault('broken-pdu', 'an even presentation context');
  let abstractSyntax = '';
  const transferSyntaxes: string[] = [];
  for (const part of items(cursor)) {
    if (part.type === 0x30) abstractSyntax = uidText(part.bytes);
    // The transfer syntax of a context that was not accepted is not significant, and some write none.
    if (part.type === 0x40 && part.bytes.length > 0) transferSyntaxes.push(uidText(part.bytes));
  }
  if (type === 0x21) draft.answered.push({ id, result, transferSyntax: transferSyntaxes[0] ?? '' });
  else if (abstractSyntax !== '') draft.proposed.push({ id, abstractSyntax, transferSyntaxes });
  else throw new WireFault('broken-pdu', 'a context without an abstract syntax');
}

function readUser(bytes: Buffer, draft: Draft): void {
  for (const part of items(openCursor(bytes))) {
    const cursor = openCursor(part.bytes);
    if (part.type === 0x51) draft.maxLength = cursor.u32();
    else if (part.type === 0x52) draft.implementationClassUid = uidText(part.bytes);
    else if (part.type === 0x55) draft.implementationVersion = part.bytes.toString('latin1').trim().slice(0, 16);
    else if (part.type === 0x54)
      draft.roles.push({
        sopClass: uidText(cursor.take(cursor.u16())),
        scu: cursor.u8() === 1,
        scp: cursor.u8() === 1,
      });
    // Other sub-items (asynchronous operations, extended negotiation, user identity) are proposals that may be left unanswered.
  }
}

/** Reads the body of A-ASSOCIATE-RQ or -AC. Throws WireFault `broken-pdu`. */
function readAssociate(bytes: Buffer): Draft & { readonly calledAe: string; readonly callingAe: string } {
  const cursor = openCursor(bytes);
  if ((cursor.u16() & 1) === 0) throw new WireFault('broken-pdu', 'another version of the protocol');
  cursor.u16();
  const [calledAe, callingAe] = [cursor.take(16), cursor.take(16)].map((field) => field.toString('latin1').trim());
  cursor.take(32);
  const draft: Draft = {
    applicationContext: '',
    maxLength: 0,
    implementationClassUid: '',
    implementationVersion: '',
    roles: [],
    proposed: [],
    answered: [],
  };
  for (const { type, bytes: part } of items(cursor)) {
    if (type === 0x10) draft.applicationContext = uidText(part);
    else if (type === 0x20 || type === 0x21) readContext(type, part, draft);
    else if (type === 0x50) readUser(part, draft);
  }
  if (draft.proposed.length + draft.answered.length > 128) throw new WireFault('broken-pdu', 'more than 128 contexts');
  return { ...draft, calledAe: calledAe ?? '', callingAe: callingAe ?? '' };
}

export function readRequest(bytes: Buffer): AssociateRequest {
  const { proposed: contexts, answered: _answered, ...rest } = readAssociate(bytes);
  return { ...rest, contexts };
}

export function readAccept(bytes: Buffer): AssociateAccept {
  const { answered: contexts, proposed: _proposed, ...rest } = readAssociate(bytes);
  return { ...rest, contexts };
}
