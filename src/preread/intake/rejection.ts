// Rejection notes at the door, with the meaning of each code for those who read the study.
import type { DicomFile } from '#dicom/read/parse.ts';
import { type RejectingNote, type Rejection, rejectingNote } from '#dicom/read/rejection-note.ts';
import type { BlobRef } from '#kernel/blob.ts';
import { CareError } from '#kernel/errors.ts';
import type { RejectionNote } from '#kernel/rejection.ts';
import { reason } from '#preread/gate/reasons.ts';

const MEANINGS: Readonly<Record<Rejection, { readonly cause: string; readonly wrong: boolean }>> = {
  '113001': { cause: 'quality', wrong: true },
  '113037': { cause: 'safety', wrong: true },
  '113038': { cause: 'person', wrong: true },
  // The image was right; a stored copy may come back, for example from a long-term archive.
  '113039': { cause: 'retention', wrong: false },
};

/** A note names images; a file as large as this is a film. */
const LARGEST_NOTE = 4 * 1024 * 1024;

/** Undefined for every other file, broken ones too: those are judged by the intake. */
export function rejectionIn(file: DicomFile, bytes: number): RejectingNote | undefined {
  if (bytes > LARGEST_NOTE) return undefined;
  try {
    return rejectingNote(file);
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

export function rejectionNote({ noteUid, studyUid, images, code }: RejectingNote, blob: BlobRef): RejectionNote {
  const { cause, wrong } = MEANINGS[code];
  const { sha256, bytes } = blob;
  return { noteUid, studyUid, images, code, wrong, blob: { sha256, bytes }, reason: reason('withdrawn', { cause }) };
}
