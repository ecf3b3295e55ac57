// The instances of a study that DICOMweb offers: the films as they came, and the results of its current reading.
import type { StudyFacts } from '#kernel/study.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { EXPLICIT_LITTLE } from '#dicom/read/transfer-syntax.ts';
import { dicomwebErrors } from './errors.ts';
import type { ArchivedInstance, DicomWebDeps, DicomWebStore } from './ports.ts';

export interface ArchivedStudy {
  readonly study: StudyFacts;
  readonly instances: readonly ArchivedInstance[];
}

/** Superseded results are not shown: a result falls with its facts. */
async function resultsOf(store: DicomWebStore, studyUid: string, deps: DicomWebDeps): Promise<ArchivedInstance[]> {
  const reading = await store.readings.currentOfStudy(studyUid);
  if (reading === undefined) return [];
  const objects = (await deps.results.of(store, reading)) ?? [];
  return objects.map(({ sha256, bytes, kind: _kind, ...object }) => ({
    ...object,
    transferSyntaxUid: EXPLICIT_LITTLE.uid,
    blob: { sha256, bytes },
  }));
}

/** Where the client names a study, its results are made if they are not there yet. Undefined: no such study. */
export async function archivedStudy(
  store: DicomWebStore,
  studyUid: string,
  deps: DicomWebDeps,
): Promise<ArchivedStudy | undefined> {
  const [found] = await store.matching.match({ studyUids: [studyUid], limit: 1, offset: 0 });
  if (found === undefined) return undefined;
  return { ...found, instances: [...found.instances, ...(await resultsOf(store, studyUid, deps))] };
}

export interface InstancePath {
  readonly study: string;
  readonly series?: string | undefined;
  readonly instance?: string | undefined;
}

/** All instances under a path, at least one. Throws dicomweb.no-such-object. */
export async function instancesAt(
  path: InstancePath,
  store: DicomWebStore,
  deps: DicomWebDeps,
): Promise<readonly ArchivedInstance[]> {
  const study = await archivedStudy(store, path.study, deps);
  const under = (study?.instances ?? []).filter(
    ({ seriesUid, sopInstanceUid }) =>
      (path.series === undefined || seriesUid === path.series) &&
      (path.instance === undefined || sopInstanceUid === path.instance),
  );
  if (under.length === 0) throw dicomwebErrors.error('no-such-object');
  return under;
}

export const openInstance = async ({ blob }: ArchivedInstance, { blobs }: DicomWebDeps) =>
  parseDicom(await blobs.get(blob.sha256));
