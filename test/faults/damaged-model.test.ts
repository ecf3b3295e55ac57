// A damaged or missing model takes only itself down: films are received and say why they wait, and HL7, risks and pages work; mended, it reads them.
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createClient } from '#client/client.ts';
import { readConfig } from '#service/config.ts';
import { type Service, startService } from '#service/service.ts';
import { filmDicom } from '../fixtures/film.ts';
import { freePort } from '../fixtures/free-port.ts';
import { frameOf, lines, openPeer, verdictOf } from '../interop/hl7v2/peer.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder } from '../flows/service.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const file = (models: string, name: string): string => join(models, 'cxr-findings', name);

function changeJson(path: string, change: (value: { cases: { logits: number[] }[] }) => void): void {
  const value = JSON.parse(readFileSync(path, 'utf8'));
  change(value);
  writeFileSync(path, JSON.stringify(value));
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 0xff;
  writeFileSync(path, bytes);
}

const DAMAGES: readonly [string, (models: string) => void, RegExp][] = [
  ['a flipped byte in its ONNX file', (models) => flipByte(file(models, '1/model.onnx')), /models\.file-changed/],
  ['a model.json that was cut off', (models) => truncateSync(file(models, 'model.json'), 100), /models\.bad-manifest/],
  [
    'a golden output that it does not give',
    (models) =>
      changeJson(file(models, 'golden.json'), ({ cases: [first] }) => {
        first!.logits[0]! += 0.01;
      }),
    /golden/,
  ],
];

async function start(dataDir: string, models: string, hl7Port: number): Promise<Service> {
  const env = {
    HAIDANG_ACCESS: 'open',
    HAIDANG_PORT: '0',
    HAIDANG_DATA_DIR: dataDir,
    HAIDANG_MODELS_DIR: models,
    HAIDANG_LOG_LEVEL: 'silent',
    HAIDANG_HL7_PORT: String(hl7Port),
  };
  return startService(readConfig(env, '/'));
}

const NEWS2 = JSON.parse(readFileSync('models/risk-news2/golden.json', 'utf8')).modelSha256;

async function expectOthersWork(address: string, hl7Port: number): Promise<void> {
  const peer = openPeer(hl7Port);
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
  expect(verdictOf(await peer.next())).toMatchObject({ code: 'AA' });
  peer.close();
  const equations = await (await fetch(`${address}/v1/risk/equations`)).json();
  expect(JSON.stringify(equations)).toContain(NEWS2);
  for (const path of ['/', '/v1/worklist', '/fhir/metadata', '/cds-services', '/health/live'])
    expect((await fetch(`${address}${path}`)).status, path).toBe(200);
}

/** Starts over a damaged model, sends a film that then waits, and returns the film's study. */
async function startDamaged(dataDir: string, models: string, reason: RegExp): Promise<string> {
  cpSync('models/risk-news2', join(models, 'risk-news2'), { recursive: true });
  const hl7Port = await freePort();
  const service = await start(dataDir, models, hl7Port);
  try {
    expect(service.ready).toBe(false);
    const ready = await fetch(`${service.address}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      database: 'ok',
      models: [{ id: 'cxr-findings', state: 'refused', reason: expect.stringMatching(reason) }],
    });
    await expectOthersWork(service.address, hl7Port);
    const client = createClient({ baseUrl: service.address });
    const film = await filmDicom({ study: 'waits', patient: 'BN-1' });
    const { studies } = await client.upload([{ name: 'f.dcm', bytes: Uint8Array.from(film) }]);
    const [studyUid = ''] = studies;
    await vi.waitFor(
      async () =>
        expect((await client.v1.getStudy(studyUid)).data).toMatchObject({
          reading: null,
          progress: { state: 'retrying', attempt: 0, reason: { code: 'inference.model-refused' } },
        }),
      { timeout: 60_000, interval: 200 },
    );
    return studyUid;
  } finally {
    await service.close();
  }
}

test.each(DAMAGES)('%s', async (_name, damage, reason) => {
  const [dataDir, models] = [await freshDataDir(), modelsFolder()];
  folders.push(dataDir, models);
  damage(models);
  expect(await startDamaged(dataDir, models, reason)).not.toBe('');
});

test('a mended model reads the film that waited', async () => {
  const [dataDir, models, whole] = [await freshDataDir(), modelsFolder(), modelsFolder()];
  folders.push(dataDir, models, whole);
  rmSync(join(models, 'cxr-findings'), { recursive: true });
  const studyUid = await startDamaged(dataDir, models, /no imaging model of this name/);
  cpSync(join(whole, 'cxr-findings'), join(models, 'cxr-findings'), { recursive: true });
  const mended = await start(dataDir, models, await freePort());
  try {
    const read = await createClient({ baseUrl: mended.address }).waitUntilRead(studyUid);
    expect(read).toMatchObject({ reading: { outcome: 'assessed', revision: 1 }, progress: { state: 'done' } });
  } finally {
    await mended.close();
  }
});

test('a damaged equation is refused with its reason, and the service is ready', async () => {
  const [dataDir, models] = [await freshDataDir(), modelsFolder()];
  folders.push(dataDir, models);
  for (const id of ['risk-news2', 'risk-qsofa', 'risk-fib4'])
    cpSync(join('models', id), join(models, id), { recursive: true });
  flipByte(join(models, 'risk-qsofa/1/model.onnx'));
  truncateSync(join(models, 'risk-fib4/equation.json'), 20);
  const hl7Port = await freePort();
  const service = await start(dataDir, models, hl7Port);
  try {
    const ready = await fetch(`${service.address}/health/ready`);
    expect(ready.status).toBe(200);
    const { models: told } = (await ready.json()) as { models: { id: string; state: string; reason: string }[] };
    expect(told.map(({ id, state }) => [id, state])).toEqual([
      ['cxr-findings', 'ready'],
      ['risk-fib4', 'refused'],
      ['risk-qsofa', 'refused'],
    ]);
    await expectOthersWork(service.address, hl7Port);
  } finally {
    await service.close();
  }
});
