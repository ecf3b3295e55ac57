// Films beside a film, through a whole service: earlier ones of the person, which are held back, and what is said of the change; similar ones of
// other people, and which are not similar enough.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { filmDicom, type FilmOptions } from '../fixtures/film.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let service: TestService;
/** Between two of the films of the test of similar ones: the small model sees all of them much alike. */
const LEAST_SIMILARITY = 0.9985;

beforeAll(async () => {
  service = await openTestService(() => ({
    similarity: {
      modelId: 'cxr-findings',
      modelVersion: '1',
      method: 'by hand',
      minimum: LEAST_SIMILARITY,
      quantile: 0.95,
      measuredOn: { dataset: 'none', split: 'none', films: 40, patients: 40, unlikePairs: 100 },
      alike: { value: 0.5, lower: 0.4, upper: 0.6, chance: 0.3 },
    },
    repeatability: {
      modelId: 'cxr-findings',
      modelVersion: '1',
      method: 'by hand',
      coverage: 0.95,
      measuredOn: { dataset: 'none', split: 'none' },
      heads: [
        { code: 'Effusion', logitDifference: 1e-6, pairs: 40, patients: 40 },
        { code: 'Nodule', logitDifference: 8, pairs: 40, patients: 40 },
      ],
    },
  }));
});
afterAll(() => service.close());

async function read(options: FilmOptions): Promise<string> {
  const film = await filmDicom(options);
  await service.client.upload([{ name: 'film.dcm', bytes: new Uint8Array(film) }]);
  const { studyInstanceUid } = readTags(parseDicom(film));
  await service.client.waitUntilRead(studyInstanceUid);
  return studyInstanceUid;
}

const priorsOf = async (uid: string) => (await service.client.v1.getPriors(uid)).data;

test('earlier films of the person are offered newest first, with what changed and what cannot be told', async () => {
  const patient = 'P-prior';
  const old = await read({ study: 'old', patient, date: '20240301', phase: 1 });
  const now = await read({ study: 'now', patient, date: '20260301' });
  const later = await read({ study: 'later', patient, date: '20260401' });
  const middle = await read({ study: 'middle', patient, date: '20260228', phase: 0 });
  await read({ study: 'stranger', patient: 'P-other', date: '20250101' });
  const { priors, total, withheld } = await priorsOf(now);
  expect(priors.map(({ studyUid }) => studyUid)).toEqual([middle, old]);
  expect(priors.map(({ daysBefore }) => daysBefore)).toEqual([1, 730]);
  expect([total, withheld]).toEqual([2, []]);
  expect((await priorsOf(later)).total).toBe(3);
  const verdicts = (prior: (typeof priors)[number] | undefined) =>
    Object.fromEntries(prior?.changes.map(({ finding, verdict }) => [finding, verdict]) ?? []);
  // The same picture a day before; another picture two years before.
  expect(verdicts(priors[0])).toMatchObject({ Effusion: 'unchanged', Nodule: 'cannot-tell' });
  expect(priors[0]?.changes.find(({ finding }) => finding === 'Effusion')?.difference).toBeCloseTo(0, 6);
  for (const { now: after, before, difference, lower, upper, finding } of priors[1]?.changes ?? []) {
    if (finding === 'any-abnormality') continue;
    expect(difference).toBeCloseTo(after.probability - (before?.probability ?? Number.NaN), 6);
    expect([lower, difference, upper]).toEqual([lower, difference, upper].toSorted((a, b) => Number(a) - Number(b)));
  }
  const unmeasured = priors[1]?.changes.find(({ finding }) => finding === 'any-abnormality');
  expect(unmeasured).toMatchObject({ verdict: 'cannot-tell', reason: { code: 'preread.compare-not-measured' } });
});

test('films of others are offered from the measured similarity on, and those below are counted', async () => {
  const uids: string[] = [];
  for (const phase of [0, 1.5, 2.2, 3.1, 3.8, 4.7])
    uids.push(await read({ study: `like-${phase}`, patient: `P-like-${phase}`, phase }));
  const { reading } = (await service.client.v1.getStudy(uids[0] ?? '')).data;
  const { data } = await service.client.v1.getSimilarCases(reading?.id ?? '', { k: '50' });
  expect(data.space).toEqual({ modelId: 'cxr-findings', modelVersion: '1' });
  expect(data.cutOff).toMatchObject({ minimum: LEAST_SIMILARITY, alike: 0.5, chance: 0.3, dataset: 'none' });
  expect(data.neighbours).toHaveLength(1);
  expect(data.neighbours[0]?.similarity).toBeGreaterThanOrEqual(LEAST_SIMILARITY);
  expect(data.cutOff?.belowMinimum).toBe(1);
});

