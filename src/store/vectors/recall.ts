// Measured recall of the graph index against exact search; the search width follows the last measurement.
import type { RecallFigure, VectorIndex } from '#similarity/vector-index.ts';
import { findSpace } from './embedding-space.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export function openRecall({ facilityId, sql, transaction }: Tenancy): Pick<VectorIndex, 'saveRecall' | 'recall'> {
  return {
    async saveRecall(wanted, figures) {
      const space = await findSpace(sql, facilityId, wanted);
      if (space === undefined || figures.length === 0) return;
      await transaction(async (tx) => {
        for (const figure of figures) {
          await tx.query(
            `insert into recall_figure (facility_id, space_id, filter, k, queries, ef_search, recall, measured_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (space_id, filter, k, measured_at)
             do update set queries = excluded.queries, ef_search = excluded.ef_search, recall = excluded.recall`,
            [
              facilityId,
              space.id,
              figure.filter,
              figure.k,
              figure.queries,
              figure.efSearch,
              figure.recall,
              figure.measuredAt,
            ],
          );
        }
        const efSearch = Math.max(...figures.map((figure) => figure.efSearch));
        await tx.query('update embedding_space set ef_search = $3 where facility_id = $1 and id = $2', [
          facilityId,
          space.id,
          efSearch,
        ]);
      });
    },
    async recall(wanted) {
      const space = await findSpace(sql, facilityId, wanted);
      if (space === undefined) return [];
      const rows = await sql.query<Omit<RecallFigure, 'measuredAt'> & { measured_at: Date }>(
        `select distinct on (filter, k) filter, k, queries, ef_search as "efSearch", recall, measured_at
         from recall_figure where facility_id = $1 and space_id = $2 order by filter, k, measured_at desc`,
        [facilityId, space.id],
      );
      return rows.map(({ measured_at, ...figure }) => ({ ...figure, measuredAt: measured_at.toISOString() }));
    },
  };
}
