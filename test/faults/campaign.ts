// Many runs of a service on one data folder, each with a fault of its own, drawn from a seed; after each run the next one proves that no
// acknowledged study was lost, no reading and no alert doubled, and the audit chain is whole. The last run has no fault and delivers what waits.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '#kernel/seeded-random.ts';
import { newWebhookSecret } from '#interop/webhooks/sign.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { type Mood, MOODS, type Receiver, startReceiver } from './receiver.ts';
import type { Orders, Told } from './victim.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly kills: number;
  /** No run begins later than this after the start, once a few were killed. */
  readonly budgetMs: number;
  /** Of a child that hangs and clocks that are set, beside the kills. */
  readonly others: number;
  readonly databaseUrl?: string;
  readonly progress?: (line: string) => void;
}

export interface CampaignReport {
  readonly seed: number;
  readonly runs: number;
  readonly killed: number;
  readonly hung: number;
  readonly clocksSet: number;
  /** Different points at which the service was killed. */
  readonly points: readonly string[];
  readonly acknowledged: number;
  readonly proven: number;
  readonly alerts: number;
  readonly delivered: number;
  readonly seconds: number;
  /** Empty where everything holds. */
  readonly faults: readonly string[];
}

const HOUR_MS = 3_600_000;
/** A slow machine makes a campaign longer, not empty. */
const FEWEST_KILLS = 3;
/** Of one run: much longer than any takes, also on a machine that many share. */
const RUN_DEADLINE_MS = 900_000;

interface Ran {
  readonly told: readonly Told[];
  /** It did not end by itself, which is no kill that was ordered. */
  readonly late: boolean;
  readonly signal: NodeJS.Signals | null;
  readonly status: number | null;
}

async function runVictim(orders: Orders): Promise<Ran> {
  const told: Told[] = [];
  const child = fork(new URL('./victim.ts', import.meta.url), [JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => told.push(message as Told));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, RUN_DEADLINE_MS);
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { told, late, status, signal };
}

type FaultOrder = NonNullable<Orders['fault']>;

/** The points of a run without a fault, each as often as it was passed. */
function drawFault(
  random: () => number,
  counts: Readonly<Record<string, number>>,
  kind: FaultOrder['kind'],
): FaultOrder {
  // What a place passes once in its life, such as a new table, is met by kills alone; the others need a point that comes again.
  const names = Object.keys(counts)
    .filter((name) => kind === 'kill' || (counts[name] ?? 0) > 2)
    .toSorted();
  const point = names[Math.floor(random() * names.length)] ?? 'commit';
  // The others are to be met by all means.
  const occurrence = kind === 'kill' ? 1 + Math.floor(random() * Math.max(1, counts[point] ?? 1)) : 1;
  // A start passes the same points while it gives back what the killed one held.
  const from = kind === 'kill' && random() < 0.2 ? 'start' : 'walk';
  const clockMs = kind === 'clock' ? (random() < 0.5 ? 48 : -1) * HOUR_MS : undefined;
  return { kind, point, occurrence, from, ...(clockMs !== undefined && { clockMs }) };
}

interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly receiver: Receiver;
}

async function makePlace({ databaseUrl }: CampaignOptions): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-faults-'));
  const receiver = await startReceiver();
  writeTinyModel(join(folder, 'models'), { id: 'cxr-findings' });
  const site = {
    webhooks: [{ id: 'his', url: receiver.url, secrets: [newWebhookSecret()] }],
    delivery: { firstRetryMs: 20, longestRetryMs: 300, firstPauseMs: 50, longestPauseMs: 300 },
  };
  writeFileSync(join(folder, 'site.json'), JSON.stringify(site), { mode: 0o600 });
  const env = {
    HAIDANG_ACCESS: 'open',
    HAIDANG_PORT: '0',
    HAIDANG_DATA_DIR: join(folder, 'data'),
    HAIDANG_MODELS_DIR: join(folder, 'models'),
    HAIDANG_SITE: join(folder, 'site.json'),
    HAIDANG_LOG_LEVEL: 'silent',
    HAIDANG_PROCESSES: '1',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  return { folder, env, receiver };
}

