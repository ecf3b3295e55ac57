// Our service against the usual Python one (benchmarks/peers/fastapi), side by side in one run: same films, same model, same PostgreSQL,
// eight connections, each film stored, read and fetched again; and against the floor, which is decoding and one forward pass. Rounds of
// both alternate, so a machine that does other work slows both. Prints the table of README.md and writes the raw figures to
// results/<date>-<commit>-peers.json: `npm run --silent benchmark:peers -- --database postgresql://… [--rounds N] [--films N]`.
// The database server must serve nothing else meanwhile; two databases are made on it and dropped.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openOnnx } from '#inference/executors/onnx.ts';
import { loadModel } from '#models/load.ts';
import { readModelFile } from '#models/model.ts';
import { prepareImage, specFor } from '#preread/read/prepare.ts';
import { KINDS, filmsOf } from './films.ts';
import { serverMs, treeMs } from './processor-time.ts';
import { type Rival, startOurs, startPeer } from './rivals.ts';
import { scratchDatabase } from './scratch-database.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  database: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  films: { type: 'string', default: '40' },
  kinds: { type: 'string', default: 'plain 1024,JPEG 2000' },
});
if (options.database === undefined) throw new Error('--database is missing: the URL of a PostgreSQL server');
const server = options.database;
const [rounds, count] = [Number(options.rounds), Number(options.films)];
const CONNECTIONS = 8;
const databaseMs = await serverMs(server);
const model = await loadModel(join(root, 'models', 'cxr-findings'));

const uploaded = z.object({ studies: z.array(z.string()) });
const asked = z.object({ reading: z.unknown() });

/** A second time where the server has closed an idle connection just then; both requests may be repeated. */
const request = (url: string, init?: RequestInit): Promise<Response> =>
  fetch(url, init).catch((error: unknown) => {
    if (error instanceof TypeError) return fetch(url, init);
    throw error;
  });

async function send({ address, name }: Rival, film: Uint8Array): Promise<string> {
  const answer = await request(`${address}/v1/studies?whole=yes`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: Buffer.from(film),
  });
  const [uid] = uploaded.parse(await answer.json()).studies;
  if (uid === undefined) throw new Error(`${name} stored nothing`);
  return uid;
}

const ASK_MS = 25;

/** Resolves when the service gives the study's reading. */
async function fetched({ address }: Rival, uid: string): Promise<void> {
  for (;;) {
    const { reading } = asked.parse(await (await request(`${address}/v1/studies/${uid}`)).json());
    if (reading !== null) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}

interface Round {
  readonly filmsPerSecond: number;
  /** Of one film alone, from the first byte sent to its reading fetched. */
  readonly aloneP50Ms: number;
  /** Of the service with all its processes, and of PostgreSQL. */
  readonly processorMs: number;
}

/** A film in `ALONE` is sent by itself, the others by eight connections; all are fetched again. */
const ALONE = 5;

async function measure(rival: Rival, films: readonly Uint8Array[]): Promise<Round> {
  const alone: number[] = [];
  for (const film of films.slice(0, ALONE)) {
    const started = performance.now();
    await fetched(rival, await send(rival, film));
    alone.push(performance.now() - started);
  }
  const rest = films.slice(ALONE);
  const before = treeMs(rival.pid) + databaseMs();
  const started = performance.now();
  const queue = rest.values();
  const uids: string[] = [];
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const film of queue) uids.push(await send(rival, film));
    }),
  );
  const again = uids.values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const uid of again) await fetched(rival, uid);
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const after = treeMs(rival.pid) + databaseMs();
  return {
    filmsPerSecond: rest.length / seconds,
    aloneP50Ms: quantile(alone, 0.5),
    processorMs: (after - before) / rest.length,
  };
}

/** Processor milliseconds of decoding and one forward pass of one thread: what no service of these parts can go below. */
async function floorMs(films: readonly Uint8Array[]): Promise<number> {
  const executor = await openOnnx(await readModelFile(model.file()), {
    provider: 'cpu',
    threads: 1,
    manifest: model.manifest,
  });
  const spec = specFor(model.manifest);
  const one = async (film: Uint8Array) => executor.run((await prepareImage(Buffer.from(film), spec)).tensor);
  for (const film of films.slice(0, 3)) await one(film);
  const { user, system } = process.cpuUsage();
  for (const film of films) await one(film);
  const used = process.cpuUsage({ user, system });
  await executor.close();
  return (used.user + used.system) / 1000 / films.length;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const medians = (all: readonly Round[]) => ({
  filmsPerSecond: round(median(all.map(({ filmsPerSecond }) => filmsPerSecond))),
  aloneP50Ms: round(median(all.map(({ aloneP50Ms }) => aloneP50Ms)), 0),
  processorMs: round(median(all.map(({ processorMs }) => processorMs))),
});

const databases = [
  await scratchDatabase(server, 'haidang_bench'),
  await scratchDatabase(server, 'peer_bench'),
] as const;
const rivals: Rival[] = [];
const kinds: object[] = [];
const lines: string[] = [];
const loadBefore = round(loadavg()[0] ?? 0);
try {
  const ours = await startOurs(databases[0].url);
  rivals.push(ours);
  const peer = await startPeer(databases[1].url, join(root, 'models', 'cxr-findings'));
  rivals.push(peer);
  for (const kind of KINDS.filter(({ name }) => options.kinds.split(',').some((part) => name.startsWith(part)))) {
    process.stderr.write(`${kind.name}: drawing …\n`);
    const films = await filmsOf(kind, (count + ALONE) * (rounds + 1));
    const part = (index: number) => films.slice(index * (count + ALONE), (index + 1) * (count + ALONE));
    // The first round does not count.
    const all = { ours: [] as Round[], peer: [] as Round[] };
    for (let index = 0; index <= rounds; index += 1) {
      const pair = { ours: await measure(ours, part(index)), peer: await measure(peer, part(index)) };
      process.stderr.write(`${kind.name}: ${JSON.stringify(pair)}\n`);
      if (index === 0) continue;
      all.ours.push(pair.ours);
      all.peer.push(pair.peer);
    }
    const floor = round(await floorMs(films.slice(0, 12)));
    const [mine, theirs] = [medians(all.ours), medians(all.peer)];
    const ratios = all.ours.map(
      ({ filmsPerSecond }, at) => filmsPerSecond / (all.peer[at]?.filmsPerSecond ?? Number.NaN),
    );
    kinds.push({
      kind: kind.name,
      ours: mine,
      peer: theirs,
      ratio: round(median(ratios), 2),
      floorMs: floor,
      raw: all,
    });
    lines.push(
      `| ${kind.name} | ${mine.filmsPerSecond} | ${theirs.filmsPerSecond} | ${round(median(ratios), 2)} | ${mine.processorMs} | ${theirs.processorMs} | ${floor} | ${mine.aloneP50Ms} | ${theirs.aloneP50Ms} |`,
    );
  }
} finally {
  for (const rival of rivals) await rival.stop();
  for (const database of databases) await database.drop();
}

const result = {
  benchmark: 'preread beside a Python peer',
  date: new Date().toISOString(),
  commit,
  machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), loadBefore },
  node: process.version,
  rounds,
  films: count,
  coldStartSeconds: Object.fromEntries(rivals.map(({ name, coldStartSeconds }) => [name, round(coldStartSeconds)])),
  kinds,
};
process.stdout.write(`\
| film | films/s | peer | ratio | processor ms a film | peer | floor | alone ms | peer |
|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}
`);
keepResult('preread', result, { measuredAt: result.date, suffix: '-peers' });