test('the same patient ID with another birth date or sex is held back', async () => {
  const other = await read({ study: 'x-old', patient: 'P-twice', date: '20250101', ageYears: 20 });
  const woman = await read({ study: 'x-older', patient: 'P-twice', date: '20240101', ageYears: 70, sex: 'F' });
  const now = await read({ study: 'x-now', patient: 'P-twice', date: '20260301', ageYears: 70, sex: 'M' });
  const { priors, withheld } = await priorsOf(now);
  expect(priors).toEqual([]);
  expect(withheld.map(({ studyUid }) => studyUid)).toEqual([other, woman]);
  expect(withheld[0]?.reason.code).toBe('preread.prior-other-person');
});

test('a film that was not assessed is offered, and no change is claimed', async () => {
  const hand = await read({ study: 'h-old', patient: 'P-hand', date: '20250101', bodyPart: 'HAND' });
  const now = await read({ study: 'h-now', patient: 'P-hand', date: '20260301' });
  const [prior] = (await priorsOf(now)).priors;
  expect(prior).toMatchObject({
    studyUid: hand,
    outcome: 'not-assessed',
    obstacle: { code: 'preread.compare-not-assessed' },
  });
  expect(new Set(prior?.changes.map(({ verdict }) => verdict))).toEqual(new Set(['cannot-tell']));
});

test('a study without a patient ID says why it has none, and an unknown one is refused', async () => {
  const uid = await read({ study: 'n-now', patient: 'P-none', without: [0x0010_0020] });
  expect(await priorsOf(uid)).toMatchObject({ priors: [], reason: { code: 'preread.priors-without-patient' } });
  await expect(priorsOf('1.2.3')).rejects.toMatchObject({ code: 'preread.no-such-study' });
});

test('earlier films are fetched from an archive, raise no alert, stay off the worklist, and are bounded by a quota', async () => {
  const patient = 'P-archive';
  const films = [
    { study: 'a-1', patient, date: '20240101', phase: 1 },
    { study: 'a-2', patient, date: '20250101', phase: 2 },
    { study: 'a-3', patient, date: '20260101', phase: 3 },
    { study: 'a-later', patient, date: '20270101', phase: 4 },
    { study: 'a-man', patient, date: '20250601', sex: 'M' },
    { study: 'a-stranger', patient: 'P-archive2', date: '20250101' },
  ] as const satisfies readonly FilmOptions[];
  const [first, second, third] = await Promise.all(films.map(read));
  const here = await openTestService(undefined, {
    dicom: {
      priors: {
        from: [
          { id: 'down', kind: 'qido', url: 'http://127.0.0.1:1/dicom-web' },
          { id: 'archive', kind: 'qido', url: `${service.address}/dicomweb` },
        ],
        most: 2,
      },
    },
  });
  try {
    const film = await filmDicom({ study: 'a-now', patient, date: '20260301' });
    await here.client.upload([{ name: 'film.dcm', bytes: new Uint8Array(film) }]);
    const { studyInstanceUid: now } = readTags(parseDicom(film));
    const found = await vi.waitFor(
      async () => {
        const { data } = await here.client.v1.getPriors(now);
        expect(data.priors.map(({ outcome }) => outcome)).toEqual(['assessed', 'assessed']);
        return data;
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(found.priors.map(({ studyUid, fetched }) => [studyUid, fetched])).toEqual([
      [third, true],
      [second, true],
    ]);
    expect(found.fetch).toEqual({ state: 'waiting', failed: ['down'] });
    const { data: list } = await here.client.v1.getWorklist({ state: 'open' });
    expect(list.items.map(({ studyUid }) => studyUid)).toEqual([now]);
    const { data: alerts } = await here.client.v1.listAlerts({});
    expect(alerts.filter(({ subject }) => subject.studyUid !== now)).toEqual([]);
    // Somebody sends one of them after all: it is a study like any other, and read as such.
    const own = await filmDicom(films[2]);
    await here.client.upload([{ name: 'own.dcm', bytes: new Uint8Array(own) }]);
    await vi.waitFor(
      async () => {
        const { data: readings } = await here.client.v1.getReadingsOfStudy(third ?? '');
        expect(readings.length).toBe(2);
      },
      { timeout: 60_000, interval: 200 },
    );
    expect((await here.client.v1.getWorklist({ state: 'open' })).data.total).toBe(2);
    expect((await here.client.v1.getPriors(now)).data.priors.map(({ fetched }) => fetched)).toEqual([false, true]);
    expect(first).toBeDefined();
  } finally {
    await here.close();
  }
});
