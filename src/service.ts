// A Config comes in, a running service goes out: store, models, children, threads, reader, doors; closed in the opposite order.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemClock } from '#kernel/clock.ts';
import { newUuid } from '#kernel/ids.ts';
import type { Alert } from '#kernel/alert.ts';
import type { AlertEvent } from '#alerts/lifecycle.ts';
import { defaultPolicy } from '#alerts/policy.ts';
import { startAlertWatch, watchAlerts } from '#alerts/watch.ts';
import { LOCAL_FACILITY } from '#http/access.ts';
import type { ModelHealth } from '#http/health.ts';
import { type Log, createLog } from '#http/log.ts';
import { createMetrics } from '#http/metrics.ts';
import { framesOf } from '#http/problem.ts';
import type { ModelState } from '#inference/engine.ts';
import { startEngine } from '#inference/start-engine.ts';
import { messagesForAlert, messagesForEvent } from '#interop/delivery/alert-messages.ts';
import { DEFAULT_BACKOFF } from '#interop/delivery/backoff.ts';
import { startDelivery } from '#interop/delivery/worker.ts';
import { routesOf, sendersOf } from '#interop/doors.ts';
import { findingPictures } from '#interop/hispro/pictures.ts';
import { storedLinkKeys } from '#interop/link-keys.ts';
import { defaultSite, readSite } from '#interop/site.ts';
import { loadModels } from '#models/load.ts';
import { createFilms } from '#preread/films.ts';
import { startPicturePool } from '#preread/picture-pool.ts';
import { createLoads } from '#preread/loads.ts';
import { specFor } from '#preread/prepare.ts';
import { readStudy } from '#preread/read-study.ts';
import { startReader } from '#preread/reader.ts';
import { createRiskRoom } from '#risk/assess/assess-patient.ts';
import { riskItems } from '#risk/items.ts';
import { openRiskLibrary } from '#risk/library/library.ts';
import { openStore } from '#store/store.ts';
import { buildApp } from './app.ts';
import { type Config, configErrors } from './config.ts';

export interface Service {
  /** For example `http://127.0.0.1:8080`. */
  readonly address: string;
  /** False when the reading model was refused: then the log says why, and /health/ready answers 503. */
  readonly ready: boolean;
  close(): Promise<void>;
}

/** For one run of the model, and for one film to be decoded. */
const RUN_DEADLINE_MS = 20_000;
const DECODE_DEADLINE_MS = 30_000;
/** Decoding and drawing: beside the model's own process two threads keep two cores busy. */
const PICTURE_THREADS = 2;
const STUDIES_AT_ONCE = 2;
/** One message to another system, and how many at a time to one receiver. */
const SEND_DEADLINE_MS = 10_000;
const SENT_AT_ONCE = 10;
/** Alerts escalate and expire to the half minute. */
const WATCH_MS = 30_000;

const packageVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version }: { version?: unknown } = JSON.parse(text);
  return typeof version === 'string' ? version : 'unknown';
};

function siteText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw configErrors.error('invalid', { field: 'HAIDANG_SITE', reason: 'the file cannot be read', cause });
  }
}

function healthOf(id: string, state: ModelState): ModelHealth {
  const ready = state.state === 'ready' ? state : undefined;
  return {
    id,
    state: state.state,
    provider: ready?.provider ?? null,
    precision: ready?.precision ?? null,
    sha256: ready?.sha256 ?? null,
    reason: state.state === 'refused' ? state.reason : null,
  };
}

const faultLog =
  (log: Log) =>
  (event: string, thrown: unknown): void =>
    log({
      level: 'error',
      event,
      fault: thrown instanceof Error ? thrown.name : typeof thrown,
      ...(thrown instanceof Error && 'code' in thrown && { code: thrown.code }),
      frames: framesOf(thrown),
    });

