// Vectors of another model for films that were read before: a space is filled from what is stored, and no reading changes by it.
import type { EmbeddingFacets } from '#kernel/embedding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { EmbeddingSpace } from '#similarity/vector-index.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { ensureSpace, findSpace } from './embedding-space.ts';
import { toHalfvec } from './vectors.ts';

export interface Unfilled {
  readonly readingId: Uuid;
  readonly studyUid: string;
}

export interface FilledVector {
  readonly readingId: Uuid;
  readonly vector: Float32Array;
  readonly facets: EmbeddingFacets;
}

export interface BackFill {
  /** Current readings that have a vector in some space and none in this one, by id, those after `after`. */
  unfilled(
    space: EmbeddingSpace,
    page: { readonly after?: Uuid; readonly limit: number },
  ): Promise<readonly Unfilled[]>;
  unfilledCount(space: EmbeddingSpace): Promise<number>;
  /** False where the reading has been superseded meanwhile, or has its vector already. Throws what `toHalfvec` throws. */
  fill(space: EmbeddingSpace, filled: FilledVector): Promise<boolean>;
}

/** $1 facility, $2 the space's id, which is 0 while nothing was put into it. */
const MISSING = `from embedding e where e.facility_id = $1 and e.current
  and not exists (select 1 from embedding there where there.space_id = $2 and there.reading_id = e.reading_id)`;

export function openBackFill(scope: Tenancy): BackFill {
  const { facilityId, sql } = scope;
  const idOf = async (space: EmbeddingSpace): Promise<number> => (await findSpace(sql, facilityId, space))?.id ?? 0;

  return {
    async unfilled(space, { after, limit }) {
      return sql.query(
        `select distinct e.reading_id as "readingId", e.study_uid as "studyUid" ${MISSING}
           and ($3::uuid is null or e.reading_id > $3::uuid) order by e.reading_id limit $4`,
        [facilityId, await idOf(space), after ?? null, limit],
      );
    },
    async unfilledCount(space) {
      const [row] = await sql.query<{ n: number }>(`select count(distinct e.reading_id)::int as n ${MISSING}`, [
        facilityId,
        await idOf(space),
      ]);
      return row?.n ?? 0;
    },
    async fill(space, { readingId, vector, facets }) {
      const { id, table, dimensions } = await ensureSpace(scope, space, vector.length);
      const text = toHalfvec(vector, dimensions);
      // The lock keeps a newer reading from taking this one's place between the question and the insert.
      const rows = await scope.transaction((tx) =>
        tx.query(
          `with stands as (
             select r.id, r.study_uid, s.patient_key from reading r
             join study s on s.facility_id = r.facility_id and s.study_uid = r.study_uid
             where r.facility_id = $2 and r.id = $3 and r.superseded_by is null for share of r)
           insert into ${table} (space_id, reading_id, facility_id, study_uid, patient_key, age_years, sex, view, findings,
             label_source, vector)
           select $1, id, $2, study_uid, patient_key, $4, $5, $6, $7, $8, $9::halfvec from stands
           on conflict do nothing returning 1`,
          [
            id,
            facilityId,
            readingId,
            facets.ageYears ?? null,
            facets.sex ?? null,
            facets.view ?? null,
            [...facets.findings],
            facets.labelSource,
            text,
          ],
        ),
      );
      return rows.length > 0;
    },
  };
}
