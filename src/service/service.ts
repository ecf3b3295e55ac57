// Starts the service from a Config, and closes everything in the opposite order.
import { startedClock } from './clock.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import type { ModelHealth } from '#http/health.ts';
import { createLog } from '#http/log.ts';
import type { Server } from '#http/server.ts';
import { createMetrics } from '#http/metrics.ts';
import type { ModelState, RemoteState } from '#inference/engine/engine.ts';
import { messagesForEvent } from '#delivery/alert-messages.ts';
import { routesOf } from './doors.ts';
import { siteOf } from './site-file.ts';
import { openArrivals } from './arrivals.ts';
import { openPriors } from './priors.ts';
import { openDimseDoor } from './dimse.ts';
import { serviceGauges } from './gauges.ts';
import { startHeadSigner } from './audit-heads.ts';
import { openAccess, tokenKeyOf } from './identity.ts';
import { openHl7Door } from './hl7.ts';
import { faultLog, type Here } from './context.ts';
import { openOthers } from './integrations.ts';
import { owner, type Owner } from './closing.ts';
import { openRooms, type Rooms } from './rooms.ts';
import { completenessOf } from '#models/completeness.ts';
import { startWork } from './background.ts';
import { startModelWatch } from './model-watch.ts';
import { promotionDoor, startSilentModels } from './promotion.ts';
import { stageOf } from '#promotion/stages.ts';
import { intakeOf } from './intake.ts';
import { replayIn } from './replay.ts';
import { resultsOf } from './dicom-results.ts';
import type { Store } from '#store/store.ts';
import { ruleTitles } from './rule-titles.ts';
import { modelDoorOf } from './model-door.ts';
import { tellAddress } from './address-file.ts';
import { auditSetup } from './setup-audit.ts';
import { buildApp } from './app.ts';
import { openRefusalAudit, type RefusalAudit } from '#http/refusal-audit.ts';
import type { Config } from './config.ts';
import { configErrors } from './errors.ts';
import { packageVersion } from './version.ts';

export interface Service {
  /** For example `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Opens one session, once; absent where people have other ways in. */
  readonly loginLink: string | undefined;
  /** False when the reading model was refused: then the log says why, and /health/ready answers 503. */
  readonly ready: boolean;
  close(): Promise<void>;
}

function healthOf(id: string, state: ModelState, remote: RemoteState | undefined): ModelHealth {
  const ready = state.state === 'ready' ? state : undefined;
  return {
    id,
    state: state.state,
    provider: ready?.provider ?? null,
    precision: ready?.precision ?? null,
    sha256: ready?.sha256 ?? null,
    reason: state.state === 'refused' ? state.reason : null,
    remote:
      remote === undefined
        ? null
        : { url: remote.url, state: remote.state, reason: 'reason' in remote ? remote.reason : null },
  };
}

/** The model that reads, and the equations that are refused. */
const healthOfAll = ({ engine, library }: Pick<Rooms, 'engine' | 'library'>): ModelHealth[] => [
  ...[...engine.states()].map(([id, state]) => healthOf(id, state, engine.remotes().get(id))),
  ...library.refused.map(({ folder, code, reason }) =>
    healthOf(folder, { state: 'refused', reason: `${code}: ${reason}` }, undefined),
  ),
];

/** A port that is taken or an address that is not ours is a setting to be corrected, and the variable has a name. */
function asSetting(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE' || code === 'EACCES')
    return configErrors.error('invalid', { field: 'HAIDANG_PORT', reason: `cannot be listened on (${code})`, cause });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return configErrors.error('invalid', {
      field: 'HAIDANG_HOST',
      reason: `no address of this machine (${code})`,
      cause,
    });
  return cause;
}

/** Requests in hand are answered; who is still sending after that is cut off. */
const REQUESTS_IN_HAND_MS = 3_000;

async function closeServer(server: Server): Promise<void> {
  const closing = server.close();
  const timer = setTimeout(() => server.server.closeAllConnections(), REQUESTS_IN_HAND_MS);
  await closing;
  clearTimeout(timer);
}

const auditOfRefusals = async ({ fault }: Here, store: Pick<Store, 'facility'>): Promise<RefusalAudit> =>
  openRefusalAudit({
    append: async (id, entries) => (await store.facility(id)).audit.appendAll(entries),
    fault: (thrown) => fault('refusals not audited', thrown),
  });

