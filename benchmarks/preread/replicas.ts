// One replica pinned to a core against two replicas pinned to a core each, on one PostgreSQL and one store of files, in one run: films read per
// second, in rounds that alternate, and their ratio. Linux only (taskset). What else runs on the two cores (the sender of films, PostgreSQL
// unless it is pinned elsewhere, other work) takes from the second replica first, so the load is printed beside the ratio:
// `npm run --silent benchmark:replicas -- --database postgresql://… [--films 48] [--rounds 3] [--cores 0,1] [--sender-core 2] [--kind plain]`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { filmsOf, kindNamed } from './films.ts';
import { freePort } from './free-port.ts';
import { type Rival, untilReady } from './rivals.ts';
import { scratchDatabase } from './scratch-database.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';
import { spawnService } from '../service-process.ts';

const options = readOptions(import.meta.url, {
  database: { type: 'string' },
  films: { type: 'string', default: '48' },
  rounds: { type: 'string', default: '3' },
  cores: { type: 'string', default: '0,1' },
  'sender-core': { type: 'string' },
  kind: { type: 'string', default: 'plain 1024' },
});
const server = options.database;
if (server === undefined) throw new Error('--database is needed: replicas share one PostgreSQL');
const cores = options.cores.split(',');
const count = Number(options.films);
const rounds = Number(options.rounds);
const IN_FLIGHT = 8;
const ASK_MS = 50;

const uploaded = z.object({ studies: z.array(z.string()) });
const asked = z.object({ reading: z.unknown() });

/** `-a`: all threads, and every process that it starts later. */
const pin = (pid: number, core: string): void =>
  void execFileSync('taskset', ['-a', '-c', '-p', core, String(pid)], { stdio: 'ignore' });

async function startReplica(databaseUrl: string, blobs: string, core: string): Promise<Rival> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-replica-'));
  const port = await freePort();
  const child = spawnService(folder, {
    port,
    databaseUrl,
    variables: { HAIDANG_BLOBS: blobs, HAIDANG_PROCESSES: '1', HAIDANG_THREADS: '1' },
  });
  // Before it has started anything of its own, so that all of it inherits the core.
  if (child.pid !== undefined) pin(child.pid, core);
  return untilReady({ name: `replica on core ${core}`, port, child, folder });
}

async function readAll(replicas: readonly Rival[], films: readonly Uint8Array[]): Promise<number> {
  const started = performance.now();
  const queue = films.entries();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const [index, film] of queue) {
        const { address } = replicas[index % replicas.length] ?? { address: '' };
        const sent = await fetch(`${address}/v1/studies?whole=yes`, {
          method: 'POST',
          headers: { 'content-type': 'application/dicom' },
          body: Buffer.from(film),
        });
        const [uid] = uploaded.parse(await sent.json()).studies;
        for (;;) {
          const { reading } = asked.parse(await (await fetch(`${address}/v1/studies/${uid}`)).json());
          if (reading !== null) break;
          await new Promise((resolve) => setTimeout(resolve, ASK_MS));
        }
      }
    }),
  );
  return films.length / ((performance.now() - started) / 1000);
}

/** An empty database and store for each measurement: neither finds what the other left. */
async function measured(pinnedTo: readonly string[], films: readonly Uint8Array[]): Promise<number> {
  const database = await scratchDatabase(server, 'haidang_replicas');
  const blobs = mkdtempSync(join(tmpdir(), 'haidang-replica-blobs-'));
  const replicas: Rival[] = [];
  try {
    for (const core of pinnedTo) replicas.push(await startReplica(database.url ?? '', blobs, core));
    const warm = Math.min(8, Math.floor(films.length / 4));
    await readAll(replicas, films.slice(0, warm));
    return await readAll(replicas, films.slice(warm));
  } finally {
    for (const replica of replicas) await replica.stop();
    await database.drop();
    rmSync(blobs, { recursive: true, force: true });
  }
}

const films = await filmsOf(kindNamed(options.kind), count);
if (options['sender-core'] !== undefined) pin(process.pid, options['sender-core']);
const loadBefore = round(loadavg()[0] ?? 0);
const one: number[] = [];
const two: number[] = [];
for (let turn = 1; turn <= rounds; turn += 1) {
  one.push(await measured(cores.slice(0, 1), films));
  two.push(await measured(cores.slice(0, 2), films));
  process.stderr.write(`round ${turn}: one ${round(one.at(-1) ?? 0)}, two ${round(two.at(-1) ?? 0)} films/s\n`);
}
const measuredAt = new Date().toISOString();
const result = {
  measuredAt,
  commit,
  machine: {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    loadBefore,
    loadAfter: round(loadavg()[0] ?? 0),
  },
  kind: options.kind,
  films: count,
  pinnedTo: cores.slice(0, 2),
  oneFilmsPerSecond: one.map((each) => round(each, 2)),
  twoFilmsPerSecond: two.map((each) => round(each, 2)),
  ratio: round(quantile(two, 0.5) / quantile(one, 0.5), 2),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
keepResult('preread', result, { measuredAt, suffix: '-replicas' });
