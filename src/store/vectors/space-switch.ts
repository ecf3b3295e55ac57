// The one row that says which space the similar cases of a facility are read from. Without it each reading is compared within the space of its own model.
import { z } from 'zod';
import type { EmbeddingSpace } from '#similarity/vector-index.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface SpaceSwitch {
  readFrom(): Promise<EmbeddingSpace | undefined>;
  /** Undefined: the space of each reading's own model again. Stands in the audit. */
  switchTo(space: EmbeddingSpace | undefined, by: { readonly actor: string }): Promise<void>;
}

const [ROOM, KEY] = ['similarity', 'read-from'] as const;

const spaceSchema = z.strictObject({ modelId: z.string(), modelVersion: z.string(), modelSha256: z.string() });

export function openSpaceSwitch(scope: Tenancy): SpaceSwitch {
  const { facilityId, sql, clock } = scope;
  return {
    async readFrom() {
      const [row] = await sql.query<{ value: unknown }>(
        'select value from record where facility_id = $1 and room = $2 and key = $3',
        [facilityId, ROOM, KEY],
      );
      return row === undefined ? undefined : spaceSchema.parse(row.value);
    },
    switchTo: (space, { actor }) =>
      scope.transaction(async (tx) => {
        await (space === undefined
          ? tx.query('delete from record where facility_id = $1 and room = $2 and key = $3', [facilityId, ROOM, KEY])
          : tx.query(
              `insert into record (facility_id, room, key, value, updated_at) values ($1, $2, $3, $4, $5)
               on conflict (facility_id, room, key) do update set value = excluded.value, updated_at = excluded.updated_at`,
              [facilityId, ROOM, KEY, canonicalJson(spaceSchema.parse(space)), clock.now()],
            ));
        await appendAudit(tx, scope, [
          {
            actor,
            action: 'similar.space-switched',
            subjectType: 'model',
            subjectId: space?.modelId ?? 'own',
            detail: space === undefined ? {} : { modelVersion: space.modelVersion, modelSha256: space.modelSha256 },
          },
        ]);
      }),
  };
}
