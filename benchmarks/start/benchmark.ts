// Cold start: from the start of the process to the first ready answer, with a new folder and with one that was used before, embedded
// database or PostgreSQL; beside the clock the processor time of service and children, which a busy machine does not stretch.
// Prints a table and writes results/<date>-<commit>.json: `npm run --silent benchmark:start -- [--database postgresql://…] [--rounds N]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../preread/free-port.ts';
import { treeMs } from '../preread/processor-time.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';
import { spawnService } from '../service-process.ts';

const options = readOptions(import.meta.url, {
  database: { type: 'string' },
  rounds: { type: 'string', default: '3' },
});
const rounds = Number(options.rounds);

interface Start {
  readonly seconds: number;
  readonly processorSeconds: number;
}

async function start(folder: string): Promise<Start> {
  const port = await freePort();
  const started = performance.now();
  const child = spawnService(folder, { port, databaseUrl: options.database });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { pid } = child;
  if (pid === undefined) throw new Error('the service did not start');
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) break;
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const found = { seconds: (performance.now() - started) / 1000, processorSeconds: treeMs(pid) / 1000 };
  child.kill('SIGTERM');
  await ended;
  return found;
}

const loadBefore = round(loadavg()[0] ?? 0);
const fresh: Start[] = [];
const used: Start[] = [];
for (let index = 0; index < rounds; index += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-start-'));
  try {
    fresh.push(await start(folder));
    used.push(await start(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const middle = (starts: readonly Start[]) => ({
  seconds: round(
    quantile(
      starts.map(({ seconds }) => seconds),
      0.5,
    ),
  ),
  processorSeconds: round(
    quantile(
      starts.map(({ processorSeconds }) => processorSeconds),
      0.5,
    ),
  ),
});
const host = options.database === undefined ? 'embedded' : 'PostgreSQL';
const rows = [
  { folder: 'new', ...middle(fresh) },
  { folder: 'used before', ...middle(used) },
];
process.stdout.write(
  `| database | folder | seconds to ready | processor seconds |\n|---|---|---|---|\n${rows
    .map((row) => `| ${host} | ${row.folder} | ${row.seconds} | ${row.processorSeconds} |\n`)
    .join('')}`,
);
const measuredAt = new Date().toISOString();
keepResult(
  'start',
  { benchmark: 'cold start', date: measuredAt, commit, host, rounds, loadBefore, rows, raw: { fresh, used } },
  { measuredAt, suffix: options.database === undefined ? '-embedded' : '-postgresql' },
);
