// An administrator's actions on accounts and keys of one facility; a secret is returned once, when it is made.
import { randomBytes } from 'node:crypto';
import { type KeyRows, makeKey } from '#access/api-keys.ts';
import { hashPassword } from '#access/passwords.ts';
import type { Role } from '#access/roles.ts';
import type { Account, ApiKey } from '#kernel/account.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { type Clock, DAY_MS } from '#kernel/clock.ts';
import { httpErrors } from '#http/errors.ts';
import { loginOf } from './local-login.ts';

export interface AdministrationDeps {
  readonly accounts: {
    add(account: Pick<Account, 'login' | 'facilityId' | 'roles' | 'password' | 'mustChange'>): Promise<void>;
    list(): Promise<readonly Account[]>;
    find(login: string): Promise<Account | undefined>;
    disable(login: string): Promise<void>;
    setPassword(login: string, to: Pick<Account, 'password' | 'mustChange'>): Promise<void>;
  };
  readonly keys: Pick<KeyRows, 'add'> & {
    list(): Promise<readonly ApiKey[]>;
    revoke(id: string): Promise<void>;
  };
  readonly clock: Clock;
  readonly closeSessions: (actor: string) => Promise<void>;
  readonly note: (facilityId: string, entry: AuditEntry) => Promise<void>;
}

export interface Administrator {
  readonly actor: string;
  readonly facilityId: string;
}

type ListedAccount = Pick<Account, 'login' | 'roles' | 'disabled'>;
type ListedKey = Pick<ApiKey, 'id' | 'name' | 'roles' | 'revoked'> & { readonly endsAt: string | null };

/** All within the administrator's own facility. Throws CareError `store.already-there`, `http.not-found`. */
export interface Administration {
  /** The first password, which the person has to change. */
  addAccount(account: { readonly login: string; readonly role: Role }): Promise<string>;
  listAccounts(): Promise<readonly ListedAccount[]>;
  disableAccount(login: string): Promise<void>;
  /** A new first password. */
  resetAccount(login: string): Promise<string>;
  /** The whole key. */
  addKey(key: { readonly name: string; readonly role: Role; readonly days: number | undefined }): Promise<string>;
  listKeys(): Promise<readonly ListedKey[]>;
  revokeKey(id: string): Promise<void>;
}

/** 96 random bits, typed once. */
const firstPassword = (): string => randomBytes(12).toString('base64url');

export function administrationOf(deps: AdministrationDeps, by: Administrator): Administration {
  const { accounts, keys } = deps;
  const { facilityId, actor } = by;
  const note = (action: string, subjectType: string, subjectId: string): Promise<void> =>
    deps.note(facilityId, { actor, action, subjectType, subjectId });

  async function own(typed: string): Promise<string> {
    const login = loginOf(typed);
    const account = await accounts.find(login);
    if (account?.facilityId !== facilityId) throw httpErrors.error('not-found', { field: 'login' });
    return login;
  }

  return {
    async addAccount({ login: typed, role }) {
      const login = loginOf(typed);
      const password = firstPassword();
      await accounts.add({
        login,
        facilityId,
        roles: [role],
        password: await hashPassword(password),
        mustChange: true,
      });
      await note('account.added', 'account', login);
      return password;
    },
    async listAccounts() {
      const all = await accounts.list();
      return all
        .filter((account) => account.facilityId === facilityId)
        .map(({ login, roles, disabled }) => ({ login, roles, disabled }));
    },
    async disableAccount(typed) {
      const login = await own(typed);
      await accounts.disable(login);
      await deps.closeSessions(login);
      await note('account.disabled', 'account', login);
    },
    async resetAccount(typed) {
      const login = await own(typed);
      const password = firstPassword();
      await accounts.setPassword(login, { password: await hashPassword(password), mustChange: true });
      await deps.closeSessions(login);
      await note('account.reset', 'account', login);
      return password;
    },
    async addKey({ name, role, days }) {
      const endsAt = days === undefined ? undefined : new Date(deps.clock.now().getTime() + days * DAY_MS);
      const key = await makeKey(keys, { facilityId, name, role, endsAt });
      await note('key.added', 'key', name);
      return key;
    },
    async listKeys() {
      const all = await keys.list();
      return all
        .filter((key) => key.facilityId === facilityId)
        .map(({ id, name, roles, endsAt, revoked }) => ({
          id,
          name,
          roles,
          endsAt: endsAt?.toISOString() ?? null,
          revoked,
        }));
    },
    async revokeKey(id) {
      const all = await keys.list();
      if (!all.some((key) => key.id === id && key.facilityId === facilityId))
        throw httpErrors.error('not-found', { field: 'id' });
      await keys.revoke(id);
      await note('key.revoked', 'key', id);
    },
  };
}
