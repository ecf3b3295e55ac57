// Local accounts: login, facility, roles and the hash of a password. Read across facilities, because the login comes first.
import type { Account } from '#kernel/account.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Database } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';

export type NewAccount = Pick<Account, 'login' | 'facilityId' | 'roles' | 'password' | 'mustChange'>;

export interface Accounts {
  /** Throws CareError `store.already-there`. */
  add(account: NewAccount): Promise<void>;
  find(login: string): Promise<Account | undefined>;
  list(): Promise<readonly Account[]>;
  /** Throws CareError `store.not-found`. */
  setPassword(login: string, to: Pick<NewAccount, 'password' | 'mustChange'>): Promise<void>;
  /** Throws CareError `store.not-found`. */
  disable(login: string): Promise<void>;
  /** A login that failed, and until when the account is locked. */
  failed(login: string, lockedUntil: Date | undefined): Promise<void>;
  succeeded(login: string): Promise<void>;
}

interface Row extends Pick<Account, 'login' | 'roles' | 'password' | 'failures'> {
  readonly facility_id: string;
  readonly must_change: boolean;
  readonly locked_until: Date | null;
  readonly disabled_at: Date | null;
}

const COLUMNS = 'login, facility_id, roles, password, must_change, failures, locked_until, disabled_at';

const toAccount = (row: Row): Account => ({
  login: row.login,
  facilityId: row.facility_id,
  roles: row.roles,
  password: row.password,
  mustChange: row.must_change,
  failures: row.failures,
  lockedUntil: row.locked_until ?? undefined,
  disabled: row.disabled_at !== null,
});

/** `facility` makes the facility where it is not there yet. */
export function openAccounts(database: Database, clock: Clock, facility: (id: string) => Promise<unknown>): Accounts {
  async function change(login: string, assignments: string, values: readonly unknown[]): Promise<void> {
    const rows = await database.query(`update account set ${assignments} where login = $1 returning login`, [
      login,
      ...values,
    ]);
    if (rows.length === 0) throw storeErrors.error('not-found', { field: 'login' });
  }
  return {
    async add({ login, facilityId, roles, password, mustChange }) {
      await facility(facilityId);
      const now = clock.now();
      const rows = await database.query(
        `insert into account (login, facility_id, roles, password, must_change, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $6) on conflict (login) do nothing returning login`,
        [login, facilityId, roles, password, mustChange, now],
      );
      if (rows.length === 0) throw storeErrors.error('already-there', { field: 'login' });
    },
    async find(login) {
      const [row] = await database.query<Row>(`select ${COLUMNS} from account where login = $1`, [login]);
      return row && toAccount(row);
    },
    async list() {
      const rows = await database.query<Row>(`select ${COLUMNS} from account order by login`);
      return rows.map(toAccount);
    },
    setPassword: (login, { password, mustChange }) =>
      change(login, 'password = $2, must_change = $3, failures = 0, locked_until = null, changed_at = $4', [
        password,
        mustChange,
        clock.now(),
      ]),
    disable: (login) => change(login, 'disabled_at = coalesce(disabled_at, $2)', [clock.now()]),
    failed: (login, lockedUntil) => change(login, 'failures = failures + 1, locked_until = $2', [lockedUntil ?? null]),
    succeeded: (login) => change(login, 'failures = 0, locked_until = null', []),
  };
}
