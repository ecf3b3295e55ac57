// Keys of systems that cannot sign: `hdk_ID_SECRET`, shown once, kept as a hash, with a role, a facility and perhaps an end.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '#kernel/account.ts';
import type { Clock } from '#kernel/clock.ts';
import { accessErrors } from './errors.ts';
import type { BearerReader } from './identify.ts';
import type { Identity } from './identity.ts';
import { isRole, type Role, scopesOf } from './roles.ts';

const SHAPE = /^hdk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
/** A revoked key is refused after that long at the latest. */
const REMEMBERED_MS = 5_000;
const MOST_REMEMBERED = 1_000;

export interface KeyRows {
  add(key: Omit<ApiKey, 'revoked'>): Promise<void>;
  find(id: string): Promise<ApiKey | undefined>;
}

export interface NewKey {
  readonly facilityId: string;
  readonly name: string;
  readonly role: Role;
  readonly endsAt: Date | undefined;
}

/** 256 random bits need no slow hash. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The whole key; it is never shown again. */
export async function makeKey(rows: Pick<KeyRows, 'add'>, { facilityId, name, role, endsAt }: NewKey): Promise<string> {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  await rows.add({ id, facilityId, name, roles: [role], secretHash: hashOf(secret), endsAt });
  return `hdk_${id}_${secret}`;
}

const refuse = (reason: string) => accessErrors.error('token-not-valid', { field: 'Authorization', reason });

export function openApiKeys(rows: Pick<KeyRows, 'find'>, clock: Clock): BearerReader {
  const remembered = new Map<string, { readonly identity: Identity; readonly until: number }>();
  return {
    isOurs: (token) => SHAPE.test(token),
    async identify(token) {
      const now = clock.now().getTime();
      const known = remembered.get(token);
      if (known !== undefined && known.until > now) return known.identity;
      remembered.delete(token);
      const [, id = '', secret = ''] = SHAPE.exec(token) ?? [];
      const row = await rows.find(id);
      const given = Buffer.from(hashOf(secret));
      if (row === undefined || !timingSafeEqual(given, Buffer.from(row.secretHash))) throw refuse('unknown key');
      if (row.revoked) throw refuse('the key was revoked');
      if (row.endsAt !== undefined && row.endsAt.getTime() <= now) throw refuse('the key has run out');
      const { facilityId, name } = row;
      const roles = row.roles.filter(isRole);
      const identity: Identity = Object.freeze({
        facilityId,
        actor: `key:${name}`,
        roles,
        scopes: scopesOf(roles),
        known: 'token',
      });
      const until = Math.min(now + REMEMBERED_MS, row.endsAt?.getTime() ?? Number.POSITIVE_INFINITY);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(token, { identity, until });
      return identity;
    },
  };
}
