// An image as the store takes it, from the facts of its file.
import type { BlobRef } from '#kernel/blob.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { Decoded } from '#preread/read/prepare.ts';

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

/** Undefined where the file names none of the three. */
function deviceOf(tags: Decoded['facts']['tags']): string | undefined {
  const parts = [tags?.manufacturer, tags?.modelName, tags?.stationName].map((part) => part?.trim());
  return parts.filter(Boolean).join(' · ') || undefined;
}

export function incomingInstance({ facts, sourceColumns, sourceRows }: Decoded, blob: BlobRef): IncomingInstance {
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
      device: deviceOf(tags),
    }),
  };
}
