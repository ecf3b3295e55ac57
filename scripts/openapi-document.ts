// The service's doors without what lies behind them → the OpenAPI document. Nothing is opened: only the schemas are read.
import { sessionCookie } from '#access/cookie.ts';
import { identifyOpenly, LOCAL_FACILITY } from '#access/identity.ts';
import type { Server } from '#http/server.ts';
import { createMetrics } from '#http/metrics.ts';
import { systemClock } from '#kernel/clock.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { defaultSite } from '#service/site.ts';
import { createRiskRoom } from '#risk/assess/assess-patient.ts';
import { type AppDeps, buildApp } from '#service/app.ts';
import { readConfig } from '#service/config.ts';

const absent = (): never => {
  throw new Error('this app only documents itself');
};

const STORE: AppDeps['store'] = {
  facilities: absent,
  facility: absent,
  backup: absent,
  verify: absent,
  blobs: {
    stage: absent,
    put: absent,
    get: absent,
    stream: absent,
    has: absent,
    remove: absent,
    check: absent,
    all: absent,
    heal: absent,
  },
};

const LOGIN: AppDeps['login'] = {
  session: {
    sessions: { open: absent, find: absent, close: absent, closeOf: absent },
    cookie: sessionCookie({ secure: false }),
    local: { find: absent, prove: absent, change: absent },
    code: undefined,
    owner: { actor: 'owner', facilityId: LOCAL_FACILITY, roles: [] },
    provider: undefined,
    note: absent,
  },
  administration: {
    accounts: { add: absent, list: absent, find: absent, disable: absent, setPassword: absent },
    keys: { add: absent, list: absent, revoke: absent },
    clock: systemClock,
    closeSessions: absent,
    note: absent,
  },
  backend: { clients: [], tokens: { issue: absent }, clock: systemClock, publicUrl: absent },
  provider: {
    provider: { label: 'SSO', jwksUri: absent, begin: absent, finish: absent },
    sessions: { open: absent },
    cookie: sessionCookie({ secure: false }),
    publicUrl: absent,
    note: absent,
  },
};

/** All doors of the service; whatever a handler asks for is absent. */
export async function documentedApp(version: string, access: Pick<AppDeps, 'identify' | 'listed'>): Promise<Server> {
  const app = await buildApp({
    ...access,
    config: readConfig({ HAIDANG_LOG_LEVEL: 'silent' }, '/'),
    version,
    clock: systemClock,
    metrics: createMetrics(),
    fault: () => undefined,
    refusals: { note: () => undefined },
    replay: absent,
    store: STORE,
    pictures: { film: absent, pixels: absent },
    login: LOGIN,
    take: absent,
    results: { of: absent },
    alerts: { messagesFor: absent, heads: () => [], policy: defaultPolicy, ruleTitle: absent },
    health: { models: () => [], storage: absent, unreachedReceivers: absent, required: () => [] },
    models: {
      models: () => [],
      refused: () => [],
      stages: absent,
      inService: absent,
      shareOf: absent,
      readingsOf: absent,
      memory: absent,
      reload: absent,
    },
    promotion: {
      promotion: {
        models: () => [],
        configured: absent,
        prove: absent,
        stages: { list: absent, change: absent },
        confirmed: absent,
      },
      siteFacility: LOCAL_FACILITY,
      takeOver: absent,
      counts: absent,
    },
    risk: {
      room: createRiskRoom({ equations: new Map(), refused: [], close: async () => undefined }),
      policy: defaultPolicy,
      tell: absent,
    },
    fhir: {
      facility: absent,
      clock: systemClock,
      systems: absent,
      publicUrl: absent,
      heads: absent,
      subscribers: [],
      jwks: { keys: [] },
      defaultLanguage: 'vi',
    },
    oip: { engine: { run: absent, versions: () => [] } },
    interop: {
      site: defaultSite,
      policy: defaultPolicy,
      publicUrl: absent,
      linkKeys: [],
      facilityId: LOCAL_FACILITY,
      messages: alertMessages([]),
      openCircuits: absent,
      fault: absent,
    },
  });
  await app.ready();
  return app;
}

/** `version` 0.0.0 in the document would say nothing; the package's own goes in. */
export async function openApiDocument(version: string): Promise<string> {
  const app = await documentedApp(version, { identify: identifyOpenly });
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}
