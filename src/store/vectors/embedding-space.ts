// A space per facility and exact model file: its row, its own table with its own graph index, made when first needed.
import type { EmbeddingSpace } from '#similarity/vector-index.ts';
import type { Sql } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface Space {
  readonly id: number;
  readonly dimensions: number;
  readonly efSearch: number;
  /** Name of the partition; made from the id, so it is safe in SQL text. */
  readonly table: string;
}

/** Below this many dimensions a row fits in its page; pgvector would else keep each vector outside it, and a scan would pay for that. */
const INLINE_DIMENSIONS = 3_500;

interface SpaceRow {
  readonly id: number;
  readonly dimensions: number;
  readonly ef_search: number;
}

const toSpace = (row: SpaceRow): Space => ({
  id: row.id,
  dimensions: row.dimensions,
  efSearch: row.ef_search,
  table: `embedding_${row.id}`,
});

export async function findSpace(sql: Sql, facilityId: string, space: EmbeddingSpace): Promise<Space | undefined> {
  const [row] = await sql.query<SpaceRow>(
    `select id, dimensions, ef_search from embedding_space
     where facility_id = $1 and model_id = $2 and model_version = $3 and model_sha256 = $4`,
    [facilityId, space.modelId, space.modelVersion, space.modelSha256],
  );
  return row && toSpace(row);
}

/** Throws CareError `store.wrong-dimensions` when the same model file gave another length before. */
export async function ensureSpace(scope: Tenancy, space: EmbeddingSpace, dimensions: number): Promise<Space> {
  const before = await findSpace(scope.sql, scope.facilityId, space);
  const found = before ?? (await makeSpace(scope, space, dimensions));
  if (found.dimensions !== dimensions) {
    throw storeErrors.error('wrong-dimensions', { reason: `${dimensions} dimensions, ${found.dimensions} expected` });
  }
  return found;
}

async function makeSpace(scope: Tenancy, space: EmbeddingSpace, dimensions: number): Promise<Space> {
  return scope.transaction(async (tx) => {
    // The insert decides who makes the table; a second one waits here and finds it made.
    const rows = await tx.query<SpaceRow>(
      `insert into embedding_space (facility_id, model_id, model_version, model_sha256, dimensions, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (facility_id, model_id, model_version, model_sha256) do nothing
       returning id, dimensions, ef_search`,
      [scope.facilityId, space.modelId, space.modelVersion, space.modelSha256, dimensions, scope.clock.now()],
    );
    const [row] = rows;
    if (row === undefined) {
      const made = await findSpace(tx, scope.facilityId, space);
      if (made === undefined) throw new Error('the embedding space was not made');
      return made;
    }
    const made = toSpace(row);
    await makePartition(tx, made);
    return made;
  });
}

/** For a restore, whose rows of spaces are there already. */
export async function makePartitions(sql: Sql): Promise<void> {
  for (const row of await sql.query<SpaceRow>('select id, dimensions, ef_search from embedding_space order by id'))
    await makePartition(sql, toSpace(row));
}

async function makePartition(tx: Sql, made: Space): Promise<void> {
  const { table, dimensions } = made;
  await tx.query(`create table ${table} partition of embedding for values in (${made.id})`);
  if (dimensions <= INLINE_DIMENSIONS) await tx.query(`alter table ${table} alter column vector set storage plain`);
  await tx.query(
    `create index ${table}_graph on ${table}
       using hnsw ((vector::halfvec(${dimensions})) halfvec_cosine_ops) with (m = 16, ef_construction = 100)
       where in_graph and current`,
  );
  await tx.query(`create index ${table}_tail on ${table} (reading_id) where not in_graph and current`);
  await tx.query(`create index ${table}_person on ${table} (sex, age_years)`);
  await tx.query(`create index ${table}_view on ${table} (view)`);
  await tx.query(`create index ${table}_findings on ${table} using gin (findings)`);
  await tx.query(`alter table ${table} enable row level security`);
  await tx.query(`alter table ${table} force row level security`);
  await tx.query(
    `create policy one_facility on ${table}
       using (coalesce(current_setting('haidang.facility', true), '') in ('*', facility_id))`,
  );
}
