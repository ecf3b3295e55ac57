// Accounts and keys from the command line: in the database itself, or through the service that holds it.
import { LOCAL_FACILITY } from '#access/identity.ts';
import { openSessions } from '#access/sessions.ts';
import { createClient } from '#client/client.ts';
import { systemClock } from '#kernel/clock.ts';
import { type Administration, administrationOf } from '#login/administration.ts';
import { type Config, readConfig } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import type { Store } from '#store/store.ts';
import { storeOrService } from './open-store.ts';
import { userFolder } from './paths.ts';

const ACTOR = 'command-line';
/** For the one request of a command. */
const TOKEN_S = 60;

function directly(store: Store, facilityId: string): Administration {
  const { accounts, keys, sessions } = store.access;
  const open = openSessions(sessions, { clock: systemClock, idleMs: 0 });
  return administrationOf(
    {
      accounts,
      keys,
      clock: systemClock,
      closeSessions: (actor) => open.closeOf(actor),
      note: async (id, entry) => void (await (await store.facility(id)).audit.append(entry)),
    },
    { actor: ACTOR, facilityId },
  );
}

async function through(address: string, config: Config, facilityId: string): Promise<Administration> {
  const tokens = await tokensBeside(config, systemClock);
  const token = await tokens.issue({ actor: ACTOR, roles: ['admin'], facilityId, seconds: TOKEN_S });
  const { v1 } = createClient({ baseUrl: address, token });
  return {
    addAccount: async (account) => (await v1.addAccount(account)).data.password,
    listAccounts: async () => (await v1.listAccounts()).data,
    disableAccount: async (login) => void (await v1.disableAccount(login)),
    resetAccount: async (login) => (await v1.resetAccount(login)).data.password,
    addKey: async ({ name, role, days }) =>
      (await v1.addKey({ name, role, ...(days !== undefined && { days }) })).data.key,
    listKeys: async () => (await v1.listKeys()).data,
    revokeKey: async (id) => void (await v1.revokeKey(id)),
  };
}

/** Throws CareError; the store is closed in any case. */
export async function administer<Result>(
  facility: string | undefined,
  work: (administration: Administration) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(process.env, userFolder());
  const facilityId = facility ?? LOCAL_FACILITY;
  return storeOrService(config, {
    async directly(store) {
      try {
        await store.facility(facilityId);
        return await work(directly(store, facilityId));
      } finally {
        await store.close();
      }
    },
    through: async (address) => work(await through(address, config, facilityId)),
  });
}
