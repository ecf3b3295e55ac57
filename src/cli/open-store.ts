// The store as the settings name it, for a command; where a running service holds the embedded database, that service's address instead.
import { systemClock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import { addressBeside } from '#service/address-file.ts';
import type { Config } from '#service/config.ts';
import { openStore, type Store } from '#store/store.ts';

/** Throws CareError `store.*`. */
export const openStoreOf = ({ dataDir, blobs, databaseUrl }: Config): Promise<Store> =>
  openStore({ dataDir, blobs, clock: systemClock, ...(databaseUrl !== undefined && { databaseUrl }) });

export interface Ways<Result> {
  readonly directly: (store: Store) => Promise<Result>;
  /** `address` is the running service's. */
  readonly through: (address: string) => Promise<Result>;
}

/** Throws CareError `store.*`. The store stays open for `directly` to close. */
export async function storeOrService<Result>(config: Config, { directly, through }: Ways<Result>): Promise<Result> {
  let store: Store;
  try {
    store = await openStoreOf(config);
  } catch (thrown) {
    const address = await addressBeside(config.dataDir);
    if (!(thrown instanceof CareError) || thrown.code !== 'store.folder-in-use' || address === undefined) throw thrown;
    return through(address);
  }
  return directly(store);
}
