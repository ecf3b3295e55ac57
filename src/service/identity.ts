// Identity of callers: the setting HAIDANG_ACCESS, the key of the service's own tokens, and the logins of people and systems.
import { openApiKeys } from '#access/api-keys.ts';
import { sessionCookie } from '#access/cookie.ts';
import { type Identify, identifyOpenly, LOCAL_FACILITY } from '#access/identity.ts';
import { identifyWith } from '#access/identify.ts';
import { newOneTimeCode, type OneTimeCode } from '#access/one-time-code.ts';
import { openProviderTokens } from '#access/provider-tokens.ts';
import { ROLES } from '#access/roles.ts';
import { openSessions } from '#access/sessions.ts';
import { type TokenKey, tokenKeyInFolder, tokenKeyInStore } from '#access/token-key.ts';
import { openTokens, type Tokens } from '#access/tokens.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { type Clock, MINUTE_MS } from '#kernel/clock.ts';
import type { AdministrationDeps } from '#login/administration.ts';
import type { BackendDeps } from '#login/backend-services.ts';
import { openLocalLogin } from '#login/local-login.ts';
import { openProvider, type Provider } from '#login/provider.ts';
import type { ProviderRoutesDeps } from '#login/provider-routes.ts';
import type { LoginDeps } from '#login/login-routes.ts';
import { openStore, type Store } from '#store/store.ts';
import type { Config } from './config.ts';
import type { Here } from './context.ts';

type KeyPlace = Pick<Config, 'dataDir' | 'databaseUrl' | 'blobs'>;

/** Header of a request that a page sends by itself: it does not prolong a session. */
const BACKGROUND = 'x-haidang-background';

/** Signs tokens and heads of the audit chain. */
export const tokenKeyOf = async (
  { dataDir, databaseUrl }: Pick<KeyPlace, 'dataDir' | 'databaseUrl'>,
  store: Pick<Store, 'facility'>,
): Promise<TokenKey> =>
  databaseUrl === undefined ? tokenKeyInFolder(dataDir) : tokenKeyInStore(await store.facility(LOCAL_FACILITY));

export interface LoginDoors {
  readonly session: LoginDeps;
  readonly administration: AdministrationDeps;
  readonly backend: BackendDeps;
  readonly provider: ProviderRoutesDeps | undefined;
}

export interface Access {
  readonly identify: Identify;
  readonly doors: LoginDoors;
  /** To be printed where whoever starts the service can read it; absent where people have other ways in. */
  readonly code: OneTimeCode | undefined;
}

/** The owner of a service of one's own: every role but those of systems and provinces. */
const OWNER = {
  actor: 'owner',
  facilityId: LOCAL_FACILITY,
  roles: ROLES.filter((role) => role !== 'his' && role !== 'province'),
} as const;

/** On the embedded database, as long as no account exists. */
async function codeFor({ config, clock, site }: Here, store: Pick<Store, 'access'>): Promise<OneTimeCode | undefined> {
  const alone = config.access === 'login' && config.databaseUrl === undefined && site.access.provider === undefined;
  return alone && (await store.access.accounts.list()).length === 0 ? newOneTimeCode(clock) : undefined;
}

const readersOf = (tokens: Tokens, provider: Provider | undefined, { site, clock }: Here) => {
  const settings = site.access.provider;
  if (provider === undefined || settings === undefined) return [tokens];
  const { issuer, clientId, audience = clientId, claims } = settings;
  return [tokens, openProviderTokens({ issuer, audience, jwksUri: () => provider.jwksUri(), claims, clock })];
};

export async function openAccess(
  here: Here,
  store: Pick<Store, 'facility' | 'access'>,
  publicUrl: () => string,
): Promise<Access> {
  const { config, clock, site } = here;
  const { accounts, sessions: rows, keys } = store.access;
  const tokens = await openTokens(await tokenKeyOf(config, store), clock);
  const sessions = openSessions(rows, { clock, idleMs: site.access.idleMinutes * MINUTE_MS });
  const cookie = sessionCookie({ secure: site.publicUrl?.startsWith('https:') === true });
  const settings = site.access.provider;
  const provider = settings === undefined ? undefined : openProvider(settings);
  const code = await codeFor(here, store);
  const note = async (facilityId: string, entry: AuditEntry): Promise<void> => {
    const { audit } = await store.facility(facilityId);
    await audit.append(entry);
  };
  const noteSession: LoginDeps['note'] = (facilityId, { actor, action }) =>
    note(facilityId, { actor, action, subjectType: 'account', subjectId: actor });
  const identify = identifyWith({
    bearers: [...readersOf(tokens, provider, here), openApiKeys(keys, clock)],
    session: async (request) => {
      const token = cookie.read(request);
      return token === undefined
        ? undefined
        : sessions.find(token, { background: request.headers[BACKGROUND] !== undefined });
    },
  });
  return {
    identify: config.access === 'open' ? identifyOpenly : identify,
    code,
    doors: {
      session: {
        sessions,
        cookie,
        local: openLocalLogin(accounts, clock),
        code,
        owner: OWNER,
        provider: provider?.label,
        note: noteSession,
      },
      administration: { accounts, keys, clock, closeSessions: (actor) => sessions.closeOf(actor), note },
      backend: { clients: site.access.clients, tokens, clock, publicUrl },
      provider: provider && { provider, sessions, cookie, publicUrl, note: noteSession },
    },
  };
}

/** For a command beside the service, which holds the embedded database: then only the key is read. */
export async function tokenKeyBeside(config: KeyPlace, clock: Clock): Promise<TokenKey> {
  const { dataDir, databaseUrl, blobs } = config;
  if (databaseUrl === undefined) return tokenKeyInFolder(dataDir);
  const store = await openStore({ dataDir, databaseUrl, blobs, clock });
  try {
    return await tokenKeyOf(config, store);
  } finally {
    await store.close();
  }
}

export const tokensBeside = async (config: KeyPlace, clock: Clock): Promise<Tokens> =>
  openTokens(await tokenKeyBeside(config, clock), clock);
