// A silent model reads beside the live one, and nothing of it leaves through any door; then it is promoted, and refused before that.
import { rmSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { type Client, createClient, HaidangError } from '#client/client.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newWebhookSecret } from '#interop/webhooks/sign.ts';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { filmDicom } from '../fixtures/film.ts';
import { trialReport } from '../fixtures/model-trial.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder } from './service.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 180_000 });

const SILENT = 'cxr-silent';
const dataDir = await freshDataDir();
const models = modelsFolder();
// Other weights, so that its numbers are its own; a webhook, so that the live one's results leave.
const candidate = writeTinyModel(models, { id: SILENT, seed: 7 });
const live = writeTinyModel(models, { id: 'cxr-findings' });
const siteFile = join(models, 'site.json');
writeFileSync(
  siteFile,
  JSON.stringify({
    webhooks: [{ id: 'ris', url: 'http://127.0.0.1:9/', secrets: [newWebhookSecret()] }],
  }),
  { mode: 0o600 },
);
afterAll(() => {
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

interface At {
  readonly client: Client;
  readonly address: string;
}

/** A service that is closed on a busy machine lets go of its folder a moment later. */
const whenFree = <Result>(work: () => Promise<Result>): Promise<Result> =>
  vi.waitFor(work, { timeout: 60_000, interval: 500 });

async function running<Result>(work: (at: At) => Promise<Result>): Promise<Result> {
  const service = await whenFree(() =>
    startService(
      readConfig(
        {
          HAIDANG_ACCESS: 'open',
          HAIDANG_PORT: '0',
          HAIDANG_DATA_DIR: dataDir,
          HAIDANG_MODELS_DIR: models,
          HAIDANG_SITE: siteFile,
          HAIDANG_LOG_LEVEL: 'silent',
        },
        '/',
      ),
    ),
  );
  try {
    return await work({ client: createClient({ baseUrl: service.address }), address: service.address });
  } finally {
    await service.close();
  }
}

/** Every row of every table, by table; but for the record of the setup, which names all model folders that there are. */
async function allRows(): Promise<ReadonlyMap<string, string>> {
  const database = await whenFree(async () => openDatabase(await openEmbedded(dataDir, 'haidang')));
  try {
    const tables = await database.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'haidang'::regnamespace and c.relkind = 'r'`,
    );
    const texts = new Map<string, string>();
    for (const { name } of tables) {
      const rows = await database.query<{ text: string }>(`select to_jsonb(t)::text as text from "${name}" t`);
      texts.set(name, rows.flatMap(({ text }) => (text.includes('"room": "setup"') ? [] : [text])).join('\n'));
    }
    return texts;
  } finally {
    await database.close();
  }
}

const stages = async ({ v1 }: Client) =>
  Object.fromEntries((await v1.listModels()).data.models.map(({ id, stage, state }) => [id, `${stage} ${state}`]));

/** All addresses that can be asked with what is known of the study; those that show models by their purpose are left out. */
async function everyDoor({ client, address }: At, studyUid: string): Promise<ReadonlyMap<string, string>> {
  const { data: study } = await client.v1.getStudy(studyUid);
  const reading = study.reading?.id ?? '';
  const [instance] = study.reading?.sopInstanceUids ?? [];
  const document = (await (await fetch(`${address}/docs/json`)).json()) as { paths: Record<string, { get?: object }> };
  const [series = {}] = (await (await fetch(`${address}/dicomweb/studies/${studyUid}/series`)).json()) as Record<
    string,
    { Value?: readonly string[] }
  >[];
  const paths = Object.entries(document.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [path]));
  expect(paths.length).toBeGreaterThan(50);
  const fill = (path: string): string =>
    path
      .replace('/studies/{uid}', `/studies/${studyUid}`)
      .replace('{study}', studyUid)
      .replace('{series}', series['0020000E']?.Value?.[0] ?? '')
      .replace('{frames}', '1')
      .replace('/readings/{id}', `/readings/${reading}`)
      .replace('/alerts/{id}', `/alerts/${study.alertIds[0] ?? ''}`)
      .replace('/images/{uid}', `/images/${instance ?? ''}`)
      .replace('{instance}', instance ?? '')
      .replace('{finding}', 'Effusion')
      .replace('{patientCode}', 'P-quiet')
      .replace('/models/{id}', '/models/cxr-findings')
      .replace('{model}', 'cxr-findings')
      .replace('{version}', '1');
  const fhir = [
    'Patient?identifier=P-quiet',
    'DiagnosticReport',
    'Observation',
    'ImagingStudy',
    'Communication',
    'Flag',
    'metadata',
  ];
  const asked = [
    ...paths
      .filter((path) => !path.startsWith('/v1/audit') && !['/v1/models', '/v1/worklist/events'].includes(path))
      .map(fill),
    ...fhir.map((query) => `/fhir/${query}`),
    '/metrics',
    '/v1/worklist?q=P-quiet',
    '/v1/outbox?state=waiting',
  ];
  const answers = new Map<string, string>();
  for (const path of asked) {
    const response = await fetch(`${address}${path}`, { signal: AbortSignal.timeout(20_000) });
    answers.set(path, Buffer.from(await response.arrayBuffer()).toString('latin1'));
  }
  return answers;
}

const file = async (study: string, phase = 0) => ({
  name: 'f.dcm',
  bytes: Uint8Array.from(await filmDicom({ study, patient: 'P-quiet', phase })),
});

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (thrown: unknown) => (thrown instanceof HaidangError ? thrown.code : String(thrown)),
  );

test('what a silent model says stays where nobody sees it, until it is promoted with figures and a name', async () => {
  const studyUid = await running(async (at) => {
    const { client } = at;
    expect(await stages(client)).toEqual({ 'cxr-findings': 'live ready', [SILENT]: 'draft unused' });
    await client.v1.stageModel(SILENT, { to: 'silent' });
    expect(await stages(client)).toEqual({ 'cxr-findings': 'live ready', [SILENT]: 'silent unused' });
    const { studies } = await client.upload([await file('quiet')]);
    const uid = studies[0] ?? '';
    await client.waitUntilRead(uid, { until: 'maps-checked' });
    await vi.waitFor(
      async () => {
        const { data } = await client.v1.computeModelExit(SILENT, {});
        expect(data.silentReadings).toEqual({ assessed: 1, 'not-assessed': 0, failed: 0 });
      },
      { timeout: 60_000, interval: 200 },
    );
    expect((await client.v1.getReadingsOfStudy(uid)).data.map(({ provenance }) => provenance.modelId)).toEqual([
      'cxr-findings',
    ]);
    return uid;
  });

  const rows = await allRows();
  const record = /"probability": ([0-9.]+)/.exec(rows.get('silent_reading') ?? '')?.[1] ?? '';
  expect(record.length).toBeGreaterThan(8);
  for (const [table, text] of rows) {
    if (['silent_reading', 'model_stage', 'audit'].includes(table)) continue;
    expect(text, table).not.toContain(SILENT);
    expect(text, table).not.toContain(record);
  }
  expect(rows.get('outbox')).toContain('cxr-findings');
  // The audit says that it read, and nothing of what it said.
  expect(rows.get('audit')).toContain('silent.read');
  expect(rows.get('audit')).not.toContain(record);

  await running(async (at) => {
    const answers = await everyDoor(at, studyUid);
    expect([...answers.values()].filter((text) => text.includes('cxr-findings')).length).toBeGreaterThan(5);
    for (const [path, text] of answers) {
      expect(text, path).not.toContain(SILENT);
      expect(text, path).not.toContain(record.slice(0, 8));
    }
    const { client } = at;
    // Nobody has said what is true, so nothing can be computed.
    expect(await codeOf(client.v1.stageModel(SILENT, { to: 'live', approver: 'BS Minh' }))).toBe(
      'promotion.exit-not-passed',
    );
    const untested = ['Nodule', 'any-abnormality'];
    const report = trialReport(candidate, live);
    expect(await codeOf(client.v1.stageModel(SILENT, { to: 'live', report, untested }))).toBe(
      'promotion.approver-missing',
    );
    const others = { ...report, live: { ...report.live, sha256: 'f'.repeat(64) } };
    expect(
      await codeOf(client.v1.stageModel(SILENT, { to: 'live', approver: 'BS Minh', report: others, untested })),
    ).toBe('promotion.report-unfit');
    expect(await codeOf(client.v1.stageModel('cxr-findings', { to: 'retired' }))).toBe('promotion.not-allowed');
    expect(await codeOf(client.v1.stageModel('cxr-nothing', { to: 'silent' }))).toBe('promotion.unknown-model');
    const { data } = await client.v1.stageModel(SILENT, { to: 'live', approver: 'BS Minh', report, untested });
    expect(data).toMatchObject({ stage: 'live', approver: 'BS Minh', exit: { passed: true }, takesEffect: 'now' });
    expect(await stages(client)).toEqual({ 'cxr-findings': 'retired unused', [SILENT]: 'live ready' });
    const { studies } = await client.upload([await file('after', 2)]);
    const { reading } = await client.waitUntilRead(studies[0] ?? '');
    expect(reading?.provenance.modelId).toBe(SILENT);
    const { data: trail } = await client.v1.listAudit({ limit: '500' });
    const promoted = trail
      .filter(({ action }) => action === 'model.staged')
      .map(({ subjectId, detail }) => [subjectId, detail?.['to']]);
    expect(promoted).toEqual([
      [SILENT, 'silent'],
      ['cxr-findings', 'retired'],
      [SILENT, 'live'],
    ]);
    expect(trail.find(({ detail }) => detail?.['to'] === 'live')?.detail).toMatchObject({
      approver: 'BS Minh',
      untested: ['Nodule', 'any-abnormality'],
      basis: { id: 'made' },
    });
    // Back on a name alone.
    const { data: back } = await client.v1.stageModel('cxr-findings', { to: 'live', approver: 'BS Minh' });
    expect(back).toMatchObject({ stage: 'live', exit: null, takesEffect: 'now' });
    expect(await stages(client)).toEqual({ 'cxr-findings': 'live ready', [SILENT]: 'retired unused' });
  });
});
