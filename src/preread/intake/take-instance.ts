// One uploaded file comes in; it is judged, then stored with its study's job, or refused with nothing kept but the reason.
import { CareError } from '#kernel/errors.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { BlobRef, StagedBlob } from '#kernel/blob.ts';
import type { Prepared } from '#preread/read/prepare.ts';
import { ownResult } from './own-result.ts';
import type { Declared } from '#preread/choose/candidate-images.ts';

export interface IntakeStore {
  readonly intake: {
    accept(
      instance: IncomingInstance,
      options: { readonly actor: string; readonly settleMs?: number; readonly content?: StagedBlob },
    ): Promise<{ readonly status: 'stored' | 'duplicate' }>;
  };
  readonly refusals: {
    record(refusal: {
      readonly code: string;
      readonly field?: string;
      readonly reason: string;
      readonly sha256?: string;
    }): Promise<void>;
  };
}

export interface IntakeDeps {
  readonly store: IntakeStore;
  readonly blobs: { stage(content: Uint8Array, options: { readonly sha256: string }): Promise<StagedBlob> };
  /** Decodes it as the reader will, so that a film that cannot be read is refused while its sender still listens. */
  judge(bytes: Buffer, sha256: string): Promise<Prepared>;
  readonly actor: string;
  /** For pictures, which have no tags. */
  readonly declared: Declared;
}

export type InstanceVerdict =
  | { readonly status: 'stored' | 'duplicate'; readonly studyUid: string; readonly sopInstanceUid: string }
  | { readonly status: 'refused'; readonly error: CareError };

/** Images of one study come one after the other: its reading waits a moment for the next, and the goal is a second in all. A picture is alone. */
const SETTLE_MS = 200;

/** DICOM counts up from 1 but some devices write text; only a plain number is kept. */
const plainNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^[0-9]{1,9}$/.test(text.trim()) ? Number(text) : undefined;

/** Drops what is undefined: absent and undefined are not the same to the store. */
type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  const kept: Defined<Fields> = { ...fields };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
}

function asInstance({ facts, sourceColumns, sourceRows }: Prepared, blob: BlobRef): IncomingInstance {
  const { tags } = facts;
  const studyTime =
    tags?.studyDate === undefined ? undefined : [tags.studyDate, tags.studyTime].filter(Boolean).join('T');
  return {
    sopInstanceUid: facts.sopInstanceUid,
    studyUid: facts.studyUid,
    seriesUid: facts.seriesUid,
    format: facts.format,
    blob: { sha256: blob.sha256, bytes: blob.bytes },
    notForClinicalUse: facts.notForClinicalUse,
    rows: sourceRows,
    columns: sourceColumns,
    patient: defined({
      id: tags?.patientId,
      name: tags?.patientName,
      birthDate: tags?.patientBirthDate,
      sex: facts.sex,
    }),
    ...defined({
      sopClassUid: tags?.sopClassUid,
      transferSyntaxUid: tags?.transferSyntaxUid,
      modality: facts.modality,
      bodyPart: facts.bodyPart,
      view: facts.view,
      ageYears: facts.ageYears,
      instanceNumber: plainNumber(tags?.instanceNumber),
      accessionNumber: tags?.accessionNumber,
      studyTime,
      description: tags?.studyDescription,
    }),
  };
}

async function refuse(error: CareError, sha256: string | undefined, deps: IntakeDeps): Promise<InstanceVerdict> {
  // A fault of ours is not a refusal: the sender shall send it again.
  if (error.status < 500)
    await deps.store.refusals.record({
      code: error.code,
      reason: error.reason,
      ...(error.field !== undefined && { field: error.field }),
      ...(sha256 !== undefined && { sha256 }),
    });
  return { status: 'refused', error };
}

/** `bytes` is undefined where the file was larger than allowed. Resolves after the commit (law 2). Throws only what is no CareError. */
export async function takeInstance(bytes: Buffer | undefined, deps: IntakeDeps): Promise<InstanceVerdict> {
  if (bytes === undefined) return refuse(prereadErrors.error('too-large'), undefined, deps);
  const sha256 = sha256Hex(bytes);
  const own = ownResult(bytes);
  if (own !== undefined) return { status: 'duplicate', ...own };
  try {
    const prepared = await deps.judge(bytes, sha256);
    const isPicture = prepared.facts.format !== 'dicom';
    if (!isPicture && Object.keys(deps.declared).length > 0) throw prereadErrors.error('declared-for-dicom');
    const facts = isPicture ? { ...deps.declared, ...prepared.facts } : prepared.facts;
    // Staged, and kept only in the transaction that stores the instance: a refusal leaves no file behind.
    const content = await deps.blobs.stage(bytes, { sha256 });
    const { status } = await deps.store.intake.accept(asInstance({ ...prepared, facts }, content), {
      actor: deps.actor,
      settleMs: isPicture ? 0 : SETTLE_MS,
      content,
    });
    return { status, studyUid: facts.studyUid, sopInstanceUid: facts.sopInstanceUid };
  } catch (thrown) {
    if (thrown instanceof CareError) return refuse(thrown, sha256, deps);
    throw thrown;
  }
}
