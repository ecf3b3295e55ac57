// Inputs that once hung or locked out every other door, sent to a whole service as it is started by a user: it answers, and others are served
// meanwhile.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { freePort } from '../fixtures/free-port.ts';
import { frameOf, lines, openPeer, verdictOf } from '../interop/hl7v2/peer.ts';
import { freshDataDir } from '../store/hosts.ts';
import { type ChildService, modelsFolder, spawnService } from './service.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: ChildService;
let hl7Port: number;
let folders: string[];

beforeAll(async () => {
  hl7Port = await freePort();
  folders = [await freshDataDir(), modelsFolder()];
  service = await spawnService(folders[0] ?? '', folders[1] ?? '', { HAIDANG_HL7_PORT: String(hl7Port) });
});
afterAll(() => {
  service.process.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const MSH = 'MSH|^~\\&|LIS|BV|HAIDANG|BV|20260301080000+0700||ORU^R01^ORU_R01|1|P|2.5.1||||||UNICODE UTF-8';
const oru = (control: string, { name = 'A^B', value = '5.5', type = 'NM', code = 'BN-1' } = {}): string =>
  lines(
    MSH.replace('|1|P|', `|${control}|P|`),
    `PID|1||${code}^^^HIS^MR||${name}||19650131|M`,
    'OBR|1|P1||GLU^Glucose^L|||20260301070000',
    `OBX|1|${type}|2345-7^Glucose^LN||${value}|mmol/L|||||F`,
  );

async function asked(message: string): Promise<ReturnType<typeof verdictOf>> {
  const peer = openPeer(hl7Port);
  peer.write(frameOf(message));
  const answer = await peer.next();
  peer.close();
  return verdictOf(answer);
}

const hook = (extra: object) =>
  fetch(`${service.address}/cds-services/patient-alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: '6a0f0e2c-9a5c-4d5b-8f1e-000000000001',
      context: { userId: 'Practitioner/1', patientId: 'BN-1' },
      ...extra,
    }),
  });

test.each<[string, () => Promise<unknown>]>([
  ['an OBX-5 of three million digits', () => asked(oru('m1', { value: `${'1'.repeat(3_000_000)}x` }))],
  ['forty thousand escapes in PID-5', () => asked(oru('m2', { name: `${'\\S\\'.repeat(33_000)}x` }))],
  ['a FHIR server of a million slashes', () => hook({ fhirServer: `http://h${'/'.repeat(900_000)}x` })],
  ['a unit of blanks', () => asked(oru('m3', { value: `${' '.repeat(90_000)}/` }))],
])('%s is answered, and the probe beside it too', async (_, send) => {
  const sent = send();
  const probe = await fetch(`${service.address}/health/live`, { signal: AbortSignal.timeout(15_000) });
  expect(probe.status).toBe(200);
  expect(await sent).toBeDefined();
});

test('a field that is too long is named; a file in OBX-5 may be long', async () => {
  expect(await asked(oru('m4', { value: '1'.repeat(100_001) }))).toMatchObject({ code: 'AE', errors: ['OBX^1^5 102'] });
  expect((await asked(oru('m5', { value: `^^PDF^Base64^${'A'.repeat(2_000_000)}`, type: 'ED' }))).code).toBe('AA');
});

test('a NUL is refused with its place at every door that takes a text', async () => {
  const routes = ['/v1/worklist?search=a%00', '/v1/alerts?patientCode=a%00', '/fhir/Flag?patient=a%00'];
  routes.push('/v1/studies/1.2%00', '/v1/risk/series/a%00', '/dicomweb/studies?PatientName=a%00');
  for (const route of routes) {
    const answer = await fetch(service.address + route);
    expect([route, answer.status]).toEqual([route, 400]);
    expect(await answer.text()).toContain('NUL');
  }
  const posted = await fetch(`${service.address}/v1/risk/assess`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ patientCode: 'a\0' }),
  });
  expect(posted.status).toBe(400);
  expect(await posted.json()).toMatchObject({ field: 'patientCode' });
  expect((await asked(oru('m6', { code: 'BN\0' }))).code).toMatch(/^A[ER]$/);
  const film = await filmDicom({ patient: 'P9' });
  const sent = Buffer.from(film.toString('latin1').replace('P9', 'P\0'), 'latin1');
  const taken = await fetch(`${service.address}/v1/studies`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: Uint8Array.from(sent),
  });
  expect(taken.status).toBeLessThan(500);
});

test('sixty-four silent HL7 connections lock nobody out', async () => {
  const silent: Socket[] = await Promise.all(
    Array.from({ length: 64 }, async () => {
      const socket = connect(hl7Port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    }),
  );
  expect((await asked(oru('m7'))).code).toBe('AA');
  for (const socket of silent) socket.destroy();
});

test('SIGTERM ends the service whatever still hangs on it', async () => {
  const { port, hostname } = new URL(service.address);
  const hanging = [
    'GET /v1/worklist HTTP/1.1\r\nHost: 127.0.0.1\r\n',
    'POST /v1/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/dicom\r\nContent-Length: 9999\r\n\r\nabc',
    'GET /v1/worklist/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
    '',
  ].map((text) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(text);
    return socket;
  });
  const peer = openPeer(hl7Port);
  peer.write(Buffer.from('\u000bMSH|'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await service.stop()).toBe(0);
  for (const socket of hanging) socket.destroy();
  peer.close();
});
