// A whole service with its HL7 port: results come in, a film is read, and its preliminary result goes out with the alert's id.
import { createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openMessage } from '#interop/hl7v2/header.ts';
import { type Hl7Listener, startListener } from '#interop/hl7v2/listener.ts';
import { createClient } from '../../src/client/client.ts';
import { readConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/service.ts';
import { filmDicom } from '../fixtures/film.ts';
import { frameOf, lines, openPeer, verdictOf } from '../interop/hl7v2/peer.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder } from './service.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: Service;
let receiver: Hl7Listener;
let port: number;
let folders: string[];
const received: string[] = [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  receiver = await startListener({
    host: '127.0.0.1',
    port: 0,
    take: async (bytes) => {
      received.push(bytes.toString());
      return [`MSH|^~\\&|HIS||HAIDANG||20260301||ACK|1|P|2.5.1\rMSA|CA|${openMessage(bytes).header?.controlId}\r`];
    },
    told: () => undefined,
  });
  port = await freePort();
  folders = [await freshDataDir(), modelsFolder()];
  const [dataDir, models] = folders;
  const env = {
    HAIDANG_PORT: '0',
    HAIDANG_DATA_DIR: dataDir,
    HAIDANG_MODELS_DIR: models,
    HAIDANG_LOG_LEVEL: 'silent',
    HAIDANG_HL7_PORT: String(port),
    HAIDANG_HL7_TO: `127.0.0.1:${receiver.port}`,
  };
  service = await startService(readConfig(env, '/'));
});
afterAll(async () => {
  await service.close();
  await receiver.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('a message is taken while the service runs', async () => {
  const peer = openPeer(port);
  peer.write(
    frameOf(
      lines(
        'MSH|^~\\&|HIS|BV|||20260301080000||ADT^A01^ADT_A01|A1|P|2.5.1||||||UNICODE UTF-8',
        'EVN|A01|20260301080000',
        'PID|1||BN-1^^^HIS^MR||NGUYỄN^AN',
        'PV1|1|I',
      ),
    ),
  );
  expect(verdictOf(await peer.next())).toEqual({ code: 'AA', controlId: 'A1', errors: [] });
  peer.close();
});

test('a film’s result goes out once, preliminary, with the alert of every other interface', async () => {
  const client = createClient({ baseUrl: service.address });
  const film = await filmDicom({ study: 'hl7', patient: 'BN-1' });
  const upload = { name: 'film.dcm', bytes: Uint8Array.from(film) };
  await client.upload([upload]);
  await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 120_000, interval: 200 });
  await client.upload([upload]);
  const [text = ''] = received;
  expect(text).toContain('PID|1||BN-1^^^HIS^MR|');
  const observations = text.split('\r').filter((line) => line.startsWith('OBX|'));
  expect(observations.every((line) => line.split('|')[11] === 'P')).toBe(true);

  const answer: unknown = await (await fetch(`${service.address}/v1/alerts?patientCode=BN-1`)).json();
  const ids = observations.filter((line) => line.includes('alert-id')).map((line) => line.split('|')[5]);
  expect(ids).toHaveLength(1);
  expect(JSON.stringify(answer)).toContain(ids[0]);
  expect(received).toHaveLength(1);
});
