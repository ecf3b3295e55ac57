// C-FIND, C-MOVE and C-GET as SCU in the Study Root model (PS3.4 annex C): one association per question, its answers bounded in number and time.
import { ascii, type DataSet as ReadDataSet } from '#dicom/read/element.ts';
import { type Element, text } from '#dicom/write/element.ts';
import { EXPLICIT_LITTLE, IMPLICIT_LITTLE, QUERY, STORAGE_CLASSES, TRANSFER_SYNTAXES } from '#interop/dimse/classes.ts';
import { type OpenAssociation, openAssociation, type Remote } from '#interop/dimse/send/association.ts';
import { storeInstance, type StoreDeps } from '#interop/dimse/serve/store.ts';
import type { ProposedContext } from '#interop/dimse/wire/associate.ts';
import { COMMAND } from '#interop/dimse/wire/command.ts';
import { WireFault } from '#interop/dimse/wire/fault.ts';
import { readIdentifier, writeIdentifier } from '#interop/dimse/wire/identifier.ts';
import type { Message } from '#interop/dimse/wire/message.ts';

/** Pending, with or without a warning about optional keys. */
const isPending = (status: number): boolean => status === 0xff00 || status === 0xff01;
const MOST_ANSWERS = 2_000;
/** Between two answers: an archive may fetch from tape. */
const ANSWER_MS = 120_000;
const QUERY_CONTEXT = 1;

export interface Question {
  readonly signal: AbortSignal;
}

const contextOf = (abstractSyntax: string): ProposedContext => ({
  id: QUERY_CONTEXT,
  abstractSyntax,
  transferSyntaxes: [EXPLICIT_LITTLE, IMPLICIT_LITTLE],
});

async function within<Value>(
  association: OpenAssociation,
  signal: AbortSignal,
  work: (syntax: string) => Promise<Value>,
): Promise<Value> {
  const onAbort = (): void => association.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const syntax = association.accepted.get(QUERY_CONTEXT);
    if (syntax === undefined) throw new WireFault('rejected', 'the query model');
    const value = await work(syntax);
    await association.release().catch(() => undefined);
    return value;
  } catch (thrown) {
    association.abort();
    if (signal.aborted) throw new WireFault('too-slow');
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const failed = ({ command }: Message): WireFault =>
  new WireFault('refused', command.status.toString(16).padStart(4, '0'));

/** The identifiers of all matches. Throws WireFault, and what connecting throws. */
export async function find(
  remote: Remote,
  keys: readonly Element[],
  { signal }: Question,
): Promise<readonly ReadDataSet[]> {
  const association = await openAssociation(remote, [contextOf(QUERY.find)], { signal, answerMs: ANSWER_MS });
  return within(association, signal, async (syntax) => {
    const request = { field: COMMAND.findRequest, sopClassUid: QUERY.find, messageId: 1, priority: 0 };
    let answer = await association.ask({
      contextId: QUERY_CONTEXT,
      command: request,
      dataSet: writeIdentifier(keys, syntax),
    });
    const found: ReadDataSet[] = [];
    for (; isPending(answer.command.status); answer = await association.next()) {
      const match = answer.dataSet && readIdentifier(answer.dataSet, syntax);
      if (match !== undefined) found.push(match);
      if (found.length > MOST_ANSWERS) throw new WireFault('unexpected-answer', 'too many matches');
    }
    if (answer.command.status !== 0) throw failed(answer);
    return found;
  });
}

export interface SeriesOfStudy {
  readonly studyUid: string;
  readonly seriesUid: string;
}

const seriesKeys = ({ studyUid, seriesUid }: SeriesOfStudy): readonly Element[] => [
  text(0x00080052, 'CS', 'SERIES'),
  text(0x0020000d, 'UI', studyUid),
  text(0x0020000e, 'UI', seriesUid),
];

/** A warning: some sub-operations failed. Received instances are stored; the rest is asked for again. */
function ended(answer: Message): void {
  const { status, failedSubOperations } = answer.command;
  if (status === 0 && failedSubOperations === 0) return;
  throw failed(answer);
}

/** Has the PACS send a series to `destination`, which must be our own port. Resolves when it says that it has. */
export async function move(
  remote: Remote,
  series: SeriesOfStudy,
  { signal, destination }: Question & { readonly destination: string },
): Promise<void> {
  const association = await openAssociation(remote, [contextOf(QUERY.move)], { signal, answerMs: ANSWER_MS });
  await within(association, signal, async (syntax) => {
    let answer = await association.ask({
      contextId: QUERY_CONTEXT,
      command: { field: COMMAND.moveRequest, sopClassUid: QUERY.move, messageId: 1, priority: 0, destination },
      dataSet: writeIdentifier(seriesKeys(series), syntax),
    });
    while (isPending(answer.command.status)) answer = await association.next();
    ended(answer);
  });
}

export interface GetOptions extends Question, StoreDeps {
  readonly sopClasses: readonly string[];
  readonly maxDataSetBytes: number;
}

/** A context for each form, so that the archive sends what it has and unpacks nothing. */
function storageContexts(sopClasses: readonly string[]): ProposedContext[] {
  const forms = sopClasses
    .filter((uid) => uid in STORAGE_CLASSES)
    .flatMap((abstractSyntax) => [...TRANSFER_SYNTAXES].map((form) => ({ abstractSyntax, transferSyntaxes: [form] })));
  // Ids are odd, 128 at most.
  return forms.slice(0, 127).map((form, at) => ({ ...form, id: 2 * at + 3 }));
}

/** Fetches a series over the association that asked for it: no port of ours is needed. */
export async function get(remote: Remote, series: SeriesOfStudy, options: GetOptions): Promise<void> {
  const { signal, sopClasses, maxDataSetBytes } = options;
  const storage = storageContexts(sopClasses);
  const association = await openAssociation(remote, [contextOf(QUERY.get), ...storage], {
    signal,
    answerMs: ANSWER_MS,
    maxDataSetBytes,
    // For these classes we are the SCP on an association that we opened (PS3.7 D.3.3.4).
    roles: [...new Set(storage.map(({ abstractSyntax }) => abstractSyntax))].map((sopClass) => ({
      sopClass,
      scu: false,
      scp: true,
    })),
  });
  await within(association, signal, async (syntax) => {
    await association.send({
      contextId: QUERY_CONTEXT,
      command: { field: COMMAND.getRequest, sopClassUid: QUERY.get, messageId: 1, priority: 0 },
      dataSet: writeIdentifier(seriesKeys(series), syntax),
    });
    for (;;) {
      const message = await association.next();
      const { command, contextId } = message;
      if (command.field === COMMAND.storeRequest) {
        const abstractSyntax = storage.find(({ id }) => id === contextId)?.abstractSyntax ?? '';
        const transferSyntax = association.accepted.get(contextId) ?? '';
        const context = { abstractSyntax, transferSyntax };
        const stored = await storeInstance(
          message,
          { context, callingAe: remote.calledAe, address: remote.host },
          options,
        );
        const { sopClassUid, sopInstanceUid, messageId: repliedTo } = command;
        await association.send({
          contextId,
          command: { field: COMMAND.storeReply, sopClassUid, sopInstanceUid, repliedTo, ...stored },
        });
      } else if (command.field !== COMMAND.getReply) throw new WireFault('unexpected-answer');
      else if (!isPending(command.status)) return ended(message);
    }
  });
}

export const uidIn = (set: ReadDataSet, tag: number): string | undefined => {
  const uid = ascii(set, tag);
  return uid !== undefined && /^[0-9.]{1,64}$/.test(uid) ? uid : undefined;
};
