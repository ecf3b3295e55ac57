// The folder of an imported model: model.json, calibration.json, golden.json and the graph. Until it is calibrated every answer is undecided.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '#kernel/ids.ts';
import type { Tensor } from '#kernel/frame.ts';
import { goldenPicture } from '#models/golden.ts';
import type { Calibration, Golden, ModelManifest } from '#models/schema.ts';
import { EMBEDDING, LOGITS, MAPS } from '#onnx/head.ts';
import type { PreprocessingStep } from '#tensor/steps.ts';
import { toTensor } from '#tensor/to-tensor.ts';
import type { Trial } from './trial.ts';

const VERSION = '1';

export interface Asked {
  readonly id: string;
  readonly labels: readonly string[];
  readonly title: string;
  readonly licence: string;
  readonly size: number;
  readonly channels: number;
  /** Values of a black and a white pixel. */
  readonly range: readonly [number, number];
  readonly crop: 'none' | 'center';
  readonly means?: readonly number[];
  readonly deviations?: readonly number[];
}

export function stepsOf({ size, channels, range, crop, means, deviations }: Asked): PreprocessingStep[] {
  const [low, high] = range;
  // A gray level from 0 to 1 becomes low + level × (high - low).
  const scaled =
    low === 0 && high === 1
      ? []
      : [{ step: 'normalise', mean: -low / (high - low), deviation: 1 / (high - low) } as const];
  const perChannel =
    means === undefined || deviations === undefined ? {} : { means: [...means], deviations: [...deviations] };
  return [
    ...(crop === 'center' ? [{ step: 'crop', shape: 'centre-square' } as const] : []),
    { step: 'resize', columns: size, rows: size, fit: 'squeeze' },
    ...scaled,
    ...(channels > 1 || means !== undefined ? [{ step: 'repeat-channel', channels, ...perChannel } as const] : []),
  ];
}

/** Upright, lying, and of the network's own size. */
const PICTURES = [
  { rows: 300, columns: 260, a: 0.031, b: 0.047 },
  { rows: 240, columns: 320, a: -0.019, b: 0.083 },
] as const;

export const tensorsOf = (steps: readonly PreprocessingStep[]): Tensor[] =>
  PICTURES.map((picture) => toTensor(goldenPicture(picture), steps).tensor);

export const MEASURED_MAPS = ['occlusion', 'rise'] as const;
export type MapsBy = 'class-map' | (typeof MEASURED_MAPS)[number];

/** Parts of the picture a side, for maps that are measured by hiding. */
const OCCLUSION_CELLS = 10;

export interface Imported {
  readonly asked: Asked;
  readonly trial: Trial;
  readonly graph: Uint8Array;
  readonly inputName: string;
  readonly mapsBy: MapsBy;
}

export function manifestOf({ asked, trial, graph, inputName, mapsBy }: Imported): ModelManifest {
  const { id, labels, title, licence, size, channels } = asked;
  const maps =
    mapsBy === 'class-map'
      ? { maps: MAPS, mapRows: trial.mapRows, mapColumns: trial.mapColumns }
      : { maps: MAPS, mapsBy, mapRows: OCCLUSION_CELLS, mapColumns: OCCLUSION_CELLS };
  return {
    id,
    version: VERSION,
    kind: 'cxr-classifier',
    title: { vi: title, en: title },
    licence,
    files: [{ precision: 'fp32', file: `${VERSION}/model.onnx`, sha256: sha256Hex(graph), bytes: graph.length }],
    input: { name: inputName, channels, rows: size, columns: size },
    preprocessing: stepsOf(asked),
    outputs: { logits: LOGITS, embedding: EMBEDDING, embeddingSize: trial.embeddingSize, ...maps },
    heads: labels.map((code) => ({
      code,
      title: { vi: code, en: code },
      priority: 'routine',
      // The service shows maps that the graph gives; those by occlusion are for research.
      explains: mapsBy === 'class-map',
    })),
    gate: {
      modalities: ['CR', 'DX'],
      bodyParts: ['CHEST'],
      views: ['PA', 'AP'],
      ageYears: { minimum: 0, maximum: 120 },
      minimumColumns: 64,
      minimumRows: 64,
    },
    minimumFaithfulness: 0.2,
  };
}

/** Not calibrated: the logit is taken as it is, and nothing short of certainty is called. */
export const calibrationOf = ({ id, labels }: Pick<Asked, 'id' | 'labels'>): Calibration => ({
  version: 'not-calibrated',
  modelId: id,
  modelVersion: VERSION,
  method: 'none',
  errorRate: 0,
  heads: labels.map((code) => ({
    code,
    slope: 1,
    intercept: 0,
    logitRange: { minimum: -1e9, maximum: 1e9 },
    positiveFrom: 1,
    negativeTo: 0,
    prevalence: {
      value: 0.5,
      population: { vi: 'chưa khai', en: 'not declared' },
      source: 'not calibrated; haidang calibrate fits it to films with labels',
    },
    fittedOn: { dataset: 'none', split: 'none', n: 1, positives: 1 },
  })),
});

const FIRST_VALUES = 8;

export function goldenOf(steps: readonly PreprocessingStep[], { logits, embeddings }: Trial): Golden {
  const scale = Math.max(1, ...logits.flat().map(Math.abs), ...embeddings.flat().map(Math.abs));
  return {
    tolerance: { fp32: 1e-4 * scale, fp16: 1e-2 * scale, int8: 0.1 * scale },
    cases: PICTURES.map((picture, at) => {
      const { data } = toTensor(goldenPicture(picture), steps).tensor;
      return {
        picture,
        tensorMean: data.reduce((sum, value) => sum + value, 0) / data.length,
        tensorFirst: [...data.subarray(0, FIRST_VALUES)],
        logits: [...(logits[at] ?? [])],
        embeddingFirst: (embeddings[at] ?? []).slice(0, FIRST_VALUES),
      };
    }),
  };
}

export interface ModelFolder {
  readonly manifest: ModelManifest;
  readonly calibration: Calibration;
  readonly golden: Golden;
  readonly graph: Uint8Array;
}

export function writeModelFolder(folder: string, { manifest, calibration, golden, graph }: ModelFolder): void {
  mkdirSync(join(folder, VERSION), { recursive: true });
  writeFileSync(join(folder, VERSION, 'model.onnx'), graph);
  for (const [name, value] of Object.entries({
    'model.json': manifest,
    'calibration.json': calibration,
    'golden.json': golden,
  }))
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}
