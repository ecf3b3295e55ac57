// Nearest embeddings: exactly where few remain, by the graph index where many do, inside one facility and one space.
import type { Neighbour, SearchMethod, VectorAnswer, VectorQuery } from '#similarity/vector-index.ts';
import { conditionsOf, isFiltered, type Part } from './embedding-filter.ts';
import { COLUMNS, type EmbeddingRow, toFacets } from './embedding-row.ts';
import { findSpace, type Space } from './embedding-space.ts';
import { confirmedOf } from '#store/reading/labels.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';
import { toHalfvec } from './vectors.ts';

/**
 * Up to this many candidates are compared one by one: exact, and as fast as the graph. Measured with 100,000 vectors of 512
 * dimensions on two busy cores: 4 µs per candidate that a filter leaves, against 5 ms for the graph (benchmarks/retrieval).
 */
export const EXACT_UP_TO = 2_000;
/** How many rows the graph may visit before it gives up on a filter; then the exact scan answers. */
const MAX_SCAN_TUPLES = 40_000;

const toNeighbour = (row: EmbeddingRow & { similarity: number }): Neighbour => ({
  ...toFacets(row),
  similarity: row.similarity,
});

export interface Nearest {
  search(query: VectorQuery): Promise<VectorAnswer>;
}

export function openNearest({ facilityId, sql, transaction }: Tenancy): Nearest {
  /** Spaces that are past the limit: rows are never removed, so they stay so and need not be counted again. */
  const large = new Set<number>();

  async function countUpTo(space: Space): Promise<number> {
    const [few] = await sql.query<{ n: number }>(
      `select count(*)::int as n from (select 1 from ${space.table} limit ${EXACT_UP_TO + 1}) as few`,
    );
    return few?.n ?? 0;
  }

  /** Up to the limit, exactly; past it, as the planner believes: only speed hangs on it, never the answer. */
  async function candidates(space: Space, query: VectorQuery): Promise<number> {
    const size = large.has(space.id) ? Infinity : await countUpTo(space);
    if (size > EXACT_UP_TO) large.add(space.id);
    if (size <= EXACT_UP_TO || !isFiltered(query)) return size;
    const where = conditionsOf(query, 'all', []);
    const [plan] = await sql.query<{ 'QUERY PLAN': readonly { Plan: { 'Plan Rows': number } }[] }>(
      `explain (format json) select 1 from ${space.table} where ${where.text}`,
      where.values,
    );
    return plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? size;
  }

  async function exact(space: Space, query: VectorQuery, part: Part): Promise<readonly Neighbour[]> {
    const where = conditionsOf(query, part, [toHalfvec(query.vector, space.dimensions)]);
    // The `+ 0` keeps the graph index out of it; the sub-select computes each distance once.
    const rows = await sql.query<EmbeddingRow & { similarity: number }>(
      `select ${COLUMNS}, 1 - distance as similarity from (
         select ${COLUMNS}, (vector <=> $1::halfvec) + 0 as distance from ${space.table} where ${where.text}
         order by distance, reading_id limit ${query.k}) nearest
       order by distance, reading_id`,
      where.values,
    );
    return rows.map(toNeighbour);
  }

  async function graph(space: Space, query: VectorQuery): Promise<readonly Neighbour[]> {
    const where = conditionsOf(query, 'graph', [toHalfvec(query.vector, space.dimensions)]);
    const type = `halfvec(${space.dimensions})`;
    return transaction(async (tx) => {
      // Iterative: a filter is applied after the index, so without it a filter that leaves a tenth returns a tenth of k.
      await tx.query(
        `select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
           set_config('hnsw.max_scan_tuples', $2, true), set_config('enable_seqscan', 'off', true),
           set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`,
        [String(query.efSearch ?? space.efSearch), String(MAX_SCAN_TUPLES)],
      );
      const rows = await tx.query<EmbeddingRow & { similarity: number }>(
        `select ${COLUMNS}, 1 - ((vector::${type}) <=> $1::${type}) as similarity from ${space.table}
         where ${where.text} order by (vector::${type}) <=> $1::${type} limit ${query.k}`,
        where.values,
      );
      return rows.map(toNeighbour);
    });
  }

  /** What came lately is not in the graph yet: few, and compared one by one. */
  async function graphAndTail(space: Space, query: VectorQuery): Promise<readonly Neighbour[]> {
    const both = [...(await graph(space, query)), ...(await exact(space, query, 'tail'))];
    return both.sort((a, b) => b.similarity - a.similarity).slice(0, query.k);
  }

  async function search(query: VectorQuery): Promise<VectorAnswer> {
    if (!Number.isInteger(query.k) || query.k < 1 || query.k > 200)
      throw new Error('k must be a whole number from 1 to 200');
    const space = await findSpace(sql, facilityId, query.space);
    if (space === undefined) return { method: 'exact', neighbours: [] };
    const wanted: SearchMethod = query.method ?? ((await candidates(space, query)) <= EXACT_UP_TO ? 'exact' : 'hnsw');
    if (wanted === 'exact') return { method: 'exact', neighbours: await exact(space, query, 'all') };
    const neighbours = await graphAndTail(space, query);
    // Fewer than asked for may mean that the graph gave up, not that there are no more.
    if (neighbours.length < query.k && query.method === undefined) {
      return { method: 'exact', neighbours: await exact(space, query, 'all') };
    }
    return { method: 'hnsw', neighbours };
  }

  /** Labels are of the study, not of one model's vector of it, and so are looked up with the answer. */
  async function labelled(answer: VectorAnswer): Promise<VectorAnswer> {
    const said = await confirmedOf(
      sql,
      facilityId,
      answer.neighbours.map(({ studyUid }) => studyUid),
    );
    const neighbours = answer.neighbours.map((each) => ({
      ...each,
      ...optional('confirmed', said.get(each.studyUid)),
    }));
    return { ...answer, neighbours };
  }

  return { search: async (query) => labelled(await search(query)) };
}
