import { readFileSync, globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '#kernel/frame.ts';
import type { ModelManifest } from '#models/schema.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import { gateOutputs, gatePixels, gateTags } from '#preread/gate/gate.ts';
import { type Prepared, structureOf } from '#preread/read/prepare.ts';

const GATE: ModelManifest['gate'] = {
  modalities: ['CR', 'DX'],
  bodyParts: ['CHEST', 'THORAX'],
  views: ['PA', 'AP'],
  ageYears: { minimum: 1, maximum: 100 },
  minimumColumns: 200,
  minimumRows: 300,
};

const FILM: ImageFacts = {
  format: 'dicom',
  sopInstanceUid: '1.2.3',
  studyUid: '1.2',
  seriesUid: '1.2.4',
  modality: 'DX',
  bodyPart: 'CHEST',
  view: 'PA',
  ageYears: 50,
  bitsStored: 12,
  frames: 1,
  notForClinicalUse: false,
};

const without = (...names: (keyof ImageFacts)[]): ImageFacts => {
  const facts: Partial<ImageFacts> = { ...FILM };
  for (const name of names) delete facts[name];
  return facts as ImageFacts;
};

const codes = (reasons: readonly { code: string }[]): string[] => reasons.map(({ code }) => code);

describe('the gate from tags', () => {
  test('a frontal chest film of an adult passes without a word', () => {
    expect(gateTags(FILM, GATE)).toEqual({ refusals: [], notices: [] });
  });

  test.each([
    ['a CT slice', { ...FILM, modality: 'CT' }, 'preread.modality-not-accepted'],
    ['a film without modality', without('modality'), 'preread.modality-missing'],
    ['a hand', { ...FILM, bodyPart: 'HAND' }, 'preread.body-part-not-accepted'],
    ['a lateral film', { ...FILM, view: 'LL' }, 'preread.view-not-accepted'],
    ['a newborn', { ...FILM, ageYears: 0.1 }, 'preread.age-not-accepted'],
    ['a one-bit mask', { ...FILM, bitsStored: 1 }, 'preread.too-few-bits'],
    ['fluoroscopy', { ...FILM, frames: 40 }, 'preread.several-frames'],
  ])('%s is refused with its own reason', (_name, facts, code) => {
    expect(codes(gateTags(facts, GATE).refusals)).toEqual([code]);
  });

  test('what is written in small letters is the same word', () => {
    expect(gateTags({ ...FILM, bodyPart: 'Thorax', view: 'pa' }, GATE).refusals).toEqual([]);
  });

  test('missing body part, view and age are told, and neither guessed nor refused', () => {
    const verdict = gateTags(without('bodyPart', 'view', 'ageYears'), GATE);
    expect(verdict.refusals).toEqual([]);
    expect(codes(verdict.notices)).toEqual([
      'preread.body-part-missing',
      'preread.view-missing',
      'preread.age-missing',
    ]);
  });

  test('a picture without tags is not refused for them, and says what it is', () => {
    const picture = { ...without('modality', 'bodyPart', 'view', 'bitsStored', 'frames'), format: 'png' as const };
    expect(gateTags(picture, GATE).refusals).toEqual([]);
    expect(codes(gateTags(picture, GATE).notices)).toEqual(['preread.picture-without-tags']);
  });

  test('the reason names what was found, in both languages', () => {
    const [reason] = gateTags({ ...FILM, ageYears: 0.1 }, GATE).refusals;
    expect(reason?.text.en).toContain('1 to 100');
    expect(reason?.text.vi).toContain('0 tuổi');
  });
});

const prepared = (change: Partial<Prepared>): Prepared => ({
  facts: FILM,
  sourceColumns: 400,
  sourceRows: 500,
  content: { left: 0, top: 0, columns: 400, rows: 500 },
  remarks: [],
  structure: 0.2,
  tensor: { shape: [1], data: new Float32Array(1) },
  trace: {
    sourceColumns: 400,
    sourceRows: 500,
    columns: 1,
    rows: 1,
    scaleX: 1,
    scaleY: 1,
    offsetX: 0,
    offsetY: 0,
  },
  ...change,
});

const frame = (columns: number, rows: number, gray: (column: number, row: number) => number) => ({
  columns,
  rows,
  sourceColumns: columns,
  sourceRows: rows,
  values: Float32Array.from({ length: columns * rows }, (_, at) => gray(at % columns, Math.floor(at / columns))),
});

describe('the gate from pixels', () => {
  test('a film that shows less than the model needs is refused with both sizes', () => {
    const [reason] = gatePixels(prepared({ content: { left: 100, top: 0, columns: 199, rows: 500 } }), GATE);
    expect(reason?.code).toBe('preread.too-small');
    expect(reason?.text.en).toContain('199 × 500');
  });

  test('an even plate and plain noise have no structure, halves of light and dark have', () => {
    expect(structureOf(frame(64, 64, () => 0.7))).toBeCloseTo(0, 6);
    // Uniform noise has a deviation of 1/√12; a cell of 16 × 16 pixels averages it to a sixteenth: 0.018.
    const noise = frame(256, 256, (column, row) => (((column * 7919 + row * 104729) * 2654435761) >>> 0) / 2 ** 32);
    expect(structureOf(noise)).toBeLessThan(0.03);
    // Half the cells at 0, half at 1: mean 0.5, every cell 0.5 away.
    expect(structureOf(frame(64, 64, (column) => (column < 32 ? 0 : 1)))).toBeCloseTo(0.5, 6);
    expect(codes(gatePixels(prepared({ structure: structureOf(noise) }), GATE))).toEqual(['preread.blank']);
  });
});

const row = (...values: number[]): Tensor => ({ shape: [1, values.length], data: Float32Array.from(values) });

describe('the gate of the graph', () => {
  const gate: ModelManifest['gate'] = {
    ...GATE,
    pixels: { output: 'gate', classes: ['chest', 'inverted', 'not-chest', 'odd'], minimumChestProbability: 0.5 },
    distance: { output: 'distance', maximum: 10 },
  };

  test('a chest film near the training films passes', () => {
    expect(gateOutputs({ gate: row(5, 0, 0, 0), distance: row(9.9) }, gate)).toEqual([]);
  });

  test('the strongest other class names the reason; one without words of its own is not a chest film', () => {
    expect(codes(gateOutputs({ gate: row(0, 3, 1, 0), distance: row(1) }, gate))).toEqual(['preread.inverted']);
    expect(codes(gateOutputs({ gate: row(0, 0, 0, 4), distance: row(1) }, gate))).toEqual(['preread.not-chest']);
  });

  test('far from everything known is refused, and a value that is not a number too', () => {
    expect(codes(gateOutputs({ gate: row(5, 0, 0, 0), distance: row(10.1) }, gate))).toEqual([
      'preread.unlike-training',
    ]);
    expect(codes(gateOutputs({ gate: row(Number.NaN, 0, 0, 0), distance: row(Number.NaN) }, gate))).toHaveLength(2);
  });
});

test('every reason that the code can give has words in the catalogue, and no word is left over', () => {
  const source = globSync('src/preread/**/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const words = Object.keys(JSON.parse(readFileSync('src/messages/vi/preread.json', 'utf8')));
  const given = [...source.matchAll(/reason(?:With)?\(\s*'([a-z0-9-]+)'/g)].map(([, name]) => name ?? '');
  expect(given.filter((name) => !words.includes(name))).toEqual([]);
  expect(words.filter((word) => !source.includes(`'${word}'`) && word !== 'not-a-device')).toEqual([]);
});
