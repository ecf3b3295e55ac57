// Sessions of people at the pages; the cookie's token is kept as its hash.
import type { PageSession } from '#kernel/account.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Database } from '#store/host/database.ts';

export interface StoredSessions {
  add(session: Omit<PageSession, 'seenAt'>): Promise<void>;
  find(tokenHash: string): Promise<PageSession | undefined>;
  seen(tokenHash: string): Promise<void>;
  remove(tokenHash: string): Promise<void>;
  /** All of one person: a password that was reset, an account that was disabled. */
  removeOf(actor: string): Promise<void>;
}

interface Row {
  readonly facility_id: string;
  readonly actor: string;
  readonly roles: string[];
  readonly seen_at: Date;
  readonly ends_at: Date;
}

/** `facility` makes the facility where it is not there yet. */
export function openSessions(
  database: Database,
  clock: Clock,
  facility: (id: string) => Promise<unknown>,
): StoredSessions {
  return {
    async add({ tokenHash, facilityId, actor, roles, endsAt }) {
      await facility(facilityId);
      const now = clock.now();
      // Ended sessions are removed here, so that the table stays small.
      await database.query('delete from session where ends_at < $1', [now]);
      await database.query(
        `insert into session (token_hash, facility_id, actor, roles, created_at, seen_at, ends_at)
         values ($1, $2, $3, $4, $5, $5, $6)`,
        [tokenHash, facilityId, actor, roles, now, endsAt],
      );
    },
    async find(tokenHash) {
      const [row] = await database.query<Row>(
        'select facility_id, actor, roles, seen_at, ends_at from session where token_hash = $1',
        [tokenHash],
      );
      if (row === undefined) return undefined;
      const { facility_id: facilityId, actor, roles, seen_at: seenAt, ends_at: endsAt } = row;
      return { tokenHash, facilityId, actor, roles, seenAt, endsAt };
    },
    async seen(tokenHash) {
      await database.query('update session set seen_at = $2 where token_hash = $1', [tokenHash, clock.now()]);
    },
    async remove(tokenHash) {
      await database.query('delete from session where token_hash = $1', [tokenHash]);
    },
    async removeOf(actor) {
      await database.query('delete from session where actor = $1', [actor]);
    },
  };
}
