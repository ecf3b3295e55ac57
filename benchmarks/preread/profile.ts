// Processor time of a film by kind of thread, for readings and for the check of their maps: one kind of film, eight
// connections, embedded database or PostgreSQL. Prints two tables and writes results/<date>-<commit>-profile.json:
// `npm run --silent benchmark:profile -- [--database postgresql://…] [--films N] [--kind plain] [--flame]`. With `--flame` V8 watches the service
// too, from its start to its end, and results/<date>-<commit>-flame.svg shows where its main thread's time went; the watching itself costs time.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { filmsOf, kindNamed } from './films.ts';
import { startOurs } from './rivals.ts';
import { scratchDatabase } from './scratch-database.ts';
import { serverMs } from './processor-time.ts';
import { threadMs } from './thread-time.ts';
import { readOptions } from '../options.ts';
import { type CpuProfile, flameGraph, flamesOf } from '../flame-graph.ts';
import { commit, keepResult, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  database: { type: 'string' },
  films: { type: 'string', default: '80' },
  kind: { type: 'string', default: 'plain 1024' },
  flame: { type: 'boolean', default: false },
});
const count = Number(options.films);
const WARM_UP = 20;
const CONNECTIONS = 8;
const ASK_MS = 25;

const kind = kindNamed(options.kind);

const uploaded = z.object({ studies: z.array(z.string()) });
const asked = z.object({ reading: z.unknown() });

const films = await filmsOf(kind, count + WARM_UP);
const database = await scratchDatabase(options.database, 'haidang_profile');
const profiles = mkdtempSync(join(tmpdir(), 'haidang-profile-'));
const watched = { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${profiles}` };
const service = await startOurs(database.url, options.flame ? watched : {});
const atServer = await serverMs(options.database);

/** With the database server's own processes, where there is one. */
const look = (): ReadonlyMap<string, number> => new Map([...threadMs(service.pid), ['PostgreSQL', atServer()]]);

async function send(film: Uint8Array): Promise<string> {
  const answer = await fetch(`${service.address}/v1/studies?whole=yes`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: Buffer.from(film),
  });
  const [uid] = uploaded.parse(await answer.json()).studies;
  if (uid === undefined) throw new Error('nothing was stored');
  return uid;
}

async function until(uid: string, done: (reading: unknown) => boolean): Promise<void> {
  for (;;) {
    const { reading } = asked.parse(await (await fetch(`${service.address}/v1/studies/${uid}`)).json());
    if (done(reading)) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}
const isRead = (reading: unknown): boolean => reading !== null;
const isChecked = (reading: unknown): boolean => isRead(reading) && !JSON.stringify(reading).includes('"checking"');

async function read(part: readonly Uint8Array[]): Promise<string[]> {
  const queue = part.values();
  const uids: string[] = [];
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const film of queue) uids.push(await send(film));
    }),
  );
  for (const uid of uids) await until(uid, isRead);
  return uids;
}

const shares = (from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>) =>
  [...to]
    .map(([who, ms]) => ({ who, ms: round((ms - (from.get(who) ?? 0)) / count, 2) }))
    .filter(({ ms }) => ms >= 0.05)
    .toSorted((a, b) => b.ms - a.ms);

/** V8 writes a thread's profile when it ends, and names the file after process and thread; the main thread is 0. */
function keepFlameGraph(): void {
  const file = readdirSync(profiles).find((name) => name.includes(`.${service.pid}.0.`));
  if (file === undefined) throw new Error('V8 wrote no profile of the service');
  const profile: CpuProfile = JSON.parse(readFileSync(join(profiles, file), 'utf8'));
  const title = `Main thread of the service, ${count + WARM_UP} films (${kind.name}) with their maps, ${commit}`;
  const name = `${new Date().toISOString().slice(0, 10)}-${commit}-flame.svg`;
  writeFileSync(join(root, 'benchmarks/preread/results', name), flameGraph(flamesOf(profile), title));
  process.stderr.write(`written to benchmarks/preread/results/${name}\n`);
}

const loadBefore = round(loadavg()[0] ?? 0);
try {
  for (const uid of await read(films.slice(0, WARM_UP))) await until(uid, isChecked);
  const before = look();
  const uids = await read(films.slice(WARM_UP));
  const afterReading = look();
  for (const uid of uids) await until(uid, isChecked);
  const readings = shares(before, afterReading);
  const maps = shares(afterReading, look());
  const lines = (rows: typeof readings) => rows.map(({ who, ms }) => `| ${who} | ${ms} |\n`).join('');
  const total = (rows: typeof readings) => round(rows.reduce((sum, { ms }) => sum + ms, 0));
  process.stdout.write(
    `| reading, ${kind.name} | processor ms a film |\n|---|---|\n${lines(readings)}| all | ${total(readings)} |\n\n` +
      `| its maps, after it | processor ms a film |\n|---|---|\n${lines(maps)}| all | ${total(maps)} |\n`,
  );
  const measuredAt = new Date().toISOString();
  keepResult(
    'preread',
    {
      benchmark: 'processor time by thread',
      date: measuredAt,
      commit,
      kind: kind.name,
      films: count,
      loadBefore,
      readings,
      maps,
    },
    { measuredAt, suffix: '-profile' },
  );
} finally {
  await service.stop();
  await database.drop();
}
if (options.flame) keepFlameGraph();
rmSync(profiles, { recursive: true, force: true });
