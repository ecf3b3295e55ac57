// Sessions of people at the pages: a random token in a cookie, kept as a hash; ends at a fixed time, and earlier after a time without use.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { PageSession } from '#kernel/account.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Identity } from './identity.ts';
import { isRole, type Role, scopesOf } from './roles.ts';

const LONGEST_MS = 12 * 3_600_000;
/** Requests of one page come together: what was read from the store holds that long, also after a logout elsewhere. */
const REMEMBERED_MS = 5_000;
const MOST_REMEMBERED = 10_000;
/** `seen_at` is written at most that often. */
const SEEN_EVERY_MS = 30_000;

export interface SessionStore {
  add(session: Omit<PageSession, 'seenAt'>): Promise<void>;
  find(tokenHash: string): Promise<Omit<PageSession, 'tokenHash'> | undefined>;
  seen(tokenHash: string): Promise<void>;
  remove(tokenHash: string): Promise<void>;
  removeOf(actor: string): Promise<void>;
}

export interface Person {
  readonly actor: string;
  readonly facilityId: string;
  readonly roles: readonly Role[];
}

export interface Opened {
  /** For the cookie. */
  readonly token: string;
  readonly endsAt: Date;
}

export interface Sessions {
  open(person: Person): Promise<Opened>;
  /** Undefined when it ended or was unused for too long. `background`: the page asks by itself, which is no use. */
  find(token: string, use: { readonly background: boolean }): Promise<Identity | undefined>;
  close(token: string): Promise<void>;
  closeOf(actor: string): Promise<void>;
}

interface Remembered {
  readonly identity: Identity;
  readonly readAt: number;
  readonly endsAt: number;
  seenAt: number;
  writtenAt: number;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
/** Only who can read answers of this session knows it. */
const csrfOf = (token: string): string => createHmac('sha256', token).update('csrf').digest('base64url');

export function openSessions(store: SessionStore, { clock, idleMs }: { clock: Clock; idleMs: number }): Sessions {
  const remembered = new Map<string, Remembered>();
  const now = (): number => clock.now().getTime();

  async function read(token: string): Promise<Remembered | undefined> {
    const hash = hashOf(token);
    const before = remembered.get(hash);
    if (before !== undefined && now() - before.readAt < REMEMBERED_MS) return before;
    const row = await store.find(hash);
    remembered.delete(hash);
    if (row === undefined) return undefined;
    const { facilityId, actor, endsAt } = row;
    const roles = row.roles.filter(isRole);
    const csrf = csrfOf(token);
    const seenAt = Math.max(row.seenAt.getTime(), before?.seenAt ?? 0);
    const session: Remembered = {
      identity: Object.freeze({ facilityId, actor, roles, scopes: scopesOf(roles), known: 'session', csrf }),
      readAt: now(),
      endsAt: endsAt.getTime(),
      seenAt,
      writtenAt: row.seenAt.getTime(),
    };
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(hash, session);
    return session;
  }

  async function close(hash: string): Promise<void> {
    remembered.delete(hash);
    await store.remove(hash);
  }

  return {
    async open({ actor, facilityId, roles }) {
      const token = randomBytes(32).toString('base64url');
      const endsAt = new Date(now() + LONGEST_MS);
      await store.add({ tokenHash: hashOf(token), facilityId, actor, roles, endsAt });
      return { token, endsAt };
    },
    async find(token, { background }) {
      const hash = hashOf(token);
      const session = await read(token);
      if (session === undefined) return undefined;
      if (session.endsAt <= now() || now() - session.seenAt > idleMs) {
        await close(hash);
        return undefined;
      }
      if (!background) {
        session.seenAt = now();
        if (now() - session.writtenAt >= SEEN_EVERY_MS) {
          session.writtenAt = now();
          await store.seen(hash);
        }
      }
      return session.identity;
    },
    close: (token) => close(hashOf(token)),
    async closeOf(actor) {
      remembered.clear();
      await store.removeOf(actor);
    },
  };
}
