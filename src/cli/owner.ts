// Work on the stored data by a command: directly where nobody owns the data folder, else by the service that does.
import { systemClock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import { LOCAL_FACILITY } from '#access/identity.ts';
import type { Config } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import { openStore, type Store } from '#store/store.ts';

const TOKEN_SECONDS = 3_600;

/** Throws CareError `store.*`; a plain error where the service does not answer as it should. */
async function askService(config: Config, path: string): Promise<Response> {
  const tokens = await tokensBeside(config, systemClock);
  const token = await tokens.issue({
    actor: 'command',
    roles: ['admin'],
    facilityId: LOCAL_FACILITY,
    seconds: TOKEN_SECONDS,
  });
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const answer = await fetch(`http://${host}:${config.port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`the service answered ${answer.status} to ${path}`);
  return answer;
}

export interface Work<Result> {
  readonly directly: (store: Store) => Promise<Result>;
  /** Of the running service. */
  readonly path: string;
  readonly fromAnswer: (answer: Response) => Promise<Result>;
}

export async function workOn<Result>(config: Config, { directly, path, fromAnswer }: Work<Result>): Promise<Result> {
  const { dataDir, databaseUrl } = config;
  let store: Store;
  try {
    store = await openStore({ dataDir, clock: systemClock, ...(databaseUrl !== undefined && { databaseUrl }) });
  } catch (thrown) {
    if (!(thrown instanceof CareError) || thrown.code !== 'store.folder-in-use') throw thrown;
    return fromAnswer(await askService(config, path));
  }
  try {
    return await directly(store);
  } finally {
    await store.close();
  }
}
