// One uploaded file is judged, then stored with its study's job, or refused with nothing kept but the reason. A file under a UID that is
// stored already is compared by its pixels: wrapping and corrected tags are no conflict.
import { type DicomFile, parseDicom } from '#dicom/read/parse.ts';
import { isOwnResult } from '#dicom/write/result-object.ts';
import type { RefusalLog } from '#kernel/refusal.ts';
import type { AcceptedInstance, AcceptOptions, InstanceFile, InstanceVerdict, Resend } from '#kernel/acceptance.ts';
import type { Completeness } from '#kernel/completeness.ts';
import { CareError } from '#kernel/errors.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { StagedBlob } from '#kernel/blob.ts';
import type { Films } from './decoded-films.ts';
import type { PictureIdentity } from '#kernel/picture-identity.ts';
import { resendOf } from './resend.ts';
import { incomingInstance } from './incoming-instance.ts';
import type { RejectingNote } from '#dicom/read/rejection-note.ts';
import type { RejectionNote } from '#kernel/rejection.ts';
import { rejectionIn, rejectionNote } from './rejection.ts';
import { uidsOf } from './file-uids.ts';
import type { Declared } from '#preread/choose/candidate-images.ts';

export interface IntakeStore {
  readonly intake: {
    accept(instance: IncomingInstance, options: AcceptOptions): Promise<Pick<AcceptedInstance, 'status'>>;
    reject(
      note: RejectionNote,
      options: Pick<AcceptOptions, 'actor' | 'content'>,
    ): Promise<Pick<AcceptedInstance, 'status'>>;
    file(sopInstanceUid: string): Promise<InstanceFile | undefined>;
  };
  readonly refusals: RefusalLog;
}

export interface IntakeDeps {
  readonly store: IntakeStore;
  readonly blobs: {
    stage(content: Uint8Array, options: { readonly sha256: string }): Promise<StagedBlob>;
    get(sha256: string): Promise<Buffer>;
    /** Repairs a stored file that was lost or damaged, with the bytes of its resend. */
    heal(sha256: string, content: Uint8Array): Promise<boolean>;
  };
  /** What a DICOM file decodes to, for the comparison with another one. */
  identify(bytes: Buffer): Promise<PictureIdentity>;
  /** Decodes it as the reader will, so that a film that cannot be read is refused while its sender still listens. */
  readonly judge: Films['judge'];
  readonly actor: string;
  /** The reading model's rule of when a study is ready; absent: it is whole with this image. */
  readonly completeness?: Completeness;
  /** For pictures, which have no tags. */
  readonly declared: Declared;
  /** Fetched from an archive only to be compared with. */
  readonly fetched?: true;
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

async function takeNote(note: RejectingNote, bytes: Buffer, deps: IntakeDeps): Promise<InstanceVerdict> {
  const content = await deps.blobs.stage(bytes, { sha256: sha256Hex(bytes) });
  const { status } = await deps.store.intake.reject(rejectionNote(note, content), { actor: deps.actor, content });
  return { status, studyUid: note.studyUid, sopInstanceUid: note.noteUid };
}

/** Only where these very bytes are the stored ones: another wrapping of the picture has a file of its own. */
async function healed(bytes: Buffer, sha256: string, sopInstanceUid: string, deps: IntakeDeps): Promise<void> {
  const stored = await deps.store.intake.file(sopInstanceUid);
  if (stored?.sha256 === sha256) await deps.blobs.heal(sha256, bytes);
}

const isConflict = (thrown: unknown): boolean =>
  thrown instanceof CareError && thrown.code === 'store.conflicting-instance';

/** Undefined for a picture and for a broken file, which is judged where it is decoded. */
function parsedFile(bytes: Buffer): DicomFile | undefined {
  try {
    return parseDicom(bytes);
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

/** `bytes` is undefined where the file was larger than allowed. Resolves after the commit (law 2). Throws only what is no CareError. */
export async function takeInstance(bytes: Buffer | undefined, deps: IntakeDeps): Promise<InstanceVerdict> {
  if (bytes === undefined) return refuse(prereadErrors.error('too-large'), undefined, deps);
  const sha256 = sha256Hex(bytes);
  const file = parsedFile(bytes);
  const uids = file && uidsOf(file);
  // A result that this program wrote and that comes back from the PACS is known, and never read as if it were a film.
  if (uids !== undefined && isOwnResult(uids))
    return { status: 'duplicate', studyUid: uids.studyUid, sopInstanceUid: uids.sopInstanceUid };
  try {
    const rejection = file && rejectionIn(file, bytes.length);
    if (rejection !== undefined) return await takeNote(rejection, bytes, deps);
    const decoded = await deps.judge(bytes, { sha256, studyUid: uids?.studyUid });
    const isPicture = decoded.facts.format !== 'dicom';
    if (!isPicture && Object.keys(deps.declared).length > 0) throw prereadErrors.error('declared-for-dicom');
    const facts = isPicture ? { ...deps.declared, ...decoded.facts } : decoded.facts;
    // Staged, and kept only in the transaction that stores the instance: a refusal leaves no file behind.
    const keep = async (resend?: Resend) => {
      const content = await deps.blobs.stage(bytes, { sha256 });
      return deps.store.intake.accept(incomingInstance({ ...decoded, facts }, content), {
        actor: deps.actor,
        // A picture is a study of its own.
        ...(!isPicture && deps.completeness !== undefined && { completeness: deps.completeness }),
        content,
        ...(deps.fetched === true && { fetched: true }),
        ...(resend !== undefined && { resend }),
      });
    };
    const { status } = await keep().catch(async (thrown: unknown) => {
      if (isPicture || !isConflict(thrown)) throw thrown;
      const resend = await resendOf(bytes, decoded, deps);
      if (resend === undefined) throw thrown;
      return keep(resend);
    });
    if (status === 'duplicate') await healed(bytes, sha256, facts.sopInstanceUid, deps);
    return { status, studyUid: facts.studyUid, sopInstanceUid: facts.sopInstanceUid };
  } catch (thrown) {
    if (thrown instanceof CareError) return refuse(thrown, sha256, deps);
    throw thrown;
  }
}
