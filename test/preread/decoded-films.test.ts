// Films decoded at the door: the first of a study wait as tensors for the reader, all others are decoded, refused like them when broken, and made
// into tensors only when they are chosen.
import { expect, test } from 'vitest';
import { loadModel } from '#models/load.ts';
import { createFilms } from '#preread/intake/decoded-films.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { prepareImage, specFor } from '#preread/read/prepare.ts';
import { filmDicom } from '../fixtures/film.ts';

const { manifest } = await loadModel('models/cxr-findings-tiny');
const spec = specFor(manifest);

/** The films of one study, with the count of what was done to their pixels. */
async function studyOf(count: number) {
  const done = { decode: 0, prepare: 0 };
  const films = createFilms({
    spec: () => spec,
    pictures: {
      decode: async (bytes, wanted) => {
        done.decode += 1;
        return inlinePictures.decode(bytes, wanted);
      },
      prepare: async (bytes, wanted) => {
        done.prepare += 1;
        return inlinePictures.prepare(bytes, wanted);
      },
    },
  });
  const files = await Promise.all(
    Array.from({ length: count }, (_, image) => filmDicom({ study: 'many', patient: 'P1', phase: image })),
  );
  return { done, films, files };
}

test('the first four images of a study become tensors at the door, further ones are decoded', async () => {
  const { done, films, files } = await studyOf(6);
  for (const [image, bytes] of files.entries()) {
    const { facts, sourceColumns, sourceRows } = await films.judge(bytes, { sha256: `hash ${image}`, studyUid: '1.2' });
    const prepared = await prepareImage(bytes, spec);
    expect({ facts, sourceColumns, sourceRows }).toEqual({
      facts: prepared.facts,
      sourceColumns: prepared.sourceColumns,
      sourceRows: prepared.sourceRows,
    });
  }
  expect(done).toEqual({ decode: 2, prepare: 4 });
  await films.judge(files[0]!, { sha256: 'hash of another study', studyUid: '1.3' });
  await films.judge(files[0]!, { sha256: 'hash of a picture', studyUid: undefined });
  expect(done).toEqual({ decode: 2, prepare: 6 });
});

test('the reader takes a kept tensor, and makes the one of a further image', async () => {
  const { done, films, files } = await studyOf(5);
  for (const [image, bytes] of files.entries()) await films.judge(bytes, { sha256: `hash ${image}`, studyUid: '1.2' });
  const open = (image: number) =>
    films.openersFor(spec).open({ sha256: `hash ${image}`, load: async () => files[image]! });
  expect((await open(0)).tensor).toEqual((await prepareImage(files[0]!, spec)).tensor);
  expect(done).toEqual({ decode: 1, prepare: 4 });
  expect((await open(4)).tensor).toEqual((await prepareImage(files[4]!, spec)).tensor);
  expect(done).toEqual({ decode: 1, prepare: 5 });
});

test('a damaged further image is refused at the door as the first is', async () => {
  const { films, files } = await studyOf(5);
  for (const [image, bytes] of files.slice(0, 4).entries())
    await films.judge(bytes, { sha256: `hash ${image}`, studyUid: '1.2' });
  const cut = files[4]!.subarray(0, files[4]!.length - 500);
  await expect(films.judge(cut, { sha256: 'cut', studyUid: '1.2' })).rejects.toThrow(/dicom/);
});
