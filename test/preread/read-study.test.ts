import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#kernel/ids.ts';
import { encodeGrayPng } from '#image/picture.ts';
import type { RunningEngine } from '#inference/engine/start-engine.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { specFor } from '#preread/read/prepare.ts';
import { type ReadDeps, explainStudy, readStudy } from '#preread/read/read-study.ts';
import type { ExplainDeps } from '#preread/explain/heatmaps.ts';
import type { Declared } from '#preread/choose/candidate-images.ts';
import { filmDicom, filmPicture } from '../fixtures/film.ts';
import { type TinyOptions, writeTinyModel } from '../fixtures/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-read-'));
const CLOCK = { now: () => new Date('2026-03-01T00:00:00Z') };
let engine: RunningEngine;
const models: Record<string, Model> = {};

/** A model whose first head is for children, whose second is for adults, and one with a head that is only for adults. */
const forAges: TinyOptions['alter'] = ({ manifest }) => ({
  manifest: {
    ...manifest,
    heads: manifest.heads.map((head, index) => ({
      ...head,
      ...(index === 0 && { ageYears: { minimum: 0, maximum: 15 }, priority: 'critical' }),
      ...(index === 1 && { ageYears: { minimum: 16, maximum: 120 } }),
    })),
  },
});
const adultsOnly: TinyOptions['alter'] = ({ manifest }) => ({
  manifest: {
    ...manifest,
    heads: manifest.heads.map((head) => ({ ...head, ageYears: { minimum: 16, maximum: 120 } })),
  },
});
const childrenOnly: TinyOptions['alter'] = ({ manifest }) => ({
  manifest: { ...manifest, heads: manifest.heads.map((head) => ({ ...head, ageYears: { minimum: 1, maximum: 5 } })) },
});
const faithless: TinyOptions['alter'] = ({ manifest }) => ({ manifest: { ...manifest, minimumFaithfulness: 2 } });

const twoViews: TinyOptions['alter'] = ({ manifest }) => ({
  manifest: {
    ...manifest,
    completeness: {
      quietMs: 0,
      maximumWaitMs: 0,
      expectedViews: [
        ['PA', 'AP'],
        ['LL', 'RL'],
      ],
    },
  },
});

