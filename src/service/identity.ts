// Who may use this service: by HAIDANG_ACCESS, and where the key of its own tokens lies.
import { type Identify, identifyOpenly, LOCAL_FACILITY } from '#access/identity.ts';
import { identifyWith } from '#access/identify.ts';
import { tokenKeyInFolder, tokenKeyInStore } from '#access/token-key.ts';
import { openTokens, type Tokens } from '#access/tokens.ts';
import type { Clock } from '#kernel/clock.ts';
import { openStore, type Store } from '#store/store.ts';
import type { Config } from './config.ts';
import type { Here } from './context.ts';

type KeyPlace = Pick<Config, 'dataDir' | 'databaseUrl'>;

async function tokensOf({ dataDir, databaseUrl }: KeyPlace, store: Pick<Store, 'facility'>, clock: Clock) {
  const key =
    databaseUrl === undefined
      ? await tokenKeyInFolder(dataDir)
      : await tokenKeyInStore(await store.facility(LOCAL_FACILITY));
  return openTokens(key, clock);
}

export async function openIdentity({ config, clock }: Here, store: Pick<Store, 'facility'>): Promise<Identify> {
  if (config.access === 'open') return identifyOpenly;
  return identifyWith({ tokens: await tokensOf(config, store, clock) });
}

/** For a command beside the service, which holds the embedded database: then only the key is read. */
export async function tokensBeside(config: KeyPlace, clock: Clock): Promise<Tokens> {
  const { dataDir, databaseUrl } = config;
  if (databaseUrl === undefined) return openTokens(await tokenKeyInFolder(dataDir), clock);
  await using store = await openStore({ dataDir, databaseUrl, clock }).then((opened) => ({
    facility: opened.facility,
    [Symbol.asyncDispose]: () => opened.close(),
  }));
  return await tokensOf(config, store, clock);
}
