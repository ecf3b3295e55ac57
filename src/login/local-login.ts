// Checks a login and a password, slowly and evenly: a wrong name takes as long as a wrong password, and guessing locks the account.
import { hashPassword, isPassword, LONGEST_PASSWORD, SHORTEST_PASSWORD } from '#access/passwords.ts';
import { isRole } from '#access/roles.ts';
import type { Person } from '#access/sessions.ts';
import type { Account } from '#kernel/account.ts';
import type { Clock } from '#kernel/clock.ts';
import { loginErrors } from './errors.ts';

/** Wrong passwords in a row before the account waits. */
const FREE_FAILURES = 5;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;

export interface AccountRows {
  find(login: string): Promise<Account | undefined>;
  failed(login: string, lockedUntil: Date | undefined): Promise<void>;
  succeeded(login: string): Promise<void>;
  setPassword(login: string, to: Pick<Account, 'password' | 'mustChange'>): Promise<void>;
}

export interface Proven extends Person {
  readonly mustChange: boolean;
}

export interface LocalLogin {
  /** The account of that name; its password proves nothing yet. */
  find(login: string): Promise<Pick<Account, 'login' | 'facilityId'> | undefined>;
  /** Throws CareError `login.wrong-password`, `login.too-many-attempts`. */
  prove(login: string, password: string): Promise<Proven>;
  /** Throws the same, and `login.weak-password`. */
  change(login: string, passwords: { readonly current: string; readonly next: string }): Promise<void>;
}

/** Names are compared without case and without spaces around them. */
export const loginOf = (typed: string): string => typed.trim().normalize('NFC').toLowerCase();

function requireStrong(password: string, login: string): void {
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD || loginOf(password) === login)
    throw loginErrors.error('weak-password', { field: 'password' });
}

const lockMs = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(FIRST_LOCK_MS * 2 ** (failures - FREE_FAILURES), LONGEST_LOCK_MS);

export function openLocalLogin(rows: AccountRows, clock: Clock): LocalLogin {
  /** The password of an unknown login is compared with this hash, so that the answer takes as long as for a known one. */
  const nobody = hashPassword('an unknown login takes as long as a known one');

  async function prove(typed: string, password: string): Promise<Proven> {
    const login = loginOf(typed);
    const account = await rows.find(login);
    const now = clock.now().getTime();
    const waitMs = (account?.lockedUntil?.getTime() ?? 0) - now;
    if (waitMs > 0)
      throw loginErrors.error('too-many-attempts', { field: 'login', retryAfterSeconds: Math.ceil(waitMs / 1000) });
    const right = await isPassword(password, account?.password ?? (await nobody));
    if (account === undefined || account.disabled || !right) {
      if (account !== undefined) {
        const lock = lockMs(account.failures + 1);
        await rows.failed(login, lock === 0 ? undefined : new Date(now + lock));
      }
      throw loginErrors.error('wrong-password', { field: 'password' });
    }
    if (account.failures > 0) await rows.succeeded(login);
    const { facilityId, mustChange } = account;
    return { actor: login, facilityId, roles: account.roles.filter(isRole), mustChange };
  }

  return {
    async find(typed) {
      const account = await rows.find(loginOf(typed));
      return account && { login: account.login, facilityId: account.facilityId };
    },
    prove,
    async change(typed, { current, next }) {
      const login = loginOf(typed);
      await prove(login, current);
      requireStrong(next, login);
      if (next === current) throw loginErrors.error('weak-password', { field: 'password' });
      await rows.setPassword(login, { password: await hashPassword(next), mustChange: false });
    },
  };
}
