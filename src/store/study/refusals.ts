// Refusals at the doors: reason and hash of the bytes, never the content.
import type { Refusal, RefusalLog } from '#kernel/refusal.ts';
import { storableText } from '#store/host/canonical.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

export interface Refusals extends RefusalLog {
  /** Newest first. */
  list(options?: { limit?: number }): Promise<readonly Refusal[]>;
}

interface Row {
  readonly code: string;
  readonly field: string | null;
  readonly reason: string;
  readonly sha256: string | null;
  readonly at: Date;
}

export function openRefusals(scope: Tenancy): Refusals {
  return {
    async record({ code, field, reason, sha256 }) {
      await scope.transaction(async (tx) => {
        await tx.query(
          'insert into refusal (facility_id, code, field, reason, sha256, at) values ($1, $2, $3, $4, $5, $6)',
          [
            scope.facilityId,
            code,
            field === undefined ? null : storableText(field),
            storableText(reason),
            sha256 ?? null,
            scope.clock.now(),
          ],
        );
      });
    },
    async list({ limit = 100 } = {}) {
      const rows = await scope.sql.query<Row>(
        'select code, field, reason, sha256, at from refusal where facility_id = $1 order by id desc limit $2',
        [scope.facilityId, limit],
      );
      return rows.map(({ code, field, reason, sha256, at }) => ({
        code,
        ...optional('field', field),
        reason,
        ...optional('sha256', sha256),
        at: at.toISOString(),
      }));
    },
  };
}
