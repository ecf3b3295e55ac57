// A trained head and the folder of its backbone → a model folder: the graph with the head behind the embedding, golden outputs of what it answers,
// and a calibration fitted on the persons that the training stopped on.
import { readFileSync } from 'node:fs';
import { type FitPlan, fitHead, type Sample } from '#calibration/fit-head.ts';
import { calibrationOf, writeModelFolder } from '#cli/models-import/write-folder.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import { CareError } from '#kernel/errors.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { both, say } from '#messages/say.ts';
import { goldenTensor } from '#models/golden.ts';
import type { Model } from '#models/model.ts';
import type { Calibration, Golden, ModelManifest } from '#models/schema.ts';
import { type WithNewHead, withNewHead } from '#onnx/new-head.ts';
import { readOnnx } from '#onnx/read.ts';
import type { TrainedHead } from '#training/train-head.ts';

const VERSION = '1';
const FIRST_VALUES = 8;
/** Parts of the picture a side, for maps that are measured by hiding. */
const OCCLUSION_CELLS = 10;
/** Largest difference between a logit and the mean of its class map, relative to the largest logit; beyond it the graph has no class maps. */
const MAP_TOLERANCE = 1e-3;

interface Answers {
  readonly golden: Golden;
  readonly maps: { readonly rows: number; readonly columns: number } | undefined;
}

/** Runs the new graph on the golden pictures of its backbone. */
async function answersOf(
  { graph, logits: logitsName, maps: mapsName }: WithNewHead,
  { manifest, golden }: Model,
  bias: Float32Array,
): Promise<Answers> {
  const executor = await openOnnx([graph], { provider: 'cpu', threads: 1, manifest: { input: manifest.input } });
  let scale = 1;
  let gap = 0;
  let size: Answers['maps'];
  const cases: Golden['cases'][number][] = [];
  try {
    for (const each of golden.cases) {
      const outputs = await executor.run(goldenTensor(manifest, each));
      const logits = [...(outputs[logitsName]?.data ?? [])];
      const embedding = [...(outputs[manifest.outputs.embedding]?.data ?? [])];
      scale = Math.max(scale, ...logits.map(Math.abs), ...embedding.map(Math.abs));
      const maps = mapsName === undefined ? undefined : outputs[mapsName];
      if (maps !== undefined) {
        const [, , rows = 0, columns = 0] = maps.shape;
        size = { rows, columns };
        logits.forEach((logit, head) => {
          const map = maps.data.subarray(head * rows * columns, (head + 1) * rows * columns);
          const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
          gap = Math.max(gap, Math.abs(mean + bias[head]! - logit));
        });
      }
      cases.push({ ...each, logits, embeddingFirst: embedding.slice(0, FIRST_VALUES) });
    }
  } finally {
    await executor.close();
  }
  return {
    golden: { tolerance: { fp32: 1e-4 * scale, fp16: 1e-2 * scale, int8: 0.1 * scale }, cases },
    maps: gap <= MAP_TOLERANCE * scale ? size : undefined,
  };
}

/** Samples of one head that the training did not learn from. */
export type HeadSamples = ReadonlyMap<string, readonly Sample[]>;

/** A head that cannot be calibrated on them stays undecided, as an imported one does. */
function calibrationFrom(uncalibrated: Calibration, samples: HeadSamples, from: FitPlan['fittedOn']): Calibration {
  const heads = uncalibrated.heads.map((head) => {
    const own = samples.get(head.code) ?? [];
    try {
      return fitHead(own, {
        code: head.code,
        method: 'platt',
        rates: { missed: 0.1, falseAlarms: 0.1 },
        fittedOn: from,
        population: {
          population: both((language) => say(language, 'datasets.population', from)),
          source: say('en', 'datasets.fitted-source', {
            dataset: from.dataset,
            positives: own.filter(({ positive }) => positive).length,
            n: own.length,
          }),
        },
      });
    } catch (error) {
      if (!(error instanceof CareError)) throw error;
      return head;
    }
  });
  return {
    ...uncalibrated,
    version: `trained-${sha256Hex(JSON.stringify(heads)).slice(0, 8)}`,
    method: 'platt',
    errorRate: 0.1,
    heads,
  };
}

export interface HeadToWrite {
  readonly id: string;
  readonly codes: readonly string[];
  readonly base: Model;
  readonly head: TrainedHead;
  readonly held: HeadSamples;
  readonly from: FitPlan['fittedOn'];
}

/** `maps`: `class-map`, or `occlusion` where the backbone does not allow exact ones. */
export async function writeHead(
  folder: string,
  { id, codes, base, head, held, from }: HeadToWrite,
): Promise<{ readonly maps: 'class-map' | 'occlusion' }> {
  const { manifest } = base;
  const model = readOnnx(readFileSync(base.file('fp32').path));
  const { outputs } = manifest;
  const made = withNewHead(model, { embedding: outputs.embedding, prefix: id.replaceAll('-', '_') }, head);
  const { golden, maps } = await answersOf(made, base, head.bias);
  const known = new Map(manifest.heads.map((each) => [each.code, each]));
  const { mapsBy: _mapsBy, ...kept } = outputs;
  const written: ModelManifest = {
    ...manifest,
    id,
    version: VERSION,
    title: { vi: `${id}: đầu mới trên ${manifest.title.vi}`, en: `${id}: a new head on ${manifest.title.en}` },
    files: [
      { precision: 'fp32', file: `${VERSION}/model.onnx`, sha256: sha256Hex(made.graph), bytes: made.graph.length },
    ],
    outputs: {
      ...kept,
      logits: made.logits,
      maps: made.maps ?? outputs.maps,
      ...(maps === undefined
        ? { mapsBy: 'occlusion' as const, mapRows: OCCLUSION_CELLS, mapColumns: OCCLUSION_CELLS }
        : { mapRows: maps.rows, mapColumns: maps.columns }),
    },
    heads: codes.map((code) => {
      const { ageYears: _ageYears, ...same } = known.get(code) ?? {
        code,
        title: { vi: code, en: code },
        priority: 'routine' as const,
      };
      return { ...same, explains: maps !== undefined };
    }),
  };
  writeModelFolder(folder, {
    manifest: written,
    calibration: calibrationFrom(calibrationOf({ id, labels: codes }), held, from),
    golden,
    graph: made.graph,
  });
  return { maps: maps === undefined ? 'occlusion' : 'class-map' };
}
