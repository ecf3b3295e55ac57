// Small records of other rooms (a session of CheckDrug, a ward policy, a seen MSH-10) under a key: JSON in, JSON out.
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface KeyedRecord {
  readonly key: string;
  readonly value: unknown;
  readonly updatedAt: string;
}

export interface Records {
  get(room: string, key: string): Promise<KeyedRecord | undefined>;
  put(room: string, key: string, value: unknown): Promise<void>;
  /** Writes only where nothing is there, and says whether it did: the first of two callers wins. */
  putFirst(room: string, key: string, value: unknown): Promise<boolean>;
  remove(room: string, key: string): Promise<void>;
  list(room: string, options?: { prefix?: string; limit?: number }): Promise<readonly KeyedRecord[]>;
}

interface Row {
  readonly key: string;
  readonly value: unknown;
  readonly updated_at: Date;
}

const toRecord = (row: Row): KeyedRecord => ({
  key: row.key,
  value: row.value,
  updatedAt: row.updated_at.toISOString(),
});

export function openRecords(scope: Tenancy): Records {
  const { facilityId, sql } = scope;

  async function write(room: string, key: string, value: unknown, conflict: string): Promise<boolean> {
    const rows = await scope.transaction((tx) =>
      tx.query(
        `insert into record (facility_id, room, key, value, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (facility_id, room, key) ${conflict} returning key`,
        [facilityId, room, storableText(key), canonicalJson(value), scope.clock.now()],
      ),
    );
    return rows.length > 0;
  }

  return {
    async get(room, key) {
      const [row] = await sql.query<Row>(
        'select key, value, updated_at from record where facility_id = $1 and room = $2 and key = $3',
        [facilityId, room, storableText(key)],
      );
      return row && toRecord(row);
    },
    async put(room, key, value) {
      await write(room, key, value, 'do update set value = excluded.value, updated_at = excluded.updated_at');
    },
    putFirst: (room, key, value) => write(room, key, value, 'do nothing'),
    async remove(room, key) {
      await scope.transaction((tx) =>
        tx.query('delete from record where facility_id = $1 and room = $2 and key = $3', [
          facilityId,
          room,
          storableText(key),
        ]),
      );
    },
    async list(room, { prefix = '', limit = 1_000 } = {}) {
      const rows = await sql.query<Row>(
        `select key, value, updated_at from record where facility_id = $1 and room = $2 and starts_with(key, $3)
         order by key limit $4`,
        [facilityId, room, storableText(prefix), limit],
      );
      return rows.map(toRecord);
    },
  };
}