/** Throws CareError: `store.*` when the database cannot be opened, `config.invalid` when the reading model is not there. */
export async function startService(config: Config): Promise<Service> {
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  const clock = systemClock;
  const fault = faultLog(log);
  const site = config.siteFile === undefined ? defaultSite : readSite(siteText(config.siteFile));
  const policy = site.alertPolicy ?? defaultPolicy;
  const routes = routesOf(site);

  const { models, refused } = await loadModels(config.modelsDir);
  for (const { folder, code, reason } of refused) log({ level: 'error', event: 'model refused', folder, code, reason });
  const model = models.find(({ manifest }) => manifest.id === config.cxrModel);
  if (model === undefined)
    throw configErrors.error('invalid', { field: 'HAIDANG_CXR_MODEL', reason: 'no usable model of this name' });

  const pictures = startPicturePool({ threads: PICTURE_THREADS, deadlineMs: DECODE_DEADLINE_MS });
  const { dataDir, databaseUrl } = config;
  const [store, engine, library] = await Promise.all([
    openStore({ dataDir, clock, log: (entry) => log({ ...entry }), ...(databaseUrl !== undefined && { databaseUrl }) }),
    startEngine({
      models,
      precision: config.precision,
      processes: config.processes,
      threadsPerProcess: config.threadsPerProcess,
      providers: config.providers,
      queueLimit: config.queueLimit,
      onDeath: (death) => log({ level: 'error', event: 'inference child died', ...death }),
    }),
    openRiskLibrary(config.modelsDir),
  ]);
  for (const { folder, code, reason } of library.refused)
    log({ level: 'error', event: 'equation refused', folder, code, reason });
  const films = createFilms({ pictures, spec: specFor(model.manifest) });

  const reader = startReader({
    jobs: store.jobs,
    blobs: store.blobs,
    facility: (id) => store.facility(id),
    read: (study, facilityId) =>
      readStudy(study, {
        model,
        engine,
        clock,
        facilityId,
        open: films.open,
        drawHeatmap: pictures.heatmap,
        policyVersion: policy.version,
        deadlineMs: RUN_DEADLINE_MS,
      }),
    messagesFor: (alert) => messagesForAlert(alert, routes),
    loads: createLoads({ clock, policy, facility: (id) => store.facility(id) }),
    clock,
    policy,
    heads: model.manifest.heads,
    events: { ...metrics, fault },
    worker: `${hostname()}-${process.pid}-${newUuid()}`,
    concurrency: STUDIES_AT_ONCE,
  });

  const watch = startAlertWatch(
    async () => {
      const messagesFor = (alert: Alert, event: AlertEvent) => messagesForEvent(alert, event, routes);
      await watchAlerts(await store.facility(LOCAL_FACILITY), { now: clock.now(), policy, messagesFor });
    },
    WATCH_MS,
    (thrown) => fault('alerts not watched', thrown),
  );

  const local = await store.facility(LOCAL_FACILITY);
  const linkKeys = await storedLinkKeys(local);
  // Until it listens, the address that was asked for; the port may be chosen by the system.
  let listening = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
  const publicUrl = (): string => site.publicUrl ?? listening;
  const delivery = startDelivery({
    queue: store.outbox,
    senders: sendersOf({ site, clock, linkKeys, publicUrl }),
    clock,
    backoff: DEFAULT_BACKOFF,
    timeoutMs: SEND_DEADLINE_MS,
    atOnce: SENT_AT_ONCE,
    fault,
  });
  const riskRoom = createRiskRoom(library);

  const app = await buildApp({
    config,
    version: packageVersion(),
    clock,
    metrics,
    store,
    pictures,
    films,
    health: {
      models: () => [...engine.states()].map(([id, state]) => healthOf(id, state)),
      pingDatabase: () => store.ping(),
      required: [config.cxrModel],
    },
    models: { models, refusedModels: refused, states: () => engine.states() },
    risk: { room: riskRoom, policy },
    interop: {
      site,
      policy,
      publicUrl,
      linkKeys,
      facilityId: LOCAL_FACILITY,
      assessRisk: (question) => riskItems(riskRoom, question),
      picture: findingPictures({ facility: async () => local, blobs: store.blobs, film: pictures.film }),
      findingTitle: (code, language) =>
        model.manifest.heads.find((head) => head.code === code)?.title[language] ?? code,
      openCircuits: () => delivery.openCircuits(),
      fault,
    },
  });
  metrics.gauge(
    'haidang_jobs_waiting',
    'Studies that wait to be read',
    async () => (await store.jobs.counts()).waiting,
  );
  metrics.gauge('haidang_jobs_dead', 'Studies that could not be read', async () => (await store.jobs.counts()).dead);

  const address = await app.listen({ host: config.host, port: config.port });
  listening = address;
  const state = engine.states().get(config.cxrModel);
  return {
    address,
    ready: state?.state === 'ready',
    async close() {
      await app.close();
      await watch.stop();
      await delivery.stop();
      await reader.stop();
      await engine.close();
      await library.close();
      await pictures.close();
      await store.close();
    },
  };
}
