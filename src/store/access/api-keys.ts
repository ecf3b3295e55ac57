// Keys of systems: shown once, kept as a hash.
import type { ApiKey } from '#kernel/account.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Database } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';

export interface ApiKeys {
  /** Throws CareError `store.already-there` for a name that is taken. */
  add(key: Omit<ApiKey, 'revoked'>): Promise<void>;
  find(id: string): Promise<ApiKey | undefined>;
  list(): Promise<readonly ApiKey[]>;
  /** Throws CareError `store.not-found`. */
  revoke(id: string): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly facility_id: string;
  readonly name: string;
  readonly roles: string[];
  readonly secret_hash: string;
  readonly ends_at: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, facility_id, name, roles, secret_hash, ends_at, revoked_at';

const toKey = (row: Row): ApiKey => ({
  id: row.id,
  facilityId: row.facility_id,
  name: row.name,
  roles: row.roles,
  secretHash: row.secret_hash,
  endsAt: row.ends_at ?? undefined,
  revoked: row.revoked_at !== null,
});

/** `facility` makes the facility where it is not there yet. */
export function openApiKeys(database: Database, clock: Clock, facility: (id: string) => Promise<unknown>): ApiKeys {
  return {
    async add({ id, facilityId, name, roles, secretHash, endsAt }) {
      await facility(facilityId);
      const rows = await database.query(
        `insert into api_key (id, facility_id, name, roles, secret_hash, created_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id`,
        [id, facilityId, name, roles, secretHash, clock.now(), endsAt ?? null],
      );
      if (rows.length === 0) throw storeErrors.error('already-there', { field: 'name' });
    },
    async find(id) {
      const [row] = await database.query<Row>(`select ${COLUMNS} from api_key where id = $1`, [id]);
      return row && toKey(row);
    },
    async list() {
      const rows = await database.query<Row>(`select ${COLUMNS} from api_key order by facility_id, name`);
      return rows.map(toKey);
    },
    async revoke(id) {
      const rows = await database.query(
        'update api_key set revoked_at = coalesce(revoked_at, $2) where id = $1 returning id',
        [id, clock.now()],
      );
      if (rows.length === 0) throw storeErrors.error('not-found', { field: 'id' });
    },
  };
}
