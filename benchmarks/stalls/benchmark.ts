// The longest stall of the event loop when a text is a megabyte long: every text field of every door, each class of characters in its turn, and
// parameters of addresses as long as Node lets them be. Prints the worst of each door in milliseconds of the main thread's own processor time,
// and exits with 1 when one is above the bar: `npm run --silent benchmark:stalls -- [--bytes N] [--bar MS] [--doors PATTERN]`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOptions } from '../options.ts';
import { commit, root, round } from '../report.ts';
import { addressesWith, CLASSES, claimsWith, DOORS, messagesWith, textOf, variantsOf } from './texts.ts';

const options = readOptions(import.meta.url, {
  bytes: { type: 'string', default: '1000000' },
  bar: { type: 'string', default: '50' },
  doors: { type: 'string', default: '' },
});
const bytes = Number(options.bytes);
const barMs = Number(options.bar);
const wanted = new RegExp(options.doors, 'i');
/** Node reads 16 KiB of headers; encoding a text for an address makes three of each byte. */
const IN_ADDRESS = 4_500;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const dataDir = mkdtempSync(join(tmpdir(), 'haidang-stalls-'));
const [stallPort, hl7Port] = [await freePort(), await freePort()];
const service = spawn(process.execPath, ['--import', './benchmarks/stalls/probe.mjs', 'src/main.ts'], {
  cwd: root,
  env: {
    ...process.env,
    STALL_PORT: String(stallPort),
    HAIDANG_ACCESS: 'open',
    HAIDANG_PORT: '0',
    HAIDANG_HL7_PORT: String(hl7Port),
    HAIDANG_DATA_DIR: dataDir,
    HAIDANG_LOG_LEVEL: 'silent',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: service.stdout }), 'line');
const address = /http:\/\/\S+/.exec(String(line))?.[0] ?? '';

async function longestTurn(): Promise<number> {
  const socket = connect(stallPort, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return Number(text);
}

async function hl7(message: string): Promise<void> {
  const socket = connect(hl7Port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`\u000b${message}\u001c\r`);
  await Promise.race([once(socket, 'data'), once(socket, 'close'), sleep(20_000)]);
  socket.destroy();
}

interface Worst {
  readonly ms: number;
  readonly where: string;
}
const worst = new Map<string, Worst>();
let asked = 0;

async function measure(door: string, where: string, ask: () => Promise<unknown>): Promise<void> {
  if (!wanted.test(door)) return;
  await longestTurn();
  await ask().catch(() => undefined);
  const ms = await longestTurn();
  asked += 1;
  if (ms > (worst.get(door)?.ms ?? 0)) worst.set(door, { ms, where });
}

const post =
  (path: string, body: string, type: string, method = 'POST') =>
  async () => {
    const answer = await fetch(address + path, { method, body, headers: { 'content-type': type, origin: address } });
    await answer.arrayBuffer();
  };

/** Compiled and loaded by the first request of each door; that is no stall of a text. */
async function warmUp(): Promise<void> {
  for (let lap = 0; lap < 3; lap += 1) {
    for (const { method, path, type, document } of DOORS) await post(path, JSON.stringify(document), type, method)();
    for (const [, message] of messagesWith('1')) await hl7(message);
    for (const { path } of addressesWith('1')) await (await fetch(address + path)).arrayBuffer();
    for (const [, file] of claimsWith('1')) await post('/v1/import/xml130', file, 'application/xml')();
  }
}

try {
  await warmUp();
  for (const [name, unit] of Object.entries(CLASSES)) {
    process.stderr.write(`${name}\n`);
    const text = textOf(unit, bytes);
    for (const { name: door, method, path, type, document } of DOORS)
      for (const [where, changed] of variantsOf(document, text))
        await measure(door, `${where.slice(1)}: ${name}`, post(path, JSON.stringify(changed), type, method));
    for (const [where, message] of messagesWith(text)) await measure('HL7 v2', `${where}: ${name}`, () => hl7(message));
    for (const [where, file] of claimsWith(text))
      await measure('claim XML', `${where}: ${name}`, post('/v1/import/xml130', file, 'application/xml'));
    for (const { name: door, path } of addressesWith(textOf(unit, IN_ADDRESS)))
      await measure(`${door}`, `${IN_ADDRESS} bytes of ${name}`, async () =>
        (await fetch(address + path)).arrayBuffer(),
      );
  }
} finally {
  service.kill('SIGTERM');
  await once(service, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}

const rows = [...worst].toSorted(([, a], [, b]) => b.ms - a.ms);
for (const [door, { ms, where }] of rows.slice(0, 25))
  process.stdout.write(`${round(ms).toFixed(1).padStart(8)} ms  ${door}  ${where}\n`);
const above = rows.filter(([, { ms }]) => ms > barMs);
process.stdout.write(
  `${asked} questions at ${rows.length} doors, texts of ${bytes} bytes; ${above.length} doors above ${barMs} ms (commit ${commit})\n`,
);
process.exit(above.length > 0 ? 1 : 0);