beforeAll(async () => {
  for (const [id, alter] of Object.entries({
    plain: undefined,
    ages: forAges,
    adults: adultsOnly,
    children: childrenOnly,
    faithless,
    awaits: twoViews,
  })) {
    writeTinyModel(root, { id, ...(alter !== undefined && { alter }) });
    models[id] = await loadModel(join(root, id));
  }
  engine = await startEngine({ models: Object.values(models) });
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

function deps(id: string): ReadDeps & ExplainDeps {
  const model = models[id];
  if (model === undefined) throw new Error(id);
  return {
    model,
    engine,
    clock: CLOCK,
    facilityId: 'local',
    policyVersion: 'test',
    deadlineMs: 10_000,
    open: async (image) => inlinePictures.prepare(await image.load(), specFor(model.manifest)),
    drawHeatmap: inlinePictures.heatmap,
  };
}

async function read(id: string, files: readonly Buffer[], declared?: Declared) {
  const images = files.map((bytes) => ({ sha256: sha256Hex(bytes), load: async () => bytes }));
  return explainStudy({ uid: '1.2.3', images, ...(declared !== undefined && { declared }) }, deps(id));
}

const codes = ({ reading }: Awaited<ReturnType<typeof read>>): string[] => reading.reasons.map(({ code }) => code);

describe('a chest film', () => {
  test('is assessed, with findings, priority, heatmaps, embedding and complete provenance', async () => {
    const film = await filmDicom();
    const { reading, heatmaps, embedding } = await read('plain', [film]);
    expect(reading).toMatchObject({ outcome: 'assessed', reasons: [], notForClinicalUse: true, studyUid: '1.2.3' });
    expect(reading.findings.map(({ code }) => code)).toEqual(['Effusion', 'Nodule', 'any-abnormality']);
    const positive = reading.findings.filter(({ decision }) => decision === 'positive');
    expect(reading.priority).toBe(positive.length > 0 ? 'urgent' : 'routine');
    expect(reading.provenance).toEqual({
      inputSha256: sha256Hex(film),
      pipelineVersion: '5',
      modelId: 'plain',
      modelVersion: '1',
      modelSha256: models['plain']?.file('fp32').sha256,
      provider: 'cpu',
      precision: 'fp32',
      calibrationVersion: 'test-1',
      thresholdVersion: 'test-1+test',
    });
    expect(embedding?.facets).toMatchObject({ ageYears: 50, sex: 'F', view: 'PA', labelSource: 'model' });
    const shown = reading.findings.filter(({ heatmap }) => heatmap?.state === 'available').map(({ code }) => code);
    expect(heatmaps.map(({ findingCode }) => findingCode).toSorted()).toEqual(shown.toSorted());
    expect(heatmaps.every(({ png, columns, rows }) => png[1] === 0x50 && columns === 64 && rows === 64)).toBe(true);
  });

  test('gives the same reading again, also with its images in another order, and another one for another film', async () => {
    const [pa, ap] = [await filmDicom(), await filmDicom({ view: 'AP', phase: 1 })];
    const ids = await Promise.all(
      [[pa, ap], [ap, pa], [pa]].map(async (files) => (await read('plain', files)).reading.id),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('a study read before its expected views came says which one was awaited', async () => {
    const [pa, side] = [await filmDicom(), await filmDicom({ view: 'LL', phase: 1 })];
    const lone = await read('awaits', [pa]);
    expect(codes(lone)).toContain('preread.view-awaited');
    expect(lone.reading.reasons.find(({ code }) => code === 'preread.view-awaited')?.text.en).toContain('LL / RL');
    expect(codes(await read('awaits', [pa, side]))).not.toContain('preread.view-awaited');
  });

  test('PA is read before AP, and the reading says which one and how many there were', async () => {
    const result = await read('plain', [await filmDicom({ view: 'AP', size: 128 }), await filmDicom({ size: 64 })]);
    expect(codes(result)).toEqual(['preread.image-chosen']);
    expect(result.reading.reasons[0]?.text.en).toBe(
      '2 frontal images were sent; the PA image of 64 × 64 pixels was read.',
    );
    expect(result.reading.sopInstanceUids).toHaveLength(1);
  });

  test('beside a lateral and a broken file is read all the same, and what was left out is told', async () => {
    const broken = (await filmDicom({ view: 'AP' })).subarray(0, 2000);
    const result = await read('plain', [await filmDicom({ view: 'LL' }), broken, await filmDicom()]);
    expect(result.reading.outcome).toBe('assessed');
    expect(codes(result)).toEqual(['preread.image-left-out']);
  });

  test('of many images: the same reading as with all tensors at hand, from four tensors', async () => {
    const files = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((phase) => filmDicom({ phase, view: phase === 5 ? 'PA' : 'AP' })),
    );
    const images = files.map((bytes) => ({ sha256: sha256Hex(bytes), load: async () => bytes }));
    const study = { uid: '1.2.3', images };
    const all = await readStudy(study, deps('plain'));
    let tensors = 0;
    const spec = specFor(models['plain']!.manifest);
    const few = await readStudy(study, {
      ...deps('plain'),
      look: async (image) => inlinePictures.decode(await image.load(), spec),
      open: async (image) => {
        tensors += 1;
        return inlinePictures.prepare(await image.load(), spec);
      },
    });
    expect(few.reading).toEqual(all.reading);
    expect(few.reading.reasons.map(({ text }) => text.en)).toContain(
      '6 frontal images were sent; the PA image of 64 × 64 pixels was read.',
    );
    expect(tensors).toBe(4);
  });
});

describe('a study is not assessed, because', () => {
  test('it is a lateral film and a hand: both reasons stand', async () => {
    const result = await read('plain', [await filmDicom({ view: 'LL' }), await filmDicom({ bodyPart: 'HAND' })]);
    expect(result.reading).toMatchObject({ outcome: 'not-assessed', findings: [], priority: 'routine' });
    expect(codes(result).toSorted()).toEqual(['preread.body-part-not-accepted', 'preread.view-not-accepted']);
    expect(result.reading.provenance.provider).toBe('not-run');
    expect(result.embedding).toBeUndefined();
  });

  test('its file is cut: the dicom room’s own reason', async () => {
    expect(codes(await read('plain', [(await filmDicom()).subarray(0, 3000)]))).toEqual(['dicom.truncated']);
  });

  test('it holds no image, or an empty file', async () => {
    expect(codes(await read('plain', []))).toEqual(['preread.no-images']);
    expect(codes(await read('plain', [Buffer.alloc(0)]))).toEqual(['preread.empty']);
  });

  test('nothing of the model was trained for this age, or the age is not known', async () => {
    expect(codes(await read('adults', [await filmDicom({ ageYears: 7 })]))).toEqual(['preread.no-head-for-age']);
    const picture = await encodeGrayPng({ columns: 64, rows: 64, values: filmPicture(64, 0) });
    expect(codes(await read('children', [picture]))).toEqual(['preread.no-head-without-age']);
  });
});

describe('age', () => {
  test('a child gets the head for children only, and is told what is not reported', async () => {
    const result = await read('ages', [await filmDicom({ ageYears: 7 })]);
    expect(result.reading.findings.map(({ code }) => code)).toEqual(['Effusion', 'any-abnormality']);
    expect(codes(result)).toEqual(['preread.heads-withheld']);
  });

  test('an adult gets the others', async () => {
    const result = await read('ages', [await filmDicom({ ageYears: 70 })]);
    expect(result.reading.findings.map(({ code }) => code)).toEqual(['Nodule', 'any-abnormality']);
  });

  test('unknown: heads for most ages are reported on their condition, a head for a few years is not', async () => {
    const result = await read('ages', [await filmDicom({ without: [0x00101010, 0x00100030] })]);
    expect(result.reading.findings.map(({ code }) => code)).toEqual(['Nodule', 'any-abnormality']);
    expect(codes(result)).toEqual([
      'preread.age-missing',
      'preread.only-for-ages',
      'preread.heads-withheld-without-age',
    ]);
    expect(result.reading.reasons[1]?.text.en).toBe('The findings hold only if the patient is 16 to 120 years old.');
  });

  test('a picture’s declared age counts, a DICOM tag is never replaced by it', async () => {
    const picture = await encodeGrayPng({ columns: 64, rows: 64, values: filmPicture(64, 0) });
    const declared = await read('ages', [picture], { ageYears: 70 });
    expect(declared.reading.findings.map(({ code }) => code)).toEqual(['Nodule', 'any-abnormality']);
    expect(declared.reading.notForClinicalUse).toBe(true);
    const tagged = await read('ages', [await filmDicom({ ageYears: 7 })], { ageYears: 70 });
    expect(tagged.reading.findings.map(({ code }) => code)).toEqual(['Effusion', 'any-abnormality']);
  });
});

test('a heatmap below the bar is not shown, and the finding says why', async () => {
  const { reading, heatmaps } = await read('faithless', [await filmDicom()]);
  expect(heatmaps).toEqual([]);
  const hidden = reading.findings.filter(({ decision }) => decision !== 'negative');
  expect(hidden.length).toBeGreaterThan(0);
  for (const { heatmap } of hidden)
    expect(heatmap).toMatchObject({ state: 'hidden', reason: { code: 'preread.heatmap-unfaithful' } });
});

test('the reading comes after one run of the model, and its maps are not shown before they are checked', async () => {
  const bytes = await filmDicom();
  const study = { uid: '1.2.3', images: [{ sha256: sha256Hex(bytes), load: async () => bytes }] };
  let runs = 0;
  const counted: ReadDeps & ExplainDeps = {
    ...deps('plain'),
    engine: {
      ...engine,
      run: (...request) => {
        runs += 1;
        return engine.run(...request);
      },
    },
  };
  const first = await readStudy(study, counted);
  expect(runs).toBe(1);
  const worth = first.reading.findings.filter(({ heatmap }) => heatmap !== undefined);
  expect(worth.length).toBeGreaterThan(0);
  for (const { heatmap } of worth)
    expect(heatmap).toEqual({ state: 'checking', reason: expect.objectContaining({ code: 'preread.map-checking' }) });
  const whole = await explainStudy(study, counted);
  expect(whole.reading.id).toBe(first.reading.id);
  for (const { heatmap } of whole.reading.findings) expect(heatmap?.state).not.toBe('checking');
});

test('a model that is not ready is a fault to be retried, not a result', async () => {
  const model = models['plain'];
  if (model === undefined) throw new Error('plain');
  const starting = { ...deps('plain'), engine: { ...engine, states: () => new Map() } };
  await expect(readStudy({ uid: '1.2.3', images: [] }, starting)).rejects.toThrow('preread.model-not-ready');
});
