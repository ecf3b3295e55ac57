// Another version is put in service while the service answers, tried on a share of the studies, and taken back; who did it is audited.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient, type Client } from '#client/client.ts';
import { isOfCanary } from '#models/canary.ts';
import { systemClock } from '#kernel/clock.ts';
import { readConfig } from '#service/config.ts';
import { type Service, startService } from '#service/service.ts';
import { openStore } from '#store/store.ts';
import { filmDicom } from '../fixtures/film.ts';
import { trialReport } from '../fixtures/model-trial.ts';
import { tinyInput, type TinyOptions, writeTinyModel } from '../fixtures/tiny-model.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder } from './service.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

const ID = 'cxr-findings';
const models = modelsFolder();
const siteFile = join(models, 'site.json');
const setSite = (site: object): void => writeFileSync(siteFile, JSON.stringify(site), { mode: 0o600 });
const write = (options: TinyOptions) => writeTinyModel(models, { id: ID, ...options });
const lying = ({ golden }: Parameters<NonNullable<TinyOptions['alter']>>[0]) => ({
  golden: {
    ...golden,
    cases: golden.cases.map((each) => ({ ...each, logits: each.logits.map((value) => value + 1) })),
  },
});

/** As a promotion leaves it, whose figures are other tests' business. */
async function makePilot(modelVersion: string): Promise<void> {
  const store = await openStore({ dataDir, clock: systemClock });
  const { modelStages } = await store.facility('local');
  const change = { modelId: ID, modelVersion, to: 'pilot', actor: 'test', approver: 'BS. Lan' } as const;
  await modelStages.change(change, { judge: () => undefined });
  await store.close();
}

let service: Service;
let client: Client;
let dataDir: string;

