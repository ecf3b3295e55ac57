// Work of a command on the stored data: directly where no service runs on the data folder, else through that service.
import { systemClock } from '#kernel/clock.ts';
import { LOCAL_FACILITY } from '#access/identity.ts';
import type { Config } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import type { Store } from '#store/store.ts';
import { storeOrService } from './open-store.ts';

const TOKEN_SECONDS = 3_600;

interface Asked {
  /** Of the running service. */
  readonly path: string;
  /** Absent: the local one. */
  readonly facilityId?: string;
}

/** Throws CareError `store.*`; a plain error where the service does not answer as it should. */
async function askService(
  config: Config,
  address: string,
  { path, facilityId = LOCAL_FACILITY }: Asked,
): Promise<Response> {
  const tokens = await tokensBeside(config, systemClock);
  const token = await tokens.issue({
    actor: 'command',
    roles: ['admin'],
    facilityId,
    seconds: TOKEN_SECONDS,
  });
  const answer = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`the service answered ${answer.status} to ${path}`);
  return answer;
}

export interface Work<Result> extends Asked {
  readonly directly: (store: Store) => Promise<Result>;
  readonly fromAnswer: (answer: Response) => Promise<Result>;
}

export async function workOn<Result>(
  config: Config,
  { directly, fromAnswer, ...asked }: Work<Result>,
): Promise<Result> {
  return storeOrService(config, {
    async directly(store) {
      try {
        return await directly(store);
      } finally {
        await store.close();
      }
    },
    through: async (address) => fromAnswer(await askService(config, address, asked)),
  });
}
