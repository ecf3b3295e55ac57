// Two services with two inference processes each over one PostgreSQL and one store of files; one is killed in mid-work. Every acknowledged study is
// there once, read once, alerted once and told once. Runs where HAIDANG_TEST_DATABASE_URL names a server; with HAIDANG_TEST_BLOBS in a bucket.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newWebhookSecret } from '#interop/webhooks/sign.ts';
import { filmDicom } from '../fixtures/film.ts';
import { trialReport } from '../fixtures/model-trial.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { type ChildService, modelsFolder, spawnService } from './service.ts';

const server = process.env['HAIDANG_TEST_DATABASE_URL'];
const bucket = process.env['HAIDANG_TEST_BLOBS'];
const FILMS = 24;
const KILLED_AFTER = 12;
// A job of the killed service is given out again when its lease of half a minute ends.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

describe.skipIf(server === undefined)('two replicas over one PostgreSQL (HAIDANG_TEST_DATABASE_URL)', () => {
  const root = mkdtempSync(join(tmpdir(), 'haidang-replicas-'));
  const database = `replicas_${randomUUID().replaceAll('-', '')}`;
  const blobs = bucket === undefined ? join(root, 'blobs') : `${bucket}/${database}`;
  const told: { readonly id: string; readonly type: string; readonly subject: string }[] = [];
  const running: ChildService[] = [];
  let receiver: Server;
  let models: string;
  let admin: pg.Client;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${database}`);
    models = modelsFolder();
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        told.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
    const address = receiver.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const webhooks = [{ id: 'his', url: `http://127.0.0.1:${port}/`, secrets: [newWebhookSecret()] }];
    writeFileSync(join(root, 'site.json'), JSON.stringify({ publicUrl: 'http://haidang.example', webhooks }), {
      mode: 0o600,
    });
  });
  afterAll(async () => {
    for (const service of running) await service.kill();
    receiver.close();
    await admin.query(`drop database if exists ${database} with (force)`);
    await admin.end();
    for (const folder of [root, models]) rmSync(folder, { recursive: true, force: true });
  });

  async function start(name: string): Promise<ChildService> {
    const url = new URL(server ?? '');
    url.pathname = `/${database}`;
    const service = await spawnService(join(root, name), models, {
      DATABASE_URL: url.href,
      HAIDANG_BLOBS: blobs,
      HAIDANG_PROCESSES: '2',
      HAIDANG_SITE: join(root, 'site.json'),
    });
    running.push(service);
    return service;
  }

  test('one of them is killed: nothing is lost, nothing is read or told twice', async () => {
    // At the same moment: the migrations run once.
    const [one, two] = await Promise.all([start('one'), start('two')]);
    const studies: string[] = [];
    for (let count = 0; count < FILMS; count += 1) {
      if (count === KILLED_AFTER) await one.kill();
      const bytes = await filmDicom({ study: `r${count}`, patient: `P${count}`, phase: count });
      const { client } = count < KILLED_AFTER && count % 2 === 0 ? one : two;
      studies.push(...(await client.upload([{ name: 'f.dcm', bytes: Uint8Array.from(bytes) }])).studies);
    }
    expect(new Set(studies).size).toBe(FILMS);

    const alerts: string[] = [];
    for (const studyUid of studies) {
      // Whichever machine took the film, the one that is left finds its bytes.
      const { reading } = await two.client.waitUntilRead(studyUid, { timeoutMs: 200_000 });
      expect(reading?.outcome, studyUid).toBe('assessed');
      const { data: readings } = await two.client.v1.getReadingsOfStudy(studyUid);
      const { data: mine } = await two.client.v1.listAlerts({ studyUid, include: 'superseded' });
      expect([readings.length, mine.length], studyUid).toEqual([1, 1]);
      alerts.push(...mine.map(({ id }) => id));
    }
    await expect.poll(() => new Set(told.map(({ id }) => id)).size, { timeout: 120_000 }).toBeGreaterThanOrEqual(FILMS);
    const raised = told.filter(({ type }) => type.endsWith('raised'));
    // A message that was on its way when its sender died comes again under the same id, which its receiver knows.
    const once = new Map(raised.map(({ id, subject }) => [id, subject]));
    expect([...once.values()].toSorted()).toEqual([...new Set(once.values())].toSorted());
    expect(once.size).toBe(FILMS);
    const { data: verdict } = await two.client.v1.verifyAudit({});
    expect(verdict.intact).toBe(true);
    expect(alerts.length).toBe(FILMS);
  });

  test('a model that is promoted at one replica reads at the other, and the audit says so of both', async () => {
    const live = writeTinyModel(models, { id: 'cxr-findings' });
    const candidate = writeTinyModel(models, { id: 'cxr-next', seed: 9 });
    for (const service of running.splice(0)) await service.kill();
    const [one, two] = await Promise.all([start('three'), start('four')]);
    await one.client.v1.stageModel('cxr-next', {
      to: 'live',
      approver: 'BS Minh',
      report: trialReport(candidate, live),
      untested: ['Nodule', 'any-abnormality'],
    });
    await expect
      .poll(async () => (await two.client.v1.listModels()).data.models[0]?.id, { timeout: 60_000 })
      .toBe('cxr-next');
    const bytes = Uint8Array.from(await filmDicom({ study: 'promoted', patient: 'P-promoted' }));
    const [uid = ''] = (await two.client.upload([{ name: 'f.dcm', bytes }])).studies;
    const { reading } = await two.client.waitUntilRead(uid, { timeoutMs: 60_000 });
    expect(reading?.provenance.modelId).toBe('cxr-next');
    const { data: trail } = await two.client.v1.listAudit({ limit: '500' });
    const loaded = trail
      .filter(({ action }) => action === 'model.loaded')
      .map(({ actor, subjectId }) => `${actor} ${subjectId}`);
    expect(loaded.toSorted()).toEqual(['local cxr-next', 'system cxr-next']);
  });
});
