// Whatever is wrong with what is sent: a 4xx with code, field and reason; nothing stored but the refusal; the service goes on.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { type TestService, openTestService } from './service.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

const post = (body: Uint8Array | string, type = 'application/dicom') =>
  fetch(`${service.address}/v1/studies`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  });

interface Refused {
  readonly code: string;
  readonly field: string | null;
  readonly reason: string;
  readonly text: { readonly vi: string; readonly en: string };
}

/** Overwrites the value of a short element in an explicit little endian file. */
function withUs(film: Buffer, tag: readonly [number, number], value: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(tag[0], 0);
  head.writeUInt16LE(tag[1], 2);
  head.write('US', 4, 'latin1');
  head.writeUInt16LE(2, 6);
  const at = film.indexOf(head);
  const copy = Buffer.from(film);
  copy.writeUInt16LE(value, at + 8);
  return copy;
}

/** Everything before (7FE0,0010), as a report or a presentation state ends. */
const withoutPixels = (film: Buffer): Buffer => film.subarray(0, film.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00])));

/** A deflated data set that unpacks to 400 MB of zeros. */
async function bomb(): Promise<Buffer> {
  const film = await filmDicom({ syntax: 'deflated' });
  const metaLength = film.readUInt32LE(128 + 4 + 8);
  const packed = deflateRawSync(Buffer.alloc(400 * 1024 * 1024), { level: 9 });
  return Buffer.concat([film.subarray(0, 128 + 4 + 12 + metaLength), packed]);
}

const blobCount = (): number => {
  const folder = join(service.dataDir, 'blobs');
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
};

describe('refused with a 4xx, code and reason, and nothing kept of it', () => {
  const film = () => filmDicom();
  test.each<[string, () => Promise<Buffer> | Buffer, string, number]>([
    ['no bytes', () => Buffer.alloc(0), 'preread.empty', 400],
    ['a letter', () => Buffer.from('Kính gửi khoa Chẩn đoán hình ảnh'), 'dicom.not-dicom', 415],
    ['a file cut at half', async () => (await film()).subarray(0, (await film()).length / 2), 'dicom.truncated', 422],
    ['a missing SOP Instance UID', () => filmDicom({ without: [0x00080018] }), 'dicom.missing-tag', 422],
    ['no pixel data', async () => withoutPixels(await film()), 'dicom.no-pixel-data', 422],
    ['absurd dimensions', async () => withUs(await film(), [0x0028, 0x0010], 65_535), 'dicom.', 422],
    ['absurd bits', async () => withUs(await film(), [0x0028, 0x0100], 77), 'dicom.absurd-bits', 422],
    ['a zip bomb', bomb, 'dicom.too-large', 413],
    ['more than the cap', () => Buffer.alloc(4 * 1024 * 1024 + 1), 'preread.too-large', 413],
    ['half a PNG', () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'image.', 422],
  ])('%s', async (_name, bytes, code, status) => {
    const answer = await post(await bytes());
    const problem = (await answer.json()) as Refused;
    expect(problem.code).toContain(code);
    expect(answer.status).toBe(status);
    expect(problem.reason).not.toBe('');
    expect(problem.text.vi).not.toBe(problem.text.en);
    expect((await service.client.v1.listRefusals({ limit: '1' })).data[0]?.code).toBe(problem.code);
    expect(blobCount()).toBe(0);
    expect((await service.client.v1.getWorklist({ state: 'all' })).data.total).toBe(0);
  });

  test('a wrong media type, a multipart without parts, one that is cut off', async () => {
    expect(await (await post('{}', 'application/json')).json()).toMatchObject({ code: 'http.wrong-media-type' });
    const type = 'multipart/form-data; boundary=b';
    expect(await (await post('--b--', type)).json()).toMatchObject({ code: 'http.broken-multipart' });
    const cut = '--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nabc';
    expect(await (await post(cut, type)).json()).toMatchObject({ code: 'http.broken-multipart' });
  });

  test('an unknown query key and a number that is none are named', async () => {
    for (const [query, field] of [
      ['agee=4', 'agee'],
      ['ageYears=old', 'ageYears'],
      ['ageYears=', 'ageYears'],
    ]) {
      const answer = await fetch(`${service.address}/v1/studies?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: 'x',
      });
      expect(answer.status, query).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'http.invalid-request', field });
    }
  });
});

test('good films among bad ones are stored, and the answer tells of each', async () => {
  const form = new FormData();
  form.append('a', new Blob([Uint8Array.from(await filmDicom({ study: 'good' }))]), 'good.dcm');
  form.append('b', new Blob(['not a film']), 'letter.txt');
  const answer = await fetch(`${service.address}/v1/studies`, { method: 'POST', body: form });
  expect(answer.status).toBe(207);
  const { instances } = (await answer.json()) as { instances: { name: string; status: string }[] };
  expect(instances.map(({ name, status }) => [name, status])).toEqual([
    ['good.dcm', 'stored'],
    ['letter.txt', 'refused'],
  ]);
});

test('ids that are none, and those of nothing', async () => {
  const status = async (path: string): Promise<number> => (await fetch(`${service.address}${path}`)).status;
  expect(await status('/v1/studies/1.2.3')).toBe(404);
  expect(await status('/v1/studies/1.2.3%27--')).toBe(400);
  expect(await status('/v1/readings/not-an-id')).toBe(400);
  expect(await status(`/v1/readings/${crypto.randomUUID()}`)).toBe(404);
  expect(await status('/v1/images/1.2.3')).toBe(404);
  expect(await status(`/v1/alerts/${crypto.randomUUID()}`)).toBe(404);
  expect(await status('/v1/worklist?limit=-1')).toBe(400);
});
