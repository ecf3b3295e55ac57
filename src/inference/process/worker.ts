// The child process: it proves each model against its golden outputs once, then runs tensors.
import { setPriority } from 'node:os';
import { CareError } from '#kernel/errors.ts';
import type { Tensor } from '#kernel/frame.ts';
import { verifyGolden } from '#models/golden.ts';
import type { ModelManifest } from '#models/schema.ts';
import { contractFaults } from '#inference/engine/contract.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { Executor } from '#inference/executors/executor.ts';
import { openExecutor } from '#inference/executors/open.ts';
import { CHILD_FD, readShared, writeShared } from './shared-file.ts';
import {
  type Fault,
  type LoadedModel,
  requestSchema,
  type PlacedAnswer,
  type PlacedLoad,
  type PlacedRun,
  type PlacedTensor,
  type Report,
} from './wire.ts';

interface Served {
  readonly manifest: ModelManifest;
  readonly executor: Executor;
  readonly identity: PlacedAnswer['identity'];
}

const served = new Map<string, Served>();

const tell = (report: Report): void => {
  process.send?.(report);
};

async function loadOne(model: PlacedLoad['models'][number], order: PlacedLoad): Promise<LoadedModel> {
  const { manifest, golden, precision, sha256, format } = model;
  try {
    const parts = model.parts.map(({ at, bytes }) => {
      const part = new Uint8Array(bytes);
      readShared(CHILD_FD, part, at);
      return part;
    });
    const { providers, threads } = order;
    const { executor, passedOver } = await openExecutor(parts, { providers, threads, manifest, format });
    const faults = contractFaults(executor, manifest);
    if (faults.length > 0) throw inferenceErrors.error('contract', { reason: faults.join('; ') });
    // Also the warm-up: from here on no run pays for first-time allocation.
    const report = await verifyGolden({ manifest, golden }, precision, (input) => executor.run(input));
    const identity = { modelVersion: manifest.version, modelSha256: sha256, precision, provider: executor.provider };
    served.set(manifest.id, { manifest, executor, identity });
    return { outcome: 'ready', modelId: manifest.id, provider: executor.provider, passedOver, golden: report };
  } catch (error) {
    const code = error instanceof CareError ? error.code : 'inference.failed';
    const reason = error instanceof CareError ? error.reason : String(error);
    return { outcome: 'refused', modelId: manifest.id, code, reason };
  }
}

async function load(order: PlacedLoad): Promise<void> {
  // Lower than the API's: answering a clinician comes before reading the next film. Threads started later inherit it.
  if (order.niceness > 0) setPriority(0, order.niceness);
  const models: LoadedModel[] = [];
  for (const model of order.models) models.push(await loadOne(model, order));
  tell({ kind: 'loaded', models });
}

function inputFault({ manifest }: Served, { shape }: PlacedTensor): string | undefined {
  const { channels, rows, columns } = manifest.input;
  const [batch = 0] = shape;
  const wanted = [batch, channels, rows, columns];
  if (batch < 1 || shape.join('×') !== wanted.join('×'))
    return `${shape.join(' × ')}, the model takes ${channels} × ${rows} × ${columns}`;
  return undefined;
}

function isFinite(values: Float32Array): boolean {
  for (let at = 0; at < values.length; at += 1) if (!Number.isFinite(values[at]!)) return false;
  return true;
}

const firstNotFinite = (outputs: Readonly<Record<string, Tensor>>): string | undefined =>
  Object.entries(outputs).find(([, { data }]) => !isFinite(data))?.[0];

/** One run at a time, so one piece of memory serves them all. */
let room = new Float32Array(0);

function inputOf({ shape, at }: PlacedTensor): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  if (room.length < length) room = new Float32Array(length);
  const data = room.subarray(0, length);
  readShared(CHILD_FD, data, at);
  return { shape, data };
}

/** One after the other from the start: the input has been read. */
function placed(outputs: Readonly<Record<string, Tensor>>): PlacedAnswer['outputs'] {
  let end = 0;
  const place = ({ shape, data }: Tensor): PlacedTensor => {
    const at = end;
    writeShared(CHILD_FD, data, at);
    end += data.byteLength;
    return { shape, at };
  };
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, place(tensor)]));
}

async function run({ id, modelId, input }: PlacedRun): Promise<void> {
  const fault = (name: Fault['name'], reason: string): void => tell({ kind: 'fault', id, name, reason });
  const model = served.get(modelId);
  if (model === undefined) return fault('unknown-model', modelId);
  const wrong = inputFault(model, input);
  if (wrong !== undefined) return fault('bad-input', wrong);
  const started = performance.now();
  try {
    const outputs = await model.executor.run(inputOf(input));
    const runMs = performance.now() - started;
    const broken = firstNotFinite(outputs);
    // A NaN is no probability: it must not travel on and be compared with a threshold.
    if (broken !== undefined) return fault('not-finite', broken);
    tell({ kind: 'answer', id, outputs: placed(outputs), identity: model.identity, runMs });
  } catch (error) {
    fault('failed', error instanceof Error ? error.message : String(error));
  }
}

process.on('message', (message) => {
  const order = requestSchema.parse(message);
  void (order.kind === 'load' ? load(order) : run(order));
});

// A child ends with its parent, also with one that was killed.
process.on('disconnect', () => process.exit(0));
// Ctrl-C and a supervisor's SIGTERM reach the whole group; the parent lets running work finish and then says good-bye.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
