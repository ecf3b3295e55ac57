// Needs of the DICOMweb doors of the store; the store's own types fit.
import type { IncomingInstance } from '#kernel/instance.ts';
import type { StudyMatch } from '#kernel/study-match.ts';
import type { Reading } from '#kernel/finding.ts';
import type { StudyFacts } from '#kernel/study.ts';
import type { Results, ResultStore } from '#interop/dicom-model/stored-results.ts';

export type ArchivedInstance = Pick<
  IncomingInstance,
  'studyUid' | 'seriesUid' | 'sopInstanceUid' | 'sopClassUid' | 'transferSyntaxUid' | 'modality' | 'blob'
>;

export interface DicomWebStore extends ResultStore {
  readonly matching: {
    match(
      query: StudyMatch,
    ): Promise<readonly { readonly study: StudyFacts; readonly instances: readonly ArchivedInstance[] }[]>;
  };
  readonly readings: ResultStore['readings'] & { currentOfStudy(studyUid: string): Promise<Reading | undefined> };
}

export interface DicomWebDeps {
  facility(id: string): Promise<DicomWebStore>;
  readonly blobs: { get(sha256: string): Promise<Buffer>; stream(sha256: string): AsyncIterable<Uint8Array> };
  readonly results: Results;
  readonly pictures: { film(bytes: Buffer, longestSide: number): Promise<{ readonly png: Uint8Array }> };
  /** Without a trailing slash; known only once the service listens. */
  readonly publicUrl: () => string;
}
