// Gauges for the hospital's IT: read at each scrape of /metrics, explained with their alarms in docs/operations.
import { statfs } from 'node:fs/promises';
import type { Metrics } from '#http/metrics.ts';
import type { ModelState, VersionState } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';
import type { Store } from '#store/store.ts';

export interface GaugeDeps {
  readonly metrics: Pick<Metrics, 'gauge'>;
  readonly store: Pick<Store, 'backlog' | 'ping'>;
  readonly dataDir: string;
  readonly models: () => ReadonlyMap<string, ModelState>;
  readonly versions: () => readonly VersionState[];
  readonly readingsOf: (model: Model) => number;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}

type BacklogFigure = keyof Awaited<ReturnType<Store['backlog']>>;

const BACKLOG: readonly (readonly [name: string, figure: BacklogFigure, help: string])[] = [
  ['haidang_jobs_waiting', 'studiesWaiting', 'Studies that wait to be read'],
  ['haidang_job_oldest_seconds', 'studyOldestSeconds', 'Age of the study that has waited longest to be read'],
  ['haidang_jobs_dead', 'studiesFailed', 'Studies that could not be read'],
  ['haidang_maps_waiting', 'mapsWaiting', 'Readings whose heatmaps are still to be checked'],
  ['haidang_outbox_waiting', 'messagesWaiting', 'Messages that wait to be delivered'],
  ['haidang_outbox_oldest_seconds', 'messageOldestSeconds', 'Age of the oldest message that is not delivered'],
  ['haidang_outbox_dead', 'messagesDead', 'Messages that were given up until a person resends them'],
  ['haidang_critical_alerts_unanswered', 'criticalAlertsUnanswered', 'Critical alerts that no person has answered'],
  [
    'haidang_critical_alert_oldest_seconds',
    'criticalAlertOldestSeconds',
    'Age of the oldest unanswered critical alert',
  ],
  ['haidang_files_refused_last_day', 'filesRefusedLastDay', 'Files refused in the last 24 hours'],
];

/** All gauges of one scrape share one query. */
const SHARED_MS = 1_000;

function shared<T>(read: () => Promise<T>, monotonicMs: () => number): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const at = monotonicMs();
    if (last === undefined || at - last.at > SHARED_MS) last = { at, value: read() };
    return last.value;
  };
}

export function serviceGauges({ metrics, store, dataDir, models, versions, readingsOf, monotonicMs }: GaugeDeps): void {
  const backlog = shared(() => store.backlog(), monotonicMs);
  for (const [name, figure, help] of BACKLOG) metrics.gauge(name, help, async () => (await backlog())[figure]);
  metrics.gauge('haidang_database_seconds', 'Time in which the database answers a trivial query', async () => {
    const start = monotonicMs();
    await store.ping();
    return (monotonicMs() - start) / 1000;
  });
  const disk = shared(() => statfs(dataDir), monotonicMs);
  metrics.gauge('haidang_disk_free_bytes', 'Free bytes on the disk of the data folder', async () => {
    const { bavail, bsize } = await disk();
    return bavail * bsize;
  });
  metrics.gauge('haidang_disk_size_bytes', 'Size of the disk of the data folder', async () => {
    const { blocks, bsize } = await disk();
    return blocks * bsize;
  });
  metrics.gauge(
    'haidang_model_ready',
    '1: the model answers, or is loaded when it is asked; 0: it starts or was refused',
    () => ({
      label: 'model' as const,
      values: [...models()].map(([of, { state }]) => ({
        of,
        value: state === 'ready' || state === 'unloaded' ? 1 : 0,
      })),
    }),
  );
  const ofVersions = (valueOf: (version: VersionState) => number) => () => ({
    label: 'model' as const,
    values: versions().map((version) => ({
      of: `${version.model.manifest.id}/${version.model.manifest.version}`,
      value: valueOf(version),
    })),
  });
  metrics.gauge(
    'haidang_model_memory_bytes',
    'Resident memory of the processes of each version; 0: it is loaded when it is asked for',
    ofVersions(({ bytes }) => bytes()),
  );
  metrics.gauge(
    'haidang_model_readings',
    'Studies that each version has read since this process started',
    ofVersions(({ model }) => readingsOf(model)),
  );
}
