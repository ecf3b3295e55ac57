// Graph indexes that are due for the daily audit of their recall, by the time of the last measurement.
import { type Clock, DAY_MS } from '#kernel/clock.ts';
import { auditRecall } from '#similarity/recall-audit.ts';
import type { EmbeddingSpace, VectorIndex } from '#similarity/vector-index.ts';
import type { Database } from '#store/host/database.ts';
import { EXACT_UP_TO } from './nearest.ts';

/** Times a dozen filters, each asked twice: some seconds of work in short pieces. */
const QUERIES = 30;

interface Row extends EmbeddingSpace {
  readonly id: number;
  readonly facilityId: string;
}

/** Says how many it measured. `exactUpTo`: a space that holds no more is scanned exactly, and needs no audit. */
export async function auditDueGraphs(
  database: Database,
  clock: Clock,
  indexOf: (facilityId: string) => Promise<VectorIndex>,
  exactUpTo = EXACT_UP_TO,
): Promise<number> {
  const due = await database.query<Row>(
    `select s.id, s.facility_id as "facilityId", s.model_id as "modelId", s.model_version as "modelVersion",
       s.model_sha256 as "modelSha256"
     from embedding_space s
     where not exists (select 1 from recall_figure f where f.space_id = s.id and f.measured_at > $1)`,
    [new Date(clock.now().getTime() - DAY_MS)],
  );
  let audited = 0;
  for (const { id, facilityId, ...space } of due) {
    const [count] = await database.query<{ n: number }>(
      `select count(*)::int as n from (select 1 from embedding_${id} where in_graph limit ${exactUpTo + 1}) few`,
    );
    if ((count?.n ?? 0) <= exactUpTo) continue;
    await auditRecall(await indexOf(facilityId), { space, clock, queries: QUERIES });
    audited += 1;
  }
  return audited;
}
