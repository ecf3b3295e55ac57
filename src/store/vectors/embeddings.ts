// Embeddings at rest: the nearest ones, samples, measured recall, and the spaces that they lie in.
import type { Uuid } from '#kernel/ids.ts';
import { asUuid } from '#store/host/identifiers.ts';
import type { LabelledVector } from '#kernel/embedding.ts';
import type { EmbeddingSpace, VectorIndex } from '#similarity/vector-index.ts';
import { type BackFill, openBackFill } from './back-fill.ts';
import { COLUMNS, type EmbeddingRow, toFacets } from './embedding-row.ts';
import { findSpace } from './embedding-space.ts';
import { labelledVectors } from './labelled-vectors.ts';
import { openNearest } from './nearest.ts';
import { openRecall } from './recall.ts';
import { openSpaceSwitch, type SpaceSwitch } from './space-switch.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { fromHalfvec } from './vectors.ts';

export interface Embeddings extends VectorIndex, BackFill, SpaceSwitch {
  /** Of a reading, current or not. */
  vectorOf(readingId: Uuid, space: EmbeddingSpace): Promise<Float32Array | undefined>;
  /** Of this space, the studies that somebody spoke of. */
  labelled(space: EmbeddingSpace): Promise<readonly LabelledVector[]>;
  spaces(): Promise<readonly (EmbeddingSpace & { readonly dimensions: number; readonly size: number })[]>;
}

export function openEmbeddings(scope: Tenancy): Embeddings {
  const { facilityId, sql } = scope;

  return {
    ...openNearest(scope),
    ...openRecall(scope),
    ...openBackFill(scope),
    ...openSpaceSwitch(scope),
    async vectorOf(readingId, wanted) {
      const space = await findSpace(sql, facilityId, wanted);
      if (space === undefined) return undefined;
      const [row] = await sql.query<{ vector: string }>(
        `select vector::text as vector from ${space.table} where reading_id = $1`,
        [asUuid(readingId)],
      );
      return row && fromHalfvec(row.vector);
    },
    async size(wanted) {
      const space = await findSpace(sql, facilityId, wanted);
      if (space === undefined) return 0;
      const [row] = await sql.query<{ n: number }>(`select count(*)::int as n from ${space.table} where current`);
      return row?.n ?? 0;
    },
    async sample(wanted, count) {
      const space = await findSpace(sql, facilityId, wanted);
      if (space === undefined) return [];
      // Reading ids are random or hashes: the first ones by id are spread evenly over everything else.
      const rows = await sql.query<EmbeddingRow & { vector: string }>(
        `select ${COLUMNS}, vector::text as vector from ${space.table} where current order by reading_id limit $1`,
        [count],
      );
      return rows.map((row) => ({ ...toFacets(row), vector: fromHalfvec(row.vector) }));
    },
    labelled: (space) => labelledVectors(scope, space),
    async spaces() {
      return sql.query(
        `select s.model_id as "modelId", s.model_version as "modelVersion", s.model_sha256 as "modelSha256", s.dimensions,
           (select count(*)::int from embedding e where e.space_id = s.id and e.current) as size
         from embedding_space s where s.facility_id = $1 order by s.id`,
        [facilityId],
      );
    },
  };
}
