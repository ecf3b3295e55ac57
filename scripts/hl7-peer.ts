// Speaks HL7 v2 with a peer that shares no code with us, in both directions: `hl7-peer.ts PEER_COMMAND EXAMPLES_FOLDER`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createDeframer, framed } from '#interop/hl7v2/wire/framing.ts';
import { startListener } from '#interop/hl7v2/wire/listener.ts';
import { resultMessages } from '#interop/hl7v2/out/result-messages.ts';
import { hl7Sender } from '#interop/hl7v2/wire/sender.ts';
import { takeMessage } from '#interop/hl7v2/in/take.ts';
import { openTestStore } from '../test/store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../test/store/samples.ts';

const [peer = '', examples = ''] = process.argv.slice(2);
if (peer === '' || examples === '') throw new Error('name the peer’s command and the folder of its examples');
const work = mkdtempSync(join(tmpdir(), 'haidang-hl7-'));
let failures = 0;

function judge(what: string, passed: boolean, output: string): void {
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${what}\n`);
  if (passed) return;
  failures += 1;
  process.stdout.write(`${output}\n`);
}

/** Not spawnSync: our listener answers in this process. */
async function run(...args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(peer, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => parts.push(chunk));
  const [status] = await once(child, 'close');
  return { status, output: Buffer.concat(parts).toString() };
}

/** The first call builds the peer. */
spawnSync(peer, ['check', join(examples, 'good-oru-r01.hl7')], { stdio: 'ignore' });

const store = await openTestStore('embedded');
const take = (bytes: Buffer): Promise<readonly string[]> =>
  takeMessage(bytes, {
    address: '127.0.0.1',
    store: store.local,
    clock: store.clock,
    language: 'vi',
    indicators: new Map(),
    fault: (event, thrown) => process.stdout.write(`${event}: ${String(thrown)}\n`),
  });
const listener = await startListener({ host: '127.0.0.1', port: 0, take, told: () => undefined });

const film = sampleInstance({ patient: { id: 'BN-1', name: 'NGUYỄN^VĂN^AN', birthDate: '1970-05-19', sex: 'M' } });
const study = {
  ...film,
  patientKey: 'id:BN-1',
  accessionNumber: '1234567',
  treatmentCode: '000000999001',
  studyTime: '2026-03-01T06:30:00',
  receivedAt: '2026-03-01T00:00:00.000Z',
};
const heads = () => ({ title: { vi: 'Tràn dịch màng phổi', en: 'Pleural effusion' }, positiveFrom: 0.62 });
const reading = sampleReading(film, { notForClinicalUse: false });

function resultFor(receiver: string, what: 'alert' | 'bare') {
  const make = resultMessages({ receivers: [receiver], clock: store.clock, language: 'vi', heads });
  const bare = { ...study, patient: { id: 'BN-1' } };
  const [message] = what === 'alert' ? make(reading, study, sampleAlert(reading)) : make(reading, bare, undefined);
  if (message === undefined) throw new Error('no message');
  return message;
}

// What we send, judged as text.
for (const what of ['alert', 'bare'] as const) {
  const file = join(work, `result-${what}.hl7`);
  writeFileSync(file, resultFor('his:2575', what).body.text);
  const { status, output } = await run('check', file);
  judge(`our result (${what}) is HL7 v2.5.1`, status === 0, output);
  process.stdout.write(`${output.trim()}\n`);
}

// What it sends, answered by us.
for (const name of readdirSync(examples).sort()) {
  if (name.includes('ack')) continue;
  const { status, output } = await run('send', '127.0.0.1', String(listener.port), join(examples, name));
  // We read 2.3.1, and UTF-8 that was not declared; the peer knows 2.5.1 alone and calls both wrong.
  if (name.startsWith('bad-header')) judge(`${name} (2.3.1) is taken`, output.includes('  CA  '), output);
  else if (name.startsWith('good')) judge(`${name} is taken`, status === 0, output);
  else judge(`${name} is refused with its places`, / [AC]E /.test(output) && output.includes('ERR||'), output);
  process.stdout.write(`${output.trim()}\n`);
}

/** Our own answer, as bytes. */
async function answerTo(message: string): Promise<string> {
  const socket = connect(listener.port, '127.0.0.1');
  socket.write(framed(message));
  const deframer = createDeframer(1_000_000);
  for await (const chunk of socket) {
    const [answer] = Buffer.isBuffer(chunk) ? deframer.push(chunk).messages : [];
    if (answer !== undefined) return answer.toString();
  }
  return '';
}
const header = (type: string): string => `MSH|^~\\&|A|B|||20260301||${type}|${type}|P|2.5.1||||||UNICODE UTF-8\r`;
for (const type of ['ADT^A08', 'SIU^S12', 'ADT^A40']) {
  const file = join(work, `${type.replace('^', '-')}.hl7`);
  writeFileSync(file, await answerTo(header(type)));
  const { status, output } = await run('check', file);
  judge(`our answer to a bad ${type} is HL7 v2.5.1`, status === 0, output);
}

// What we send, answered by it.
for (const [code, kind] of [
  ['AA', 'delivered'],
  ['AE', 'refused'],
  ['AR', 'later'],
] as const) {
  const child = spawn(peer, ['listen', '0', '--ack', code, '--count', '1', '--seconds', '60', '--out', work], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  const [first] = await once(createInterface({ input: child.stdout }), 'line');
  const receiver = String(first).replace('listening on ', '');
  const message = resultFor(receiver, 'alert');
  const due = { ...message, facilityId: 'local', attempt: 1, createdAt: '2026-03-01T00:00:00Z', lease: 'x' };
  const delivery = await hl7Sender(receiver).send(due, AbortSignal.timeout(10_000));
  await gone;
  judge(`a result answered ${code} is ${kind}`, delivery.kind === kind, JSON.stringify(delivery));
}

await listener.close();
await store.close();
rmSync(work, { recursive: true, force: true });
process.exitCode = failures === 0 ? 0 : 1;