/** Of every alert each kind of message was taken under one identity, and the first at least. */
function deliveryFaults({ taken }: Receiver, alerts: readonly string[]): string[] {
  return alerts.flatMap((id) => {
    const kinds = taken.get(id);
    if (kinds === undefined) return [`nobody was told of the alert ${id}`];
    return [...kinds].flatMap(([type, ids]) => (ids.size === 1 ? [] : [`${type} of ${id} has ${ids.size} identities`]));
  });
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { seed, kills, others, budgetMs, progress = () => undefined } = options;
  const started = performance.now();
  const random = seededRandom(seed);
  const place = await makePlace(options);
  const faults: string[] = [];
  const [open, half, alerts, points] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  const counted = { runs: 0, killed: 0, hung: 0, clocksSet: 0, acknowledged: 0, proven: 0 };

  async function run(name: string, mood: Mood, films: number, fault?: FaultOrder): Promise<Ran> {
    place.receiver.mood = mood;
    const copies = 1 + Math.floor(random() * 3);
    const orders = { env: place.env, run: name, films, copies, acknowledged: [...open], half: [...half] };
    const ran = await runVictim({ ...orders, ...(fault !== undefined && { fault }) });
    counted.runs += 1;
    for (const told of ran.told) {
      if (told.kind === 'acknowledged' && !open.has(told.studyUid)) {
        open.add(told.studyUid);
        counted.acknowledged += 1;
      }
      if (told.kind === 'half') half.add(told.studyUid);
      if (told.kind === 'fault') faults.push(`${name}: ${told.what}`);
      if (told.kind === 'proven') {
        open.delete(told.studyUid);
        counted.proven += 1;
        for (const id of told.alertIds) alerts.add(id);
      }
    }
    return ran;
  }

  try {
    const rehearsal = await run(`s${seed}-rehearsal`, 'well', 2);
    const counts = rehearsal.told.find((told) => told.kind === 'points')?.counts;
    if (counts === undefined) throw new Error(`the rehearsal ended with ${rehearsal.status ?? rehearsal.signal}`);
    for (let index = 0; index < kills + others; index += 1) {
      if (performance.now() - started > budgetMs && counted.killed >= Math.min(kills, FEWEST_KILLS)) break;
      // The others come first: a short campaign has them too.
      const kind = index >= others ? 'kill' : index % 4 === 0 ? 'hang' : 'clock';
      const fault = drawFault(random, counts, kind);
      const mood = MOODS[Math.floor(random() * MOODS.length)] ?? 'well';
      const ran = await run(`s${seed}-${index}`, mood, 2, fault);
      const isKilled = ran.signal === 'SIGKILL' && kind === 'kill' && !ran.late;
      if (isKilled) {
        counted.killed += 1;
        points.add(fault.point);
      } else if (ran.status !== 0)
        faults.push(
          `s${seed}-${index}: ended with ${ran.late ? 'the deadline' : (ran.status ?? ran.signal)} at ${fault.point}`,
        );
      if (kind === 'hang' && ran.told.some((told) => told.kind === 'reached')) counted.hung += 1;
      if (kind === 'clock' && ran.told.some((told) => told.kind === 'reached')) counted.clocksSet += 1;
      progress(
        `${index + 1} of ${kills + others}: ${kind} at ${fault.point} #${fault.occurrence}, receiver ${mood}${isKilled ? '' : ', survived'}`,
      );
    }
    const last = await run(`s${seed}-last`, 'well', 1);
    const end = await run(`s${seed}-end`, 'well', 0);
    for (const { status, signal } of [last, end])
      if (status !== 0) faults.push(`the last runs ended with ${status ?? signal}`);
    for (const uid of open) faults.push(`${uid} was acknowledged and not proven`);
    faults.push(...deliveryFaults(place.receiver, [...alerts]));
    return {
      seed,
      ...counted,
      points: [...points].toSorted(),
      alerts: alerts.size,
      delivered: [...alerts].filter((id) => place.receiver.taken.has(id)).length,
      seconds: Math.round((performance.now() - started) / 1000),
      faults,
    };
  } finally {
    await place.receiver.close();
    rmSync(place.folder, { recursive: true, force: true });
  }
}