interface Started {
  readonly address: string;
  readonly loginLink: string | undefined;
}

async function start(here: Here, rooms: Rooms, owned: Owner): Promise<Started> {
  const { config, clock, metrics, site, routes, fault } = here;
  const { store, engine, pictures, films, reading } = rooms;
  const take = intakeOf(store, { films, pictures, completeness: () => completenessOf(reading.base().manifest) });
  const results = resultsOf(rooms);
  // Until it listens, the address that was asked for; the port may be chosen by the system.
  let listening = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
  await startWork(here, rooms, owned);
  await startSilentModels(here, rooms, owned);
  await startModelWatch(here, rooms, owned);
  const promotion = await promotionDoor(here, rooms);
  const publicUrl = () => site.publicUrl ?? listening;
  const access = await openAccess(here, store, publicUrl);
  const { commitments, ...others } = await openOthers(here, rooms, { own: owned.own, publicUrl, results });
  const refusals = await owned.own(auditOfRefusals(here, store), (audit) => audit.close());
  const app = await owned.own(
    buildApp({
      ...others,
      identify: access.identify,
      login: access.doors,
      fault,
      refusals,
      config,
      version: packageVersion(),
      clock,
      metrics,
      store,
      pictures,
      take,
      results,
      alerts: {
        messagesFor: (alert, event) => messagesForEvent(alert, event, routes),
        heads: reading.heads,
        policy: here.policy,
        ruleTitle: ruleTitles(rooms),
      },
      health: {
        models: () => healthOfAll(rooms),
        storage: () => store.health(),
        unreachedReceivers: others.interop.openCircuits,
        required: () => [reading.base().manifest.id],
      },
      models: {
        ...modelDoorOf(rooms),
        stages: async () => {
          const stages = await promotion.promotion.stages.list();
          return (model) => stageOf(model, stages, promotion.promotion.configured());
        },
      },
      promotion,
      replay: (...asked) => replayIn({ ...rooms, model: reading.base() }, here)(...asked),
      oip: { engine },
    }),
    closeServer,
  );
  serviceGauges({
    metrics,
    store,
    dataDir: config.dataDir,
    models: () => engine.states(),
    versions: () => engine.versions(),
    readingsOf: reading.readingsOf,
    monotonicMs: () => performance.now(),
  });
  await openHl7Door(here, store, owned);
  await openArrivals(here, { store, take }, owned);
  const moving = new Set<string>();
  await openDimseDoor(here, { take, commitments, moving, refusals }, owned);
  await openPriors(here, { store, take, moving }, owned);
  listening = await app.listen({ host: config.host, port: config.port }).catch((cause: unknown) => {
    throw asSetting(cause);
  });
  await owned.own(
    startHeadSigner({ dataDir: config.dataDir, key: await tokenKeyOf(config, store), clock, store }, (thrown) =>
      fault('audit heads not signed', thrown),
    ),
    (signer) => signer.stop(),
  );
  await tellAddress(config.dataDir, listening, owned);
  // After #, so that no log and no proxy on the way sees the code.
  return { address: listening, loginLink: access.code && `${publicUrl()}/login#code=${access.code.code}` };
}

/**
 * Throws CareError: `store.*` when the database cannot be opened, `config.invalid` or `interop.site` for a setting, also when the port is
 * taken; then nothing is left open. Without a model that reads films everything else is served.
 */
export async function startService(config: Config): Promise<Service> {
  const log = createLog(config.logLevel);
  const site = siteOf(config);
  const metrics = createMetrics();
  const clock = startedClock(log, metrics);
  const here: Here = {
    config,
    log,
    fault: faultLog(log),
    metrics,
    clock,
    site,
    policy: site.alertPolicy ?? defaultPolicy,
    routes: routesOf(site),
  };
  const owned = owner((event, thrown) => here.fault(event, thrown));
  try {
    const rooms = await openRooms(here, owned);
    await auditSetup(here, rooms, await tokenKeyOf(config, rooms.store));
    const started = await start(here, rooms, owned);
    const ready = rooms.engine.states().get(rooms.reading.base().manifest.id)?.state === 'ready';
    return { ...started, ready, close: owned.closeAll };
  } catch (thrown) {
    await owned.closeAll();
    throw thrown;
  }
}
