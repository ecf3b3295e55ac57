// The key that signs links is made at the first start and kept in the store, so that links outlive a restart.
import type { LinkKey } from './signed-link.ts';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const ROOM = 'keys';
const KEY = 'links';

const stored = z.object({ id: z.string(), secret: z.string() });

export interface KeyStore {
  readonly records: {
    get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
    putFirst(room: string, key: string, value: unknown): Promise<boolean>;
  };
}

/** Two services that start at the same moment get the same key: the first one's. */
export async function storedLinkKeys(store: KeyStore): Promise<readonly LinkKey[]> {
  await store.records.putFirst(ROOM, KEY, { id: 'k1', secret: randomBytes(32).toString('base64') });
  return [stored.parse((await store.records.get(ROOM, KEY))?.value)];
}
