// DICOMweb as PACS and viewers speak it: STOW in, QIDO to find, WADO to fetch, and the results of a reading beside its film.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { readParts } from '#http/multipart.ts';
import { filmDicom } from '../fixtures/film.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

interface Attribute {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
}
type Json = Record<string, Attribute>;

const items = (json: Json, tag: string): readonly Json[] => (json[tag]?.Value ?? []) as Json[];
const first = (json: Json | undefined, tag: string): unknown => json?.[tag]?.Value?.[0];

interface Sent {
  readonly status: number;
  readonly json: Json;
}

const partHead = (headers: string) => Buffer.from(`--b\r\n${headers}\r\n\r\n`);

async function stow(
  files: readonly Buffer[],
  options: { study?: string; type?: string; headers?: string } = {},
): Promise<Sent> {
  const { study, type = 'application/dicom', headers = 'Content-Type: application/dicom' } = options;
  const body = Buffer.concat([
    ...files.flatMap((file) => [partHead(headers), file, Buffer.from('\r\n')]),
    Buffer.from('--b--\r\n'),
  ]);
  const response = await fetch(`${service.address}/dicomweb/studies${study === undefined ? '' : `/${study}`}`, {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="${type}"; boundary=b`, accept: 'application/dicom+json' },
    body,
  });
  return { status: response.status, json: (await response.json()) as Json };
}

async function get(path: string, accept = '*/*'): Promise<Response> {
  return fetch(`${service.address}/dicomweb${path}`, { headers: { accept } });
}
const list = async (path: string): Promise<Json[]> =>
  (await (await get(path, 'application/dicom+json')).json()) as Json[];

async function parts(response: Response): Promise<{ contentType: string; bytes: Buffer }[]> {
  expect(response.status).toBe(200);
  const body = (async function* () {
    yield Buffer.from(await response.arrayBuffer());
  })();
  const found = [];
  for await (const { contentType, bytes } of readParts(response.headers.get('content-type') ?? '', body, {
    maxPartBytes: 1e8,
    maxParts: 100,
  }))
    found.push({ contentType, bytes: bytes ?? Buffer.alloc(0) });
  return found;
}

describe('STOW-RS', () => {
  test('stores each instance and names it, with or without Content-Disposition', async () => {
    const film = await filmDicom({ study: 'stow1' });
    const tags = readTags(parseDicom(film));
    const { status, json } = await stow([film], {
      headers: 'Content-Type: application/dicom\r\nContent-Disposition: attachment; filename="a.dcm"',
    });
    expect(status).toBe(200);
    expect(first(items(json, '00081199')[0], '00081155')).toBe(tags.sopInstanceUid);
    expect(first(items(json, '00081199')[0], '00081150')).toBe(tags.sopClassUid);
    expect(String(first(json, '00081190'))).toContain(tags.studyInstanceUid);
    // Sent again, it is known: no fault, and nothing new.
    expect((await stow([film])).status).toBe(200);
  });

  test('answers 202 with both sequences when some are refused, 409 when all are', async () => {
    const good = await filmDicom({ study: 'stow2' });
    const cut = (await filmDicom({ study: 'stow3' })).subarray(0, 3000);
    const mixed = await stow([good, cut]);
    expect(mixed.status).toBe(202);
    expect(items(mixed.json, '00081199')).toHaveLength(1);
    expect(first(items(mixed.json, '00081198')[0], '00081197')).toBe(0xc000);
    const none = await stow([cut]);
    expect(none.status).toBe(409);
    expect(none.json['00081199']).toBeUndefined();
  });

  test('refuses an instance of another study than the address names, and does not store it', async () => {
    const film = await filmDicom({ study: 'stow4' });
    const { status, json } = await stow([film], { study: '1.2.3' });
    expect(status).toBe(409);
    expect(first(items(json, '00081198')[0], '00081197')).toBe(0xa900);
    expect(await list(`/studies?StudyInstanceUID=${readTags(parseDicom(film)).studyInstanceUid}`)).toEqual([]);
  });

  test.each(['application/dicom+json', 'application/dicom+xml'])(
    'refuses metadata with bulk data (%s) with 415',
    async (type) => {
      expect(await stow([Buffer.from('[]')], { type })).toMatchObject({
        status: 415,
        json: { code: 'dicomweb.metadata-body' },
      });
    },
  );

  test('refuses a body that is no multipart with 415', async () => {
    const response = await fetch(`${service.address}/dicomweb/studies`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(415);
  });
});

describe('QIDO-RS and WADO-RS', () => {
  let study: string;
  let film: Buffer;
  beforeAll(async () => {
    film = await filmDicom({ study: 'find', patient: 'P-tìm', syntax: 'jpeg-ls' });
    study = readTags(parseDicom(film)).studyInstanceUid;
    await stow([film]);
    await service.client.waitUntilRead(study, { until: 'maps-checked' });
  });

  test.each([
    ['PatientID=P-t*', 1],
    ['00100020=P-t%3Fm', 1],
    ['PatientName=phantom*', 1],
    ['AccessionNumber=Afind', 1],
    ['StudyDate=20260301', 1],
    ['StudyDate=20260201-20260331', 1],
    ['StudyDate=-20260228', 0],
    ['ModalitiesInStudy=DX', 1],
    ['ModalitiesInStudy=CT', 0],
    ['PatientID=%25', 0],
  ])('finds by %s', async (query, count) => {
    expect(await list(`/studies?${query}&StudyInstanceUID=${study}&includefield=all`)).toHaveLength(count);
  });

  test('refuses a key that it cannot match instead of ignoring it, and says which ones it does not match', async () => {
    expect((await get('/studies?PatientWeight=70')).status).toBe(400);
    expect((await get('/studies?StudyDate=yesterday')).status).toBe(400);
    const response = await get(`/studies?StudyID=7&StudyInstanceUID=${study}`);
    expect(response.headers.get('warning')).toContain('StudyID');
  });

  test('shows SR, SEG and SC of the reading as series of the study', async () => {
    const series = await list(`/studies/${study}/series`);
    expect(series.map((each) => first(each, '00080060'))).toEqual(['DX', 'SR', 'SEG', 'OT']);
    const [found] = await list(`/studies?StudyInstanceUID=${study}`);
    expect(first(found, '00201208')).toBe(4);
    expect(first(found, '00100010')).toEqual({ Alphabetic: 'PHANTOM^P-tìm' });
  });

  test('gives back the film byte for byte, and each result as a DICOM file', async () => {
    const files = await parts(
      await get(`/studies/${study}`, 'multipart/related; type="application/dicom"; transfer-syntax=*'),
    );
    expect(files).toHaveLength(4);
    expect(files[0]?.bytes.equals(film)).toBe(true);
    for (const { bytes } of files) expect(readTags(parseDicom(bytes)).studyInstanceUid).toBe(study);
  });

  test('recodes nothing: another transfer syntax is not acceptable', async () => {
    expect(
      (
        await get(
          `/studies/${study}`,
          'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50',
        )
      ).status,
    ).toBe(406);
  });

  async function paths(modality: string): Promise<string> {
    const series = (await list(`/studies/${study}/series?Modality=${modality}`))[0];
    const path = `/studies/${study}/series/${String(first(series, '0020000E'))}`;
    const instance = (await list(`${path}/instances`))[0];
    return `${path}/instances/${String(first(instance, '00080018'))}`;
  }

  test('metadata are the tags in DICOM JSON, pixels by address', async () => {
    const [metadata] = await list(`${await paths('DX')}/metadata`);
    expect(first(metadata, '00280010')).toBe(64);
    expect(first(metadata, '00100020')).toBe('P-tìm');
    expect(metadata?.['7FE00010']?.BulkDataURI).toMatch(/\/bulkdata\/7FE00010$/);
    expect(first(items(metadata!, '00540220')[0], '00080104')).toBe('postero-anterior');
  });

  test('a frame is the codec stream of the file, typed as such', async () => {
    const [frame] = await parts(
      await get(`${await paths('DX')}/frames/1`, 'multipart/related; type=application/octet-stream; transfer-syntax=*'),
    );
    expect(frame?.bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect((await get(`${await paths('DX')}/frames/2`)).status).toBe(422);
  });

  test('the frames of a SEG start on a byte each and hold the pixels of the segment', async () => {
    const path = await paths('SEG');
    const [file] = await parts(await get(path, 'multipart/related; type="application/dicom"'));
    const { values, rows, columns } = await decodeStored(parseDicom(file!.bytes));
    const [frame] = await parts(await get(`${path}/frames/1`));
    const bits = Array.from({ length: rows * columns }, (_, at) => (frame!.bytes[at >> 3]! >> (at & 7)) & 1);
    expect(bits).toEqual([...values.subarray(0, rows * columns)]);
  });

  test('rendered is a picture, and a thumbnail a small one', async () => {
    const path = await paths('DX');
    const jpeg = await get(`${path}/rendered`);
    expect(jpeg.headers.get('content-type')).toBe('image/jpeg');
    const png = await get(`${path}/rendered?viewport=32,32`, 'image/png');
    expect(Buffer.from(await png.arrayBuffer()).readUInt32BE(16)).toBe(32);
    expect((await get(`/studies/${study}/thumbnail`, 'image/png')).status).toBe(200);
    expect((await get(`${path}/rendered?window=1,2,linear`)).status).toBe(400);
  });

  test('what is not there is 404', async () => {
    expect((await get('/studies/1.2.3')).status).toBe(404);
    expect((await get('/studies/1.2.3/metadata')).status).toBe(404);
  });

  test('own results that come back are known, stored nowhere and never read', async () => {
    const files = await parts(await get(`/studies/${study}`));
    const before = await service.client.waitUntilRead(study);
    const { status, json } = await stow(files.slice(1).map(({ bytes }) => bytes));
    expect(status).toBe(200);
    expect(items(json, '00081199')).toHaveLength(3);
    const after = await service.client.waitUntilRead(study);
    expect(after.images).toHaveLength(1);
    expect(after.reading?.id).toBe(before.reading?.id);
  });
});
