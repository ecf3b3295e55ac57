// The audit trail from the command line: from the database itself, or through the service that holds it.
import { signHead } from '#access/audit-head.ts';
import { createClient } from '#client/client.ts';
import { systemClock } from '#kernel/clock.ts';
import { lastHead } from '#service/audit-heads.ts';
import { type Config, readConfig } from '#service/config.ts';
import { tokenKeyBeside, tokensBeside } from '#service/identity.ts';
import type { Store } from '#store/store.ts';
import { storeOrService } from './open-store.ts';
import { userFolder } from './paths.ts';

interface Walked {
  readonly intact: boolean;
  readonly entries: number;
  readonly head: string;
  readonly faults: readonly { readonly sequence: number; readonly kind: string }[];
}

interface Trail {
  facilities(): Promise<readonly string[]>;
  verify(facility: string, expectedHead: string | undefined): Promise<Walked>;
  entries(facility: string, after: number): Promise<readonly { readonly sequence: number }[]>;
  close(): Promise<void>;
}

const PAGE = 500;
const TOKEN_S = 600;

const trailOf = (store: Store): Trail => ({
  facilities: () => store.facilities(),
  verify: async (facility, expectedHead) =>
    (await store.facility(facility)).audit.verify(expectedHead === undefined ? {} : { expectedHead }),
  entries: async (facility, after) =>
    (await store.facility(facility)).audit.list({ afterSequence: after, limit: PAGE }),
  close: () => store.close(),
});

async function trailThrough(address: string, config: Config): Promise<Trail> {
  const tokens = await tokensBeside(config, systemClock);
  const as = async (role: 'admin' | 'province', facilityId: string) => {
    const token = await tokens.issue({ actor: 'command-line', roles: [role], facilityId, seconds: TOKEN_S });
    return createClient({ baseUrl: address, token }).v1;
  };
  return {
    facilities: async () => (await (await as('province', 'local')).listFacilities()).data,
    verify: async (facility, expectedHead) =>
      (await (await as('admin', facility)).verifyAudit(expectedHead === undefined ? {} : { expectedHead })).data,
    entries: async (facility, after) =>
      (await (await as('admin', facility)).listAudit({ after: String(after), limit: String(PAGE) })).data,
    close: async () => undefined,
  };
}

/** Throws CareError `store.*`. */
const openTrail = (config: Config): Promise<Trail> =>
  storeOrService(config, {
    directly: async (store) => trailOf(store),
    through: (address) => trailThrough(address, config),
  });

/** The shape that a program reads: `fault` names the first that was found. */
export interface FacilityVerdict {
  readonly facility: string;
  readonly entries: number;
  readonly intact: boolean;
  readonly fault?: string;
}

export async function auditBeside() {
  const config = readConfig(process.env, userFolder());
  // Before the database is opened: on a server the key lies in it.
  const key = await tokenKeyBeside(config, systemClock);
  return {
    /** Of one facility or of all; a head that was signed before must still be in the chain. */
    async *verify(only: string | undefined): AsyncGenerator<FacilityVerdict> {
      const trail = await openTrail(config);
      try {
        for (const facility of only === undefined ? await trail.facilities() : [only]) {
          const before = await lastHead(config.dataDir, facility, key);
          const { entries, intact, faults } = await trail.verify(facility, before?.head);
          const [first] = faults;
          yield {
            facility,
            entries,
            intact,
            ...(first !== undefined && { fault: `${first.kind} at ${first.sequence}` }),
          };
        }
      } finally {
        await trail.close();
      }
    },
    async *export(facility: string): AsyncGenerator<string> {
      const trail = await openTrail(config);
      try {
        for (let after = 0; ;) {
          const page = await trail.entries(facility, after);
          for (const entry of page) yield JSON.stringify(entry);
          after = page.at(-1)?.sequence ?? after;
          if (page.length < PAGE) break;
        }
        const { entries, head } = await trail.verify(facility, undefined);
        const at = systemClock.now().toISOString();
        yield JSON.stringify({ signedHead: await signHead({ facility, entries, head, at }, key) });
      } finally {
        await trail.close();
      }
    },
  };
}
