// Ten times more films than the service reads: its memory, its event loop, who is refused, and how long those wait who were taken; and
// before that, at 60 % of what it reads, the time from sending a film to its reading. Embedded database or PostgreSQL. Prints a table and
// writes results/<date>-<commit>-overload.json:
// `npm run --silent benchmark:overload -- [--database postgresql://…] [--seconds N] [--kind plain]`.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { filmsOf, kindNamed } from './films.ts';
import { startOurs } from './rivals.ts';
import { readAt, sendFilm, type Sent } from './send-film.ts';
import { scratchDatabase } from './scratch-database.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  database: { type: 'string' },
  seconds: { type: 'string', default: '20' },
  kind: { type: 'string', default: 'plain 1024' },
});
const seconds = Number(options.seconds);
const CONNECTIONS = 8;
const FILMS = 600;

const kind = kindNamed(options.kind);

const films = await filmsOf(kind, FILMS);
const queue = films.values();
const database = await scratchDatabase(options.database, 'haidang_overload');
const service = await startOurs(database.url);

const send = (film: Uint8Array, due: number): Promise<Sent> => sendFilm(service.address, film, due);

const residentMib = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

const next = (): Uint8Array => {
  const { value } = queue.next();
  if (value === undefined) throw new Error('not enough films: fewer --seconds');
  return value;
};

/** Films a second that eight connections get read. */
async function capacity(): Promise<number> {
  const started = performance.now();
  const uids: string[] = [];
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let index = 0; index < 6; index += 1) {
        const { uid } = await send(next(), performance.now());
        if (uid !== undefined) uids.push(uid);
      }
    }),
  );
  await Promise.all(uids.map((uid) => readAt(service.address, uid)));
  return uids.length / ((performance.now() - started) / 1000);
}

/** At a fixed rate, timed from when each film should have left. */
async function atRate(rate: number, most: number) {
  const started = performance.now();
  const sent: Promise<Sent & { readonly readMs: number | undefined }>[] = [];
  const count = Math.min(most, Math.ceil(rate * seconds));
  for (let index = 0; index < count; index += 1) {
    const due = started + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const film = next();
    sent.push(
      send(film, due).then(async (one) => ({
        ...one,
        readMs: one.uid === undefined ? undefined : (await readAt(service.address, one.uid)) - due,
      })),
    );
  }
  return Promise.all(sent);
}

/** How late a health check is answered says how long the event loop was held. */
async function probeWhile<Result>(work: Promise<Result>) {
  const state = { running: true };
  const delays: number[] = [];
  const memory: number[] = [];
  const ended = work.finally(() => (state.running = false));
  const probing = (async () => {
    while (state.running) {
      const asking = performance.now();
      await (await fetch(`${service.address}/health/live`)).text();
      delays.push(performance.now() - asking);
      memory.push(residentMib());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const result = await ended;
  await probing;
  return { result, delays, largestMib: Math.max(...memory) };
}

const loadBefore = round(loadavg()[0] ?? 0);
try {
  await capacity();
  const filmsPerSecond = await capacity();
  const idleMib = residentMib();
  const calm = await probeWhile(atRate(0.6 * filmsPerSecond, 150));
  const flood = await probeWhile(atRate(10 * filmsPerSecond, 300));
  const row = (what: string, { result, delays, largestMib }: typeof calm) => {
    const times = result.flatMap(({ readMs }) => readMs ?? []);
    return {
      what,
      sent: result.length,
      taken: times.length,
      refused: result.filter(({ status }) => status === 503 || status === 429).length,
      otherwise: result.filter(({ status, uid }) => uid === undefined && status !== 503 && status !== 429).length,
      readP50Ms: round(quantile(times, 0.5), 0),
      readP95Ms: round(quantile(times, 0.95), 0),
      healthP99Ms: round(quantile(delays, 0.99)),
      largestMib: round(largestMib, 0),
    };
  };
  const rows = [row('60 % of capacity', calm), row('10 × capacity', flood)];
  const cells = (of: (typeof rows)[number]) => Object.values(of).join(' | ');
  process.stdout.write(
    `Capacity ${round(filmsPerSecond)} films/s, ${round(idleMib, 0)} MiB before, load of the machine before ${loadBefore}.\n\n` +
      '| load | sent | taken | refused with Retry-After | otherwise | sent → read p50 ms | p95 ms | health p99 ms | largest MiB |\n' +
      `|---|---|---|---|---|---|---|---|---|\n${rows.map((of) => `| ${cells(of)} |\n`).join('')}`,
  );
  const measuredAt = new Date().toISOString();
  keepResult(
    'preread',
    {
      benchmark: 'overload',
      date: measuredAt,
      commit,
      kind: kind.name,
      seconds,
      filmsPerSecond,
      idleMib,
      loadBefore,
      rows,
    },
    { measuredAt, suffix: '-overload' },
  );
} finally {
  await service.stop();
  await database.drop();
}