beforeAll(async () => {
  dataDir = await freshDataDir();
  await makePilot('6');
  setSite({});
  const env = {
    HAIDANG_ACCESS: 'open',
    HAIDANG_PORT: '0',
    HAIDANG_DATA_DIR: dataDir,
    HAIDANG_MODELS_DIR: models,
    HAIDANG_SITE: siteFile,
    HAIDANG_LOG_LEVEL: 'silent',
    HAIDANG_PROCESSES: '1',
  };
  service = await startService(readConfig(env, '/'));
  client = createClient({ baseUrl: service.address });
});
afterAll(async () => {
  await service.close();
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

const reload = async () => (await client.v1.reloadModel(ID)).data.versions;
const listed = async () => (await client.v1.listModels()).data.models.filter(({ id }) => id === ID);

async function infer(): Promise<{ readonly status: number; readonly version: unknown }> {
  const { data, shape } = tinyInput(Math.sin);
  const answer = await fetch(`${service.address}/v2/models/${ID}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [{ name: 'film', shape, datatype: 'FP32', data: [...data] }] }),
  });
  const body: unknown = await answer.json();
  const version = typeof body === 'object' && body !== null && 'model_version' in body ? body.model_version : undefined;
  return { status: answer.status, version };
}

/** Uploads a film of its own and gives the version that read it. */
async function readBy(study: string): Promise<string | undefined> {
  const bytes = Uint8Array.from(await filmDicom({ study, patient: `P-${study}` }));
  const { studies } = await client.upload([{ name: 'f.dcm', bytes }]);
  const read = await client.waitUntilRead(studies[0] ?? '');
  expect(read.reading?.outcome).toBe('assessed');
  return read.reading?.provenance.modelVersion;
}

test('reloads under requests: none fails, and afterwards the new version reads', async () => {
  const asked = { stopped: false };
  const answers: { status: number; version: unknown }[] = [];
  const asking = (async () => {
    while (!asked.stopped) answers.push(await infer());
  })();
  expect(await readBy('before')).toBe('1');
  for (const version of ['2', '3', '4']) {
    write({ version, seed: Number(version) });
    expect(await reload()).toMatchObject([
      { version, outcome: 'loaded' },
      { version: String(Number(version) - 1), outcome: 'removed' },
    ]);
    expect(await readBy(`after-${version}`)).toBe(version);
  }
  asked.stopped = true;
  await asking;
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(answers.map(({ version }) => version)).size).toBeGreaterThan(1);
  expect(await reload()).toMatchObject([{ version: '4', outcome: 'unchanged' }]);
});

test('a version that lies, or that has other findings, is refused with its reason, and the one that serves stays', async () => {
  const before = readFileSync(join(models, ID, 'model.json'));
  write({ version: '5', seed: 5, alter: lying });
  expect(await reload()).toMatchObject([
    { version: '5', outcome: 'refused', reason: expect.stringContaining('models.golden-differs') },
  ]);
  write({
    version: '5',
    seed: 5,
    alter: ({ manifest }) => ({
      manifest: { ...manifest, heads: manifest.heads.map((head) => ({ ...head, priority: 'routine' as const })) },
    }),
  });
  expect(await reload()).toMatchObject([
    { outcome: 'refused', reason: expect.stringContaining('models.other-findings') },
  ]);
  expect(await listed()).toMatchObject([
    { version: '4', state: 'ready', share: 1 },
    { version: '5', state: 'unused', share: 0 },
  ]);
  expect((await infer()).version).toBe('4');
  write({ version: '4', seed: 4 });
  expect(readFileSync(join(models, ID, 'model.json'))).toEqual(before);
  expect(await reload()).toMatchObject([{ version: '4', outcome: 'unchanged' }]);
});

test('a canary reads its share of the studies, the same study always by the same version; one setting takes it back', async () => {
  write({ version: '6', seed: 6, apart: true });
  const canary = { model: ID, version: '6', share: 0.5 };
  setSite({ canary });
  expect(await reload()).toMatchObject([
    { version: '4', outcome: 'unchanged' },
    { version: '6', outcome: 'loaded' },
  ]);
  const counts = async () => Object.fromEntries((await listed()).map(({ version, readings }) => [version, readings]));
  const before = await counts();
  const bytes = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f'].map(async (study) =>
      Uint8Array.from(await filmDicom({ study, patient: `P-${study}` })),
    ),
  );
  const { studies } = await client.upload(bytes.map((film, i) => ({ name: `${i}.dcm`, bytes: film })));
  const by = new Map<string, string | undefined>();
  for (const uid of studies) by.set(uid, (await client.waitUntilRead(uid)).reading?.provenance.modelVersion);
  for (const [uid, version] of by) expect(version).toBe(isOfCanary(uid, canary) ? '6' : '4');
  expect(new Set(by.values())).toEqual(new Set(['4', '6']));
  const after = await counts();
  expect((after['4'] ?? 0) - (before['4'] ?? 0) + (after['6'] ?? 0) - (before['6'] ?? 0)).toBe(studies.length);
  expect(await listed()).toMatchObject([
    { version: '4', state: 'ready', share: 0.5 },
    { version: '6', state: 'ready', share: 0.5 },
  ]);

  setSite({ canary: { ...canary, share: 0 } });
  expect(await reload()).toMatchObject([
    { version: '4', outcome: 'unchanged' },
    { version: '6', outcome: 'removed' },
  ]);
  const [ofCanary] = [...by].flatMap(([uid, version]) => (version === '6' ? [uid] : []));
  expect(await listed()).toMatchObject([
    { version: '4', share: 1 },
    { version: '6', state: 'unused', share: 0 },
  ]);
  expect(ofCanary).toBeDefined();
});

test('a version that is no pilot reads no study, and the setting is named', async () => {
  write({ version: '7', seed: 7, apart: true });
  setSite({ canary: { model: ID, version: '7', share: 1 } });
  expect(await reload()).toMatchObject([
    { version: '4', outcome: 'unchanged' },
    { version: '7', outcome: 'refused', reason: expect.stringMatching(/^interop\.site: canary\.share: .*pilot/) },
  ]);
  expect(await listed()).toMatchObject([
    { version: '4', share: 1 },
    { version: '7', share: 0, state: 'unused' },
    { version: '6', share: 0, state: 'unused' },
  ]);
  expect(await readBy('no-pilot')).toBe('4');
});

test('a folder that comes is listed; promoted, it reads under requests, and not if it lies', async () => {
  const NEXT = 'cxr-next';
  const next = (options: TinyOptions) => writeTinyModel(models, { id: NEXT, seed: 9, ...options });
  const live = write({ version: '4', seed: 4 });
  const promote = (candidate: ReturnType<typeof next>) =>
    client.v1.stageModel(NEXT, {
      to: 'live',
      approver: 'BS Minh',
      report: trialReport(candidate, live),
      untested: ['Nodule', 'any-abnormality'],
    });
  const shown = async (sha256: string | undefined) =>
    vi.waitFor(
      async () => {
        const { models: all } = (await client.v1.listModels()).data;
        expect(all.find(({ id }) => id === NEXT)).toMatchObject({ state: 'unused', stage: 'draft', sha256 });
      },
      { timeout: 30_000, interval: 200 },
    );
  const liar = next({ alter: lying });
  await shown(liar.manifest.files[0]?.sha256);
  await expect(promote(liar)).rejects.toMatchObject({ code: 'promotion.does-not-run', status: 409 });
  expect((await listed())[0]).toMatchObject({ version: '4', stage: 'live', share: 1 });
  // One that lies beside the files of the model itself is meant by its number.
  expect((await client.v1.stageModel(ID, { to: 'silent', version: '7' })).data).toMatchObject({ version: '7' });

  // Other weights and another urgency: lists and alerts go by the findings of the model that reads.
  const candidate = next({
    seed: 10,
    alter: ({ manifest }) => ({
      manifest: { ...manifest, heads: manifest.heads.map((head) => ({ ...head, priority: 'urgent' as const })) },
    }),
  });
  await shown(candidate.manifest.files[0]?.sha256);
  const asked = { stopped: false };
  const by: unknown[] = [];
  const reading = (async () => {
    for (let turn = 0; !asked.stopped; turn += 1) by.push(await readBy(`under-promotion-${turn}`));
  })();
  expect((await promote(candidate)).data).toMatchObject({ stage: 'live', takesEffect: 'now', reason: null });
  expect(await readBy('promoted')).toBe('1');
  asked.stopped = true;
  await reading;
  expect(new Set(by)).toContain('4');
  expect((await client.v1.listModels()).data.models).toMatchObject([
    { id: NEXT, state: 'ready', stage: 'live', share: 1 },
    { id: ID, version: '4', state: 'unused', stage: 'retired', share: 0 },
    { id: ID, version: '7', state: 'unused', stage: 'silent', share: 0 },
    { id: ID, version: '6', state: 'unused', stage: 'pilot', share: 0 },
  ]);
  const { data: page } = await client.v1.getWorklistRows({ search: 'promoted' });
  expect(page.items.flatMap(({ findings }) => findings.map(({ priority }) => priority))).not.toContain('routine');
});

test('who put what in service is in the audit, with the hashes of old and new', async () => {
  const { data } = await client.v1.listAudit({ limit: '500' });
  const entries = data.filter(({ subjectType }) => subjectType === 'model');
  const loaded = entries.filter(({ action }) => action === 'model.loaded');
  expect(loaded.length).toBeGreaterThanOrEqual(4);
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(loaded[0]).toMatchObject({ subjectId: ID, detail: { version: '2', oldSha256: sha256, newSha256: sha256 } });
  expect(entries.some(({ action }) => action === 'model.refused')).toBe(true);
  expect(loaded.at(-1)).toMatchObject({ subjectId: 'cxr-next' });
  const came = entries.find(({ subjectId }) => subjectId === 'model.cxr-next.fp32');
  expect(came).toMatchObject({ action: 'model.changed', detail: { before: null } });
});

test('a folder that is not there is 404', async () => {
  await expect(client.v1.reloadModel('nowhere')).rejects.toMatchObject({
    code: 'inference.unknown-model',
    status: 404,
  });
});
