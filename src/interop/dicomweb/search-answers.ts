// Answers of a QIDO-RS search for a study, a series and an instance (PS3.18 tables 10.6.3-3 to 10.6.3-5).
import { text } from '#dicom/read/character-set.ts';
import { ascii, type DataSet, unsignedShort } from '#dicom/read/element.ts';
import type { StudyFacts } from '#kernel/study.ts';
import { type ArchivedStudy, openInstance } from './archive.ts';
import { type DicomJson, jsonValue } from './dicom-json.ts';
import { dicomwebErrors } from './errors.ts';
import type { ArchivedInstance, DicomWebDeps } from './ports.ts';

const compact = (date: string | undefined): string | undefined => date?.replaceAll(/[-:]/g, '');

export function studyJson({ study, instances }: ArchivedStudy, base: string): DicomJson {
  const [date, time] = (study.studyTime ?? '').split('T');
  const series = new Set(instances.map(({ seriesUid }) => seriesUid));
  const modalities = new Set(instances.flatMap(({ modality }) => modality ?? []));
  return {
    '00080005': jsonValue('CS', 'ISO_IR 192'),
    '00080020': jsonValue('DA', compact(date)),
    '00080030': jsonValue('TM', compact(time)),
    '00080050': jsonValue('SH', study.accessionNumber),
    '00080056': jsonValue('CS', 'ONLINE'),
    '00080061': jsonValue('CS', ...modalities),
    '00080090': jsonValue('PN'),
    '00081030': jsonValue('LO', study.description),
    '00081190': jsonValue('UR', `${base}/studies/${study.studyUid}`),
    ...patientJson(study),
    '0020000D': jsonValue('UI', study.studyUid),
    '00200010': jsonValue('SH'),
    '00201206': jsonValue('IS', series.size),
    '00201208': jsonValue('IS', instances.length),
  };
}

const patientJson = ({ patient }: StudyFacts): DicomJson => ({
  '00100010': jsonValue('PN', patient.name),
  '00100020': jsonValue('LO', patient.id),
  '00100030': jsonValue('DA', compact(patient.birthDate)),
  '00100040': jsonValue('CS', patient.sex),
});

const wholeOf = (set: DataSet, tag: number): number | undefined => {
  const value = ascii(set, tag);
  return value !== undefined && /^[+-]?[0-9]{1,9}$/.test(value.trim()) ? Number(value) : undefined;
};

export async function seriesJson(
  study: ArchivedStudy,
  of: readonly ArchivedInstance[],
  deps: DicomWebDeps,
): Promise<DicomJson> {
  const [first] = of;
  if (first === undefined) throw dicomwebErrors.error('no-such-object');
  const { dataSet } = await openInstance(first, deps);
  return {
    '00080005': jsonValue('CS', 'ISO_IR 192'),
    '00080021': jsonValue('DA', ascii(dataSet, 0x00080021)),
    '00080031': jsonValue('TM', ascii(dataSet, 0x00080031)),
    '00080060': jsonValue('CS', first.modality),
    '0008103E': jsonValue('LO', text(dataSet, 0x0008103e)),
    '00081190': jsonValue('UR', `${deps.publicUrl()}/dicomweb/studies/${first.studyUid}/series/${first.seriesUid}`),
    '0020000D': jsonValue('UI', study.study.studyUid),
    '0020000E': jsonValue('UI', first.seriesUid),
    '00200011': jsonValue('IS', wholeOf(dataSet, 0x00200011)),
    '00201209': jsonValue('IS', of.length),
  };
}

export async function instanceJson(instance: ArchivedInstance, deps: DicomWebDeps): Promise<DicomJson> {
  const { dataSet } = await openInstance(instance, deps);
  const { studyUid, seriesUid, sopInstanceUid } = instance;
  return {
    '00080005': jsonValue('CS', 'ISO_IR 192'),
    '00080016': jsonValue('UI', instance.sopClassUid),
    '00080018': jsonValue('UI', sopInstanceUid),
    '00080056': jsonValue('CS', 'ONLINE'),
    '00080060': jsonValue('CS', instance.modality),
    '00081190': jsonValue(
      'UR',
      `${deps.publicUrl()}/dicomweb/studies/${studyUid}/series/${seriesUid}/instances/${sopInstanceUid}`,
    ),
    '0020000D': jsonValue('UI', studyUid),
    '0020000E': jsonValue('UI', seriesUid),
    '00200013': jsonValue('IS', wholeOf(dataSet, 0x00200013)),
    '00280008': jsonValue('IS', wholeOf(dataSet, 0x00280008)),
    '00280010': jsonValue('US', unsignedShort(dataSet, 0x00280010)),
    '00280011': jsonValue('US', unsignedShort(dataSet, 0x00280011)),
    '00280100': jsonValue('US', unsignedShort(dataSet, 0x00280100)),
  };
}
