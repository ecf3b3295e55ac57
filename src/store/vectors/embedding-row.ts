// A row of a space's table, and the facets that it shows.
import type { Neighbour } from '#similarity/vector-index.ts';
import type { EmbeddingFacets, LabelSource } from '#kernel/embedding.ts';
import type { Uuid } from '#kernel/ids.ts';
import { optional } from '#store/host/tenancy.ts';

export interface EmbeddingRow {
  readonly reading_id: Uuid;
  readonly study_uid: string;
  readonly patient_key: string;
  readonly age_years: number | null;
  readonly sex: string | null;
  readonly view: string | null;
  readonly findings: string[];
  readonly label_source: LabelSource;
}

export const COLUMNS = 'reading_id, study_uid, patient_key, age_years, sex, view, findings, label_source';

export const toFacets = (
  row: EmbeddingRow,
): EmbeddingFacets & Pick<Neighbour, 'readingId' | 'studyUid' | 'patientKey'> => ({
  readingId: row.reading_id,
  studyUid: row.study_uid,
  patientKey: row.patient_key,
  ...optional('ageYears', row.age_years),
  ...optional('sex', row.sex),
  ...optional('view', row.view),
  findings: row.findings,
  labelSource: row.label_source,
});
