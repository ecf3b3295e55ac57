// A service that asks another archive (a second service's DICOMweb) for new films, and one whose folder is filled.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { localDay } from '#kernel/local-time.ts';
import { filmDicom } from '../fixtures/film.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const inbox = mkdtempSync(join(tmpdir(), 'haidang-inbox-'));
let archive: TestService;
let service: TestService;
beforeAll(async () => {
  archive = await openTestService();
  service = await openTestService(undefined, {
    dicom: {
      poll: [{ id: 'archive', kind: 'qido', url: `${archive.address}/dicomweb`, everyMs: 300 }],
      watch: [{ folder: inbox, everyMs: 200, quietMs: 300 }],
    },
  });
});
afterAll(async () => {
  await service.close();
  await archive.close();
  rmSync(inbox, { recursive: true });
});

/** A film of today, as the hospital's calendar has it: only recent studies are asked for. */
async function todaysFilm(study: string): Promise<Buffer> {
  const film = await filmDicom({ study });
  const today = localDay(new Date()).replaceAll('-', '');
  return Buffer.from(film.toString('latin1').replaceAll('20260301', today), 'latin1');
}

test('a film that another archive receives is fetched byte for byte and read, its results are not', async () => {
  const film = await todaysFilm('polled');
  const study = readTags(parseDicom(film)).studyInstanceUid;
  await archive.client.upload([{ name: 'a.dcm', bytes: Uint8Array.from(film) }]);
  await archive.client.waitUntilRead(study, { until: 'maps-checked' });
  await vi.waitFor(() => service.client.v1.getStudy(study), { timeout: 60_000, interval: 200 });
  const read = await service.client.waitUntilRead(study);
  expect(read.reading?.outcome).toBe('assessed');
  expect(read.images).toHaveLength(1);
  const { data } = await service.client.v1.listRefusals();
  expect(data).toEqual([]);
});

test('a file put into the folder is stored, and moved aside', async () => {
  const film = await filmDicom({ study: 'dropped' });
  writeFileSync(join(inbox, 'film.dcm'), film);
  const study = readTags(parseDicom(film)).studyInstanceUid;
  await vi.waitFor(() => service.client.v1.getStudy(study), { timeout: 60_000, interval: 200 });
  await vi.waitFor(() => expect(existsSync(join(inbox, 'taken', 'film.dcm'))).toBe(true), { timeout: 10_000 });
});
