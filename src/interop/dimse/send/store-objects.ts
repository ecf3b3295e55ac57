// C-STORE as SCU of a few objects of ours over one association, and the request that the peer commits to their storage.
import { parseDicom } from '#dicom/read/parse.ts';
import { sequence, text } from '#dicom/write/element.ts';
import { recoded } from '#dicom/write/recode.ts';
import { COMMITMENT_INSTANCE, EXPLICIT_LITTLE, IMPLICIT_LITTLE, STORAGE_COMMITMENT } from '#interop/dimse/classes.ts';
import { COMMAND } from '#interop/dimse/wire/command.ts';
import { WireFault } from '#interop/dimse/wire/fault.ts';
import { writeIdentifier } from '#interop/dimse/wire/identifier.ts';
import { type CommitmentReport, readReport } from '#interop/dimse/serve/commitment.ts';
import { type OpenAssociation, openAssociation, type Remote } from './association.ts';

export interface SentObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** A Part 10 file in explicit little endian. */
  readonly bytes: Buffer;
}

export interface StoreFailure {
  readonly sopInstanceUid: string;
  /** Status of the C-STORE answer; 0 where the peer does not take the SOP class. */
  readonly status: number;
}

export interface Stored {
  readonly failures: readonly StoreFailure[];
  /** `none`: the peer does not offer storage commitment, or was not asked. */
  readonly commitment: 'none' | 'asked' | CommitmentReport;
}

export interface StoreOptions {
  readonly signal: AbortSignal;
  /** Absent: commitment is not asked for. */
  readonly transactionUid?: string;
}

/** A report often comes on the same association at once, before we release it. */
const REPORT_WAIT_MS = 1_000;
const COMMITMENT_CONTEXT = 255;
/** Success, and the warnings of PS3.4 table B.2-1: the object is stored. */
const isStored = (status: number): boolean => status === 0 || (status & 0xf000) === 0xb000;

function dataSetIn(syntax: string, bytes: Buffer): Buffer {
  const { dataSet } = parseDicom(bytes);
  return writeIdentifier(recoded(dataSet), syntax);
}

async function askCommitment(
  association: OpenAssociation,
  objects: readonly SentObject[],
  transactionUid: string,
): Promise<Stored['commitment']> {
  const syntax = association.accepted.get(COMMITMENT_CONTEXT);
  if (syntax === undefined) return 'none';
  const dataSet = writeIdentifier(
    [
      text(0x00081195, 'UI', transactionUid),
      sequence(
        0x00081199,
        ...objects.map(({ sopClassUid, sopInstanceUid }) => [
          text(0x00081150, 'UI', sopClassUid),
          text(0x00081155, 'UI', sopInstanceUid),
        ]),
      ),
    ],
    syntax,
  );
  const answer = await association.ask({
    contextId: COMMITMENT_CONTEXT,
    command: {
      field: COMMAND.actionRequest,
      sopClassUid: STORAGE_COMMITMENT,
      sopInstanceUid: COMMITMENT_INSTANCE,
      requested: true,
      messageId: objects.length + 1,
      actionType: 1,
    },
    dataSet,
  });
  if (answer.command.status !== 0) return 'none';
  return (await reportOnSame(association, syntax)) ?? 'asked';
}

async function reportOnSame(association: OpenAssociation, syntax: string): Promise<CommitmentReport | undefined> {
  const message = await association.heard(REPORT_WAIT_MS).catch(() => undefined);
  if (message?.command.field !== COMMAND.eventRequest || message.dataSet === undefined) return undefined;
  const { messageId, eventType } = message.command;
  await association.send({
    contextId: message.contextId,
    command: {
      field: COMMAND.eventReply,
      sopClassUid: STORAGE_COMMITMENT,
      sopInstanceUid: COMMITMENT_INSTANCE,
      repliedTo: messageId,
      eventType,
      status: 0,
    },
  });
  return readReport(message.dataSet, syntax);
}

/** Throws WireFault and what connecting throws; then nothing is known, and all is sent again with the same UIDs. */
export async function storeObjects(
  remote: Remote,
  objects: readonly SentObject[],
  { signal, transactionUid }: StoreOptions,
): Promise<Stored> {
  const classes = [...new Set(objects.map(({ sopClassUid }) => sopClassUid))];
  const transferSyntaxes = [EXPLICIT_LITTLE, IMPLICIT_LITTLE];
  const contexts = classes.map((abstractSyntax, at) => ({ id: 2 * at + 1, abstractSyntax, transferSyntaxes }));
  const commitment = { id: COMMITMENT_CONTEXT, abstractSyntax: STORAGE_COMMITMENT, transferSyntaxes };
  const association = await openAssociation(
    remote,
    transactionUid === undefined ? contexts : [...contexts, commitment],
    { signal },
  );
  const onAbort = (): void => association.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const failures: StoreFailure[] = [];
    for (const [at, { sopClassUid, sopInstanceUid, bytes }] of objects.entries()) {
      const contextId = 2 * classes.indexOf(sopClassUid) + 1;
      const syntax = association.accepted.get(contextId);
      if (syntax === undefined) {
        failures.push({ sopInstanceUid, status: 0 });
        continue;
      }
      const answer = await association.ask({
        contextId,
        command: { field: COMMAND.storeRequest, sopClassUid, sopInstanceUid, messageId: at + 1, priority: 0 },
        dataSet: dataSetIn(syntax, bytes),
      });
      if (!isStored(answer.command.status)) failures.push({ sopInstanceUid, status: answer.command.status });
    }
    const asked = transactionUid !== undefined && failures.length === 0;
    const committed = asked ? await askCommitment(association, objects, transactionUid) : 'none';
    await association.release().catch(() => undefined);
    return { failures, commitment: committed };
  } catch (thrown) {
    association.abort();
    if (signal.aborted) throw new WireFault('too-slow');
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
