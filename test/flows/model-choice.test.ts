// Two imaging models lie side by side: one of them reads, whichever the setting names, and a study has one reading and one alert.
import { rmSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { createClient } from '#client/client.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { filmDicom } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder } from './service.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const dataDir = await freshDataDir();
const models = modelsFolder();
writeTinyModel(models, { id: 'cxr-other' });
afterAll(() => {
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

async function withModel<Result>(
  id: string | undefined,
  work: (client: ReturnType<typeof createClient>) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(
    {
      HAIDANG_ACCESS: 'open',
      HAIDANG_PORT: '0',
      HAIDANG_DATA_DIR: dataDir,
      HAIDANG_MODELS_DIR: models,
      HAIDANG_LOG_LEVEL: 'silent',
      HAIDANG_CXR_MODEL: id,
    },
    '/',
  );
  const service = await startService(config);
  try {
    return await work(createClient({ baseUrl: service.address }));
  } finally {
    await service.close();
  }
}

test('the model that the setting names reads alone, and another one later takes its place', async () => {
  const film = { name: 'f.dcm', bytes: Uint8Array.from(await filmDicom({ study: 'chosen', patient: 'P-chosen' })) };
  const first = await withModel('cxr-other', async (client) => {
    const { studies } = await client.upload([film]);
    const study = await client.waitUntilRead(studies[0] ?? '');
    const { data } = await client.v1.listModels();
    expect(data.models.map(({ id, state }) => [id, state])).toEqual([
      ['cxr-other', 'ready'],
      ['cxr-findings', 'unused'],
    ]);
    return study;
  });
  expect(first.reading).toMatchObject({ outcome: 'assessed', revision: 1, provenance: { modelId: 'cxr-other' } });
  expect(first.alertIds).toHaveLength(1);

  await withModel(undefined, async (client) => {
    await client.v1.requestReading(first.studyUid);
    await vi.waitFor(
      async () => {
        const { data } = await client.v1.getStudy(first.studyUid);
        expect(data.reading?.provenance.modelId).toBe('cxr-findings');
      },
      { timeout: 60_000, interval: 50 },
    );
    const { data: readings } = await client.v1.getReadingsOfStudy(first.studyUid);
    expect(readings.map(({ revision, supersededBy }) => [revision, supersededBy])).toEqual([
      [2, null],
      [1, readings[0]?.id],
    ]);
    // The same finding as before: it is told already.
    const { data: alerts } = await client.v1.listAlerts({ studyUid: first.studyUid, include: 'superseded' });
    expect(alerts.map(({ id }) => id)).toEqual(first.alertIds);
  });
});
