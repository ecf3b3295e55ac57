import { afterAll, describe, expect, test } from 'vitest';
import { inlinePictures } from '#preread/read/film-images.ts';
import { startPicturePool } from '#preread/read/decode-pool.ts';
import type { PrepareSpec } from '#preread/read/prepare.ts';
import { filmDicom } from '../fixtures/film.ts';

const SPEC: PrepareSpec = {
  steps: [{ step: 'resize', columns: 16, rows: 16, fit: 'squeeze' }],
  atLeast: { columns: 32, rows: 32 },
};
const pool = startPicturePool({ threads: 2, deadlineMs: 30_000 });
afterAll(() => pool.close());

describe('the picture pool', () => {
  test('gives every caller the answer to its own film', async () => {
    const films = await Promise.all(Array.from({ length: 30 }, (_, phase) => filmDicom({ study: `s${phase}`, phase })));
    const prepared = await Promise.all(films.map((film) => pool.prepare(film, SPEC)));
    const expected = await Promise.all(films.map((film) => inlinePictures.prepare(film, SPEC)));
    expect(prepared.map(({ facts }) => facts.studyUid)).toEqual(expected.map(({ facts }) => facts.studyUid));
    expect(prepared.map(({ tensor }) => [...tensor.data])).toEqual(expected.map(({ tensor }) => [...tensor.data]));
  });

  test('a refusal crosses the thread with its code, status, words and field', async () => {
    const cut = (await filmDicom()).subarray(0, 3000);
    const here = await inlinePictures.prepare(cut, SPEC).catch((error: unknown) => error);
    const there = await pool.prepare(cut, SPEC).catch((error: unknown) => error);
    expect(there).toMatchObject({ code: 'dicom.truncated', status: 422 });
    expect(there).toEqual(here);
  });

  test('renders the film no larger than asked for and never enlarged', async () => {
    const film = await pool.film(await filmDicom({ size: 64 }), 48);
    expect(film).toMatchObject({ columns: 48, rows: 48, sourceColumns: 64 });
    expect(await pool.film(await filmDicom({ size: 64 }), 500)).toMatchObject({ columns: 64, rows: 64 });
  });

  test('a film past its deadline ends its thread, and the next one is served by a new one', async () => {
    const hasty = startPicturePool({ threads: 1, deadlineMs: 1 });
    await expect(hasty.film(await filmDicom({ size: 1500 }), 1500)).rejects.toThrow('preread.decode-deadline');
    await hasty.close();
    expect((await pool.prepare(await filmDicom(), SPEC)).facts.view).toBe('PA');
  });

  test('what waits when it closes is told so', async () => {
    const closing = startPicturePool({ threads: 1, deadlineMs: 30_000 });
    const waiting = Array.from({ length: 3 }, async () => closing.prepare(await filmDicom(), SPEC));
    const settled = Promise.allSettled(waiting);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await closing.close();
    const refused = (await settled).flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(refused.filter((reason) => !reason.includes('closing'))).toEqual([]);
    await expect(closing.prepare(await filmDicom(), SPEC)).rejects.toThrow('preread.decoder-crashed');
  });
});

test('a page that waits for its film goes before films that are taken in, then thumbnails, then pictures of maps', async () => {
  const one = startPicturePool({ threads: 1, deadlineMs: 30_000 });
  const order: string[] = [];
  const film = await filmDicom();
  const map = {
    columns: 1,
    rows: 1,
    values: Float32Array.of(1),
    trace: { sourceColumns: 1, sourceRows: 1, columns: 1, rows: 1, scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 },
  };
  const asked = [
    one.prepare(film, SPEC).then(() => order.push('first')),
    one.heatmap(map, { columns: 4, rows: 4 }).then(() => order.push('map')),
    one.film(film, 256).then(() => order.push('thumbnail')),
    one.prepare(film, SPEC).then(() => order.push('intake')),
    one.film(film, 257).then(() => order.push('page')),
  ];
  await Promise.all(asked);
  expect(order).toEqual(['first', 'page', 'intake', 'thumbnail', 'map']);
  await one.close();
});
