// C-STORE as SCP: the data set becomes a Part 10 file in the syntax in which it came, and is answered after its commit.
import { parseDicom } from '#dicom/read/parse.ts';
import { type InstanceTags, readTags } from '#dicom/read/tags.ts';
import { fileHeader } from '#dicom/write/part10.ts';
import { failureReason } from '#interop/dicom-model/failure-reason.ts';
import type { AcceptedInstance, RefusedInstance } from '#kernel/acceptance.ts';
import { asCaller } from '#kernel/audit-caller.ts';
import { CareError } from '#kernel/errors.ts';
import type { AgreedContext } from '#interop/dimse/negotiate.ts';
import type { Message } from '#interop/dimse/wire/message.ts';

type StoreVerdict = Pick<AcceptedInstance, 'status'> | RefusedInstance;

export interface StoreDeps {
  /** `isMoved`: it comes because we asked for it. */
  take(
    bytes: Buffer | undefined,
    from: { readonly facilityId: string; readonly actor: string; readonly isMoved: boolean },
  ): Promise<StoreVerdict>;
  /** UIDs of the studies that a PACS moves to our port at our wish. */
  readonly moving: ReadonlySet<string>;
  judged(verdict: StoreVerdict['status']): void;
  readonly facilityId: string;
  fault(event: string, thrown: unknown): void;
}

export interface StoreAnswer {
  readonly status: number;
  readonly comment?: string;
}

const OUT_OF_RESOURCES: StoreAnswer = { status: 0xa700, comment: 'too large, or too much at once' };

/** Undefined where the intake will refuse it with its reason. */
function tagsOf(file: Buffer): InstanceTags | undefined {
  try {
    return readTags(parseDicom(file));
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

export async function storeInstance(
  message: Message,
  {
    context,
    callingAe,
    address,
  }: { readonly context: AgreedContext; readonly callingAe: string; readonly address: string },
  deps: StoreDeps,
): Promise<StoreAnswer> {
  const { command, dataSet, tooLarge } = message;
  if (tooLarge) return OUT_OF_RESOURCES;
  const { sopClassUid, sopInstanceUid } = command;
  if (dataSet === undefined || sopInstanceUid === undefined || sopClassUid !== context.abstractSyntax)
    return { status: 0xa900, comment: 'no data set, or another SOP class than agreed' };
  const header = fileHeader({
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid: context.transferSyntax,
    sourceAeTitle: callingAe,
  });
  const file = Buffer.concat([header, dataSet]);
  const tags = tagsOf(file);
  // Command and data set must speak of the same instance (PS3.4 B.2.2).
  if (tags !== undefined && (tags.sopInstanceUid !== sopInstanceUid || tags.sopClassUid !== sopClassUid))
    return { status: 0xa900, comment: 'SOP Class or Instance UID differs from the command' };
  // Part of a C-MOVE, and of one that we asked for. Some archives write their own title where PS3.7 wants the asker's.
  const isMoved = command.moveOriginator !== undefined && tags !== undefined && deps.moving.has(tags.studyInstanceUid);
  try {
    const actor = `dimse:${callingAe}`;
    const verdict = await asCaller({ actor, address }, () =>
      deps.take(file, { facilityId: deps.facilityId, actor, isMoved }),
    );
    deps.judged(verdict.status);
    if (verdict.status !== 'refused') return { status: 0x0000 };
    return { status: failureReason(verdict.error), comment: verdict.error.code };
  } catch (thrown) {
    deps.fault('instance not taken', thrown);
    return { status: 0x0110, comment: 'internal' };
  }
}
