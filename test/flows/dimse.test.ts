// A film in by C-STORE, its results out by C-STORE and STOW-RS, and what comes back: through a whole service.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { storeObjects } from '#interop/dimse/send/store-objects.ts';
import { filmDicom } from '../fixtures/film.ts';
import { openScp, type TestScp } from '../interop/dimse/support.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let pacs: TestScp;
let service: TestService;
let port: number;
const stowed: Buffer[] = [];
const web = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    stowed.push(Buffer.concat(chunks));
    response.setHeader('content-type', 'application/dicom+json');
    response.end(JSON.stringify({ '00081199': { vr: 'SQ', Value: [{}, {}, {}] } }));
  });
});

beforeAll(async () => {
  pacs = await openScp({ admission: { aeTitle: 'PACS', callers: [{ aeTitle: 'HAIDANG' }] } });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  port = await freePort();
  const { port: webPort } = web.address() as AddressInfo;
  service = await openTestService(
    undefined,
    { dicom: { stow: [{ id: 'archive', url: `http://127.0.0.1:${webPort}/dicom-web/` }] } },
    { HAIDANG_DICOM_PORT: String(port), HAIDANG_DICOM_SEND: `PACS@127.0.0.1:${pacs.port}` },
  );
});
afterAll(async () => {
  await service.close();
  await pacs.close();
  web.close();
});

const send = (...files: Buffer[]) =>
  storeObjects(
    { host: '127.0.0.1', port, calledAe: 'HAIDANG', callingAe: 'CR1' },
    files.map((bytes) => ({ ...readTags(parseDicom(bytes)), bytes })),
    { signal: AbortSignal.timeout(60_000) },
  );

test('a film that a modality stores is read, and the PACS gets SR, SEG and SC of its study once', async () => {
  const film = await filmDicom({ study: 'dimse-flow', patient: 'P-dimse' });
  expect((await send(film)).failures).toEqual([]);
  const { studyInstanceUid } = readTags(parseDicom(film));
  const study = await service.client.waitUntilRead(studyInstanceUid, { until: 'maps-checked' });
  expect(study.reading?.outcome).toBe('assessed');
  await vi.waitFor(() => expect(pacs.taken.size).toBe(3), { timeout: 60_000, interval: 100 });
  const tags = [...pacs.taken.values()].map((bytes) => readTags(parseDicom(bytes)));
  expect(tags.map(({ modality }) => modality).toSorted()).toEqual(['OT', 'SEG', 'SR']);
  for (const each of tags)
    expect(each).toMatchObject({ studyInstanceUid, patientId: 'P-dimse', accessionNumber: 'Adimse-flow' });
  await vi.waitFor(() => expect(stowed).toHaveLength(1), { timeout: 60_000, interval: 100 });
  expect(stowed[0]?.includes(Buffer.from(studyInstanceUid))).toBe(true);
  const { data: entries } = await service.client.v1.listAudit({ limit: '500' });
  expect(entries).toContainEqual(
    expect.objectContaining({
      action: 'instance.accepted',
      actor: 'dimse:CR1',
      detail: expect.objectContaining({ address: '127.0.0.1' }),
    }),
  );

  // The PACS sends everything on to everybody, to us too: known, not read, and nothing is sent again.
  expect((await send(film, ...pacs.taken.values())).failures).toEqual([]);
  const again = await service.client.waitUntilRead(studyInstanceUid);
  expect(again.images).toHaveLength(1);
  expect(again.reading?.id).toBe(study.reading?.id);
  const { data } = await service.client.v1.getReadingsOfStudy(studyInstanceUid);
  expect(data).toHaveLength(1);
  expect(pacs.taken.size).toBe(3);
});

test('a file that cannot be read is refused over the wire and stands among the refusals', async () => {
  const { failures } = await send(await filmDicom({ study: 'dimse-small', without: [0x00280004] }));
  expect(failures).toMatchObject([{ status: 0xc000 }]);
});
