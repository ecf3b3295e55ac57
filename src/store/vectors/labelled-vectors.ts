// Embeddings of current readings whose study a person spoke of: what a head can be trained on.
import type { LabelledVector } from '#kernel/embedding.ts';
import type { EmbeddingSpace } from '#similarity/vector-index.ts';
import { confirmedOf } from '#store/reading/labels.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { findSpace } from './embedding-space.ts';
import { fromHalfvec } from './vectors.ts';

export async function labelledVectors(
  { sql, facilityId }: Tenancy,
  wanted: EmbeddingSpace,
): Promise<readonly LabelledVector[]> {
  const space = await findSpace(sql, facilityId, wanted);
  if (space === undefined) return [];
  const rows = await sql.query<{ study_uid: string; patient_key: string; vector: string }>(
    `select study_uid, patient_key, vector::text as vector from ${space.table} e
     where current and exists (select 1 from study_label l where l.facility_id = $1 and l.study_uid = e.study_uid)
     order by study_uid`,
    [facilityId],
  );
  const confirmed = await confirmedOf(
    sql,
    facilityId,
    rows.map(({ study_uid }) => study_uid),
  );
  return rows.map(({ study_uid, patient_key, vector }) => ({
    patient: patient_key,
    vector: fromHalfvec(vector),
    present: confirmed.get(study_uid)?.present ?? [],
    absent: confirmed.get(study_uid)?.absent ?? [],
  }));
}
