// Earlier films of a person from a PACS: found by C-FIND, brought by C-GET or by C-MOVE to our own port.
import { afterEach, expect, test } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { dimsePriorSource } from '#interop/dimse/query/prior-source.ts';
import { filmDicom } from '../../fixtures/film.ts';
import { openArchive } from './archive.ts';
import { openScp, type TestScp } from './support.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const signal = () => AbortSignal.timeout(30_000);

async function opened(kind: 'c-get' | 'c-move', films: readonly Buffer[]) {
  const scp: TestScp = await openScp();
  const archive = await openArchive(films, { HAIDANG: scp.port });
  closing.push(scp.close, archive.close);
  const got = new Map<string, boolean>();
  const source = dimsePriorSource(
    { id: 'archive', kind, aeTitle: 'ARCHIVE', host: '127.0.0.1', port: archive.port },
    {
      aeTitle: 'HAIDANG',
      modalities: ['DX'],
      maxDataSetBytes: 1e7,
      facilityId: 'local',
      moving: scp.moving,
      judged: () => undefined,
      fault: (event) => expect.fail(event),
      async take(bytes, { isMoved }) {
        got.set(readTags(parseDicom(bytes ?? Buffer.alloc(0))).sopInstanceUid, isMoved);
        return { status: 'stored' };
      },
    },
  );
  return { source, scp, got };
}

const films = () =>
  Promise.all([
    filmDicom({ study: 'q-1', patient: 'Q', date: '20240102' }),
    filmDicom({ study: 'q-2', patient: 'Q', date: '20250102', syntax: 'jpeg-lossless' }),
    filmDicom({ study: 'q-3', patient: 'OTHER', date: '20250102' }),
  ]);

test('C-FIND names the studies of this patient with their dates', async () => {
  const all = await films();
  const { source } = await opened('c-get', all);
  const found = await source.find('Q', signal());
  expect(found.map(({ studyUid, date }) => [studyUid, date])).toEqual(
    all.slice(0, 2).map((bytes, at) => [readTags(parseDicom(bytes)).studyInstanceUid, `202${4 + at}-01-02`]),
  );
  expect(await source.find('NOBODY', signal())).toEqual([]);
});

test('C-GET brings a film over the association that asked, in the syntax that the archive has', async () => {
  const all = await films();
  const { source, got } = await opened('c-get', all);
  for (const bytes of all.slice(0, 2)) await source.fetch(readTags(parseDicom(bytes)).studyInstanceUid, signal());
  expect([...got.keys()]).toEqual(all.slice(0, 2).map((bytes) => readTags(parseDicom(bytes)).sopInstanceUid));
});

test('C-MOVE brings a film to our own port, which knows that we asked for it', async () => {
  const all = await films();
  const { source, scp } = await opened('c-move', all);
  const [film] = all;
  const tags = readTags(parseDicom(film ?? Buffer.alloc(0)));
  await source.fetch(tags.studyInstanceUid, signal());
  expect([...scp.taken.keys()]).toEqual([tags.sopInstanceUid]);
  expect(scp.moved).toEqual([tags.sopInstanceUid]);
});

test('an archive that refuses the model, or is not there, is a fault with a word', async () => {
  const refusing = await openScp({ admission: { aeTitle: 'ARCHIVE', callers: 'any' } });
  closing.push(refusing.close);
  const { source } = await opened('c-get', []);
  const at = (port: number) =>
    dimsePriorSource(
      { id: 'x', kind: 'c-get', aeTitle: 'ARCHIVE', host: '127.0.0.1', port },
      {
        aeTitle: 'HAIDANG',
        modalities: ['DX'],
        maxDataSetBytes: 1,
        facilityId: 'local',
        moving: new Set(),
        judged: () => undefined,
        fault: () => undefined,
        take: () => expect.fail('nothing is stored'),
      },
    );
  await expect(at(refusing.port).find('Q', signal())).rejects.toMatchObject({ word: 'rejected' });
  await expect(at(1).find('Q', signal())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await source.find('Q', signal())).toEqual([]);
});
