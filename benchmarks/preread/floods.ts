// How long one film takes from its sending to its reading while others misbehave: calm, with 200 connections that trickle headers and bodies, with a
// flood of views (300 asked at once, all the time), and with both. The bar: read within two seconds. Embedded database or PostgreSQL. Prints a table
// and writes results/<date>-<commit>-floods.json:
// `npm run --silent benchmark:floods -- [--database postgresql://…] [--films N] [--kind plain]`.
import { connect } from 'node:net';
import { loadavg } from 'node:os';
import { filmsOf, kindNamed } from './films.ts';
import { startOurs } from './rivals.ts';
import { readAt, sendFilm } from './send-film.ts';
import { scratchDatabase } from './scratch-database.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  database: { type: 'string' },
  films: { type: 'string', default: '15' },
  kind: { type: 'string', default: 'plain 1024' },
});
const perLoad = Number(options.films);
const BAR_MS = 2_000;
const SLOW_CONNECTIONS = 200;
const VIEWS_AT_ONCE = 300;
/** Films that are there to be viewed. */
const SHOWN = 8;
const SETTLE_MS = 2_000;

const kind = kindNamed(options.kind);
const films = (await filmsOf(kind, SHOWN + 2 + 4 * perLoad)).values();
const database = await scratchDatabase(options.database, 'haidang_floods');
const service = await startOurs(database.url);
const { port } = new URL(service.address);

/** Who is told to come again comes again; all of it counts. */
async function readOne(): Promise<{ readonly uid: string; readonly ms: number; readonly sendings: number }> {
  const { value } = films.next();
  if (value === undefined) throw new Error('not enough films');
  const sending = performance.now();
  for (let sendings = 1; ; sendings += 1) {
    const { uid, status } = await sendFilm(service.address, value, sending);
    if (uid !== undefined) return { uid, ms: (await readAt(service.address, uid)) - sending, sendings };
    if (status !== 503) throw new Error(`the film was answered ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

interface Row {
  readonly what: string;
  readonly films: number;
  readonly p50Ms: number;
  readonly largestMs: number;
  readonly timesCalm: number;
  readonly within: number;
  /** After 503. */
  readonly sentAgain: number;
  readonly did: string;
}

interface Load {
  /** Resolves when it has ended, with what it did. */
  stop(): Promise<string>;
}

/** Half of them never end their headers, half send a body of ten megabytes at a byte for each step. */
function slowConnections(): Load {
  let [open, closed, stopped] = [new Set<ReturnType<typeof connect>>(), 0, false];
  const heads = [
    'GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ',
    'POST /v1/studies HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/dicom\r\ncontent-length: 10000000\r\n\r\n',
  ];
  const begin = (which: number): void => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(heads[which % 2] ?? ''));
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('close', () => {
      open.delete(socket);
      if (stopped) return;
      closed += 1;
      setTimeout(() => begin(which), 100).unref();
    });
    open.add(socket);
  };
  for (let which = 0; which < SLOW_CONNECTIONS; which += 1) begin(which);
  const timer = setInterval(() => {
    for (const socket of open) if (socket.writable) socket.write('a');
  }, 500);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      for (const socket of open) socket.destroy();
      return `${closed} of its connections were closed by the service`;
    },
  };
}

function viewFlood(uids: readonly string[]): Load {
  const flood = { stopped: false };
  const answers = new Map<string, number>();
  const started = performance.now();
  const viewing = Array.from({ length: VIEWS_AT_ONCE }, async (_, which) => {
    while (!flood.stopped) {
      const uid = uids[which % uids.length];
      const status = await fetch(`${service.address}/dicomweb/studies/${uid}/rendered`)
        .then(async (answer) => {
          await answer.arrayBuffer();
          return String(answer.status);
        })
        .catch(() => 'not at all');
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status !== '200') await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  return {
    async stop() {
      flood.stopped = true;
      await Promise.all(viewing);
      const seconds = (performance.now() - started) / 1_000;
      return [...answers].map(([status, count]) => `${round(count / seconds)} views/s answered ${status}`).join(', ');
    },
  };
}

const loadBefore = round(loadavg()[0] ?? 0);
try {
  for (let warm = 0; warm < 2; warm += 1) await readOne();
  const shown: string[] = [];
  for (let count = 0; count < SHOWN; count += 1) shown.push((await readOne()).uid);
  const rows: Row[] = [];
  for (const [what, begin] of [
    ['calm', () => []],
    [`${SLOW_CONNECTIONS} slow connections`, () => [slowConnections()]],
    [`${VIEWS_AT_ONCE} views at once`, () => [viewFlood(shown)]],
    ['both', () => [slowConnections(), viewFlood(shown)]],
  ] as const) {
    const loads: readonly Load[] = begin();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const read = [];
    let did: readonly string[] = [];
    try {
      for (let count = 0; count < perLoad; count += 1) read.push(await readOne());
    } finally {
      did = await Promise.all(loads.map((load) => load.stop()));
    }
    const times = read.map(({ ms }) => ms);
    const [p50, largest] = [quantile(times, 0.5), Math.max(...times)];
    const calm = rows[0]?.p50Ms ?? p50;
    rows.push({
      what,
      films: times.length,
      p50Ms: round(p50, 0),
      largestMs: round(largest, 0),
      timesCalm: round(p50 / calm),
      within: times.filter((ms) => ms <= BAR_MS).length,
      sentAgain: read.reduce((total, { sendings }) => total + sendings - 1, 0),
      did: did.join('; '),
    });
  }
  process.stdout.write(
    `Load of the machine before ${loadBefore}. A film is sent while the load goes on, from the same machine; its time ends when its reading is seen.\n\n` +
      '| load | films | sent → read p50 ms | largest ms | p50 × calm | within 2 s | sent again after 503 | what the load got |\n|---|---|---|---|---|---|---|---|\n' +
      rows.map((row) => `| ${Object.values(row).join(' | ')} |\n`).join(''),
  );
  const measuredAt = new Date().toISOString();
  keepResult(
    'preread',
    { benchmark: 'floods', date: measuredAt, commit, kind: kind.name, loadBefore, rows },
    { measuredAt, suffix: '-floods' },
  );
} finally {
  await service.stop();
  await database.drop();
}
