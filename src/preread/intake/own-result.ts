// A result that this program wrote and that comes back from the PACS: known, and never read as if it were a film.
import type { DicomFile } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { isOwnResult } from '#dicom/write/result-object.ts';
import { CareError } from '#kernel/errors.ts';

/** Undefined for every other file, broken ones too: those are judged by the intake. */
export function ownResult(file: DicomFile): { readonly studyUid: string; readonly sopInstanceUid: string } | undefined {
  try {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = readTags(file);
    return isOwnResult({ seriesUid: seriesInstanceUid, sopInstanceUid })
      ? { studyUid: studyInstanceUid, sopInstanceUid }
      : undefined;
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}
