// The UIDs of a DICOM file, which its intake asks for before the pixels are decoded.
import type { DicomFile } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { CareError } from '#kernel/errors.ts';

export interface FileUids {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
}

/** Undefined for a broken file: it is refused where it is decoded. */
export function uidsOf(file: DicomFile): FileUids | undefined {
  try {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = readTags(file);
    return { studyUid: studyInstanceUid, seriesUid: seriesInstanceUid, sopInstanceUid };
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}
