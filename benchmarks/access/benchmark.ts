// Cost of identity: two services side by side, one open and one with a login, asked the same in turns of a few seconds, so that whatever else
// the machine does meets both. Prints requests a second of each and the ratio (bar 0.97), for reads of
// the worklist, of the session and of FHIR with a token: `npm run --silent benchmark:access -- [--rounds N] [--seconds N] [--peers N]`. Exits with 1 below the bar.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpus, loadavg } from 'node:os';
import { readOptions } from '../options.ts';
import { commit, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  rounds: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '3' },
  peers: { type: 'string', default: '8' },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const peers = Number(options.peers);
const BAR = 0.97;

interface Started {
  readonly process: ChildProcess;
  readonly address: string;
  readonly dataDir: string;
}

async function start(access: 'open' | 'login'): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), `haidang-access-${access}-`));
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      HAIDANG_ACCESS: access,
      // The limit is counted, and not reached.
      HAIDANG_PROGRAM_REQUESTS_PER_MINUTE: '10000000',
      HAIDANG_PORT: '0',
      HAIDANG_DATA_DIR: dataDir,
      HAIDANG_LOG_LEVEL: 'silent',
      HAIDANG_PROCESSES: '1',
      HAIDANG_THREADS: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { process: child, address: /http:\/\/[^\s/]+/.exec(String(line))?.[0] ?? '', dataDir };
}

const haidang = (dataDir: string, ...args: string[]): string =>
  execFileSync(process.execPath, ['src/cli/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, HAIDANG_DATA_DIR: dataDir },
    encoding: 'utf8',
  }).trim();

interface Side {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests a second; throws where one is refused. */
async function rate({ address, headers }: Side, path: string): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  const counts = await Promise.all(
    Array.from({ length: peers }, async () => {
      let count = 0;
      while (performance.now() < until) {
        const answer = await fetch(address + path, { headers });
        await answer.arrayBuffer();
        if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
        count += 1;
      }
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - started) / 1000);
}

interface Compared {
  readonly name: string;
  readonly open: Side;
  readonly login: Side;
  readonly path: string;
}

/** The order changes from round to round; each round gives one ratio. */
async function compare({ name, open, login, path }: Compared): Promise<number> {
  const ratios: number[] = [];
  const rates: { open: number[]; login: number[] } = { open: [], login: [] };
  for (const side of [open, login]) await rate(side, path);
  for (let lap = 0; lap < rounds; lap += 1) {
    const first = lap % 2 === 0;
    const one = await rate(first ? open : login, path);
    const two = await rate(first ? login : open, path);
    const [openRate, loginRate] = first ? [one, two] : [two, one];
    rates.open.push(openRate);
    rates.login.push(loginRate);
    ratios.push(loginRate / openRate);
  }
  const ratio = quantile(ratios, 0.5);
  const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  process.stdout.write(
    `${name}: open ${round(quantile(rates.open, 0.5))}/s, with login ${round(quantile(rates.login, 0.5))}/s, ratio ${round(ratio, 3)} (middle half ${round(low, 3)} to ${round(high, 3)}, ${rounds} rounds)\n`,
  );
  return ratio;
}

const services = await Promise.all([start('open'), start('login')]);
try {
  const [open, login] = services;
  const token = haidang(login.dataDir, 'token', '--role', 'radiologist', '--for', '8h');
  const his = haidang(login.dataDir, 'token', '--role', 'his', '--for', '8h');
  const plain: Side = { address: open.address, headers: {} };
  const as = (bearer: string): Side => ({ address: login.address, headers: { authorization: `Bearer ${bearer}` } });
  process.stdout.write(
    `two services side by side, ${peers} peers, ${seconds} s a turn, ${cpus().length} cores, load ${round(loadavg()[0] ?? 0)} (commit ${commit})\n`,
  );
  const ratios = [
    await compare({ name: 'GET /v1/worklist/rows', open: plain, login: as(token), path: '/v1/worklist/rows' }),
    await compare({ name: 'GET /v1/session', open: plain, login: as(token), path: '/v1/session' }),
    await compare({ name: 'GET /fhir/Flag', open: plain, login: as(his), path: '/fhir/Flag' }),
  ];
  const worst = Math.min(...ratios);
  process.stdout.write(`worst ratio ${round(worst, 3)}, bar ${BAR}: ${worst >= BAR ? 'held' : 'missed'}\n`);
  process.exitCode = worst >= BAR ? 0 : 1;
} finally {
  for (const { process: child, dataDir } of services) {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
}
