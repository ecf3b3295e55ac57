// Tells PACS receivers of a reading: one message each, written in the reading's own transaction. The objects are made when it is sent.
import type { Reading } from '#kernel/finding.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';

export interface ResultMessageStudy {
  readonly patientKey: string;
  readonly instances: readonly { readonly sopInstanceUid: string; readonly format: string }[];
}

/** Nothing for what was not assessed, and nothing for pictures, which have no study in a PACS. */
export const dicomResultMessages =
  (targets: readonly string[]) =>
  (reading: Reading, study: ResultMessageStudy): readonly OutgoingMessage[] => {
    const isFilm = study.instances.some(
      ({ sopInstanceUid, format }) => format === 'dicom' && reading.sopInstanceUids.includes(sopInstanceUid),
    );
    if (reading.outcome !== 'assessed' || !isFilm) return [];
    return targets.map((target) => ({
      id: derivedUuid('message', target, 'reading.assessed', reading.id),
      target,
      topic: 'reading.assessed',
      orderKey: study.patientKey,
      body: { readingId: reading.id },
    }));
  };
