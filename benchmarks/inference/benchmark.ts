// Cost of running a model in a child process, and the delay that the answering process sees. Prints a report and
// writes results/<date>-<commit>.json: `node benchmarks/inference/benchmark.ts [--model ID] [--seconds N]`.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Tensor } from '#kernel/frame.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import { type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import { loadModel } from '#models/load.ts';
import { type Model, readModelFile } from '#models/model.ts';
import { stack } from '#tensor/stack.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  model: { type: 'string', default: 'cxr-findings' },
  seconds: { type: 'string', default: '5' },
});
const seconds = Number(options.seconds);
const model = await loadModel(join(root, 'models', options.model));
const { channels, rows, columns } = model.manifest.input;

/** Noise: the network does the same work on anything. */
const film = (seed: number): Tensor => ({
  shape: [1, channels, rows, columns],
  data: Float32Array.from({ length: channels * rows * columns }, (_, i) => Math.sin(seed + i * 0.7)),
});

async function bare(of: Model, threads: number, batch: number) {
  const executor = await openOnnx(await readModelFile(of.file()), {
    provider: 'cpu',
    threads,
    manifest: of.manifest,
  });
  const input = stack(Array.from({ length: batch }, (_, i) => film(i)));
  await executor.run(input);
  const started = performance.now();
  let films = 0;
  while (performance.now() - started < seconds * 1000) {
    await executor.run(input);
    films += batch;
  }
  const filmsPerSecond = round((films * 1000) / (performance.now() - started));
  await executor.close();
  return { threads, batch, filmsPerSecond };
}

/** Keeps `inFlight` requests going for the given time. */
async function load(engine: RunningEngine, inFlight: number) {
  const walls: number[] = [];
  const overheads: number[] = [];
  const started = performance.now();
  const client = async (seed: number): Promise<void> => {
    const input = film(seed);
    while (performance.now() - started < seconds * 1000) {
      const sent = performance.now();
      const { runMs } = await engine.run(model.manifest.id, input, { deadlineMs: 60_000 });
      const wall = performance.now() - sent;
      walls.push(wall);
      overheads.push(wall - runMs);
    }
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await Promise.all(Array.from({ length: inFlight }, (_, i) => client(i)));
  delay.disable();
  const elapsed = performance.now() - started;
  return {
    inFlight,
    filmsPerSecond: round((walls.length * 1000) / elapsed),
    p50Ms: round(quantile(walls, 0.5)),
    p95Ms: round(quantile(walls, 0.95)),
    // With one in flight this is what leaving the process costs; with more it is mostly waiting.
    p50OutsideRunMs: round(quantile(overheads, 0.5), 2),
    eventLoopP99Ms: round(delay.percentile(99) / 1e6, 2),
    eventLoopMaxMs: round(delay.max / 1e6, 2),
  };
}

async function served(processes: number, threadsPerProcess: number) {
  const started = performance.now();
  await using engine = await startEngine({ models: [model], processes, threadsPerProcess, queueLimit: 1000 });
  const readyMs = round(performance.now() - started, 0);
  return { processes, threadsPerProcess, readyMs, loads: [await load(engine, 1), await load(engine, 8)] };
}

/** From the SIGKILL of the only child to the answer of the request that it was working on. */
async function afterKill() {
  await using engine = await startEngine({ models: [model] });
  const times: number[] = [];
  for (let seed = 0; seed < 5; seed += 1) {
    await engine.run(model.manifest.id, film(seed), { deadlineMs: 60_000 });
    const pending = engine.run(model.manifest.id, film(seed), { deadlineMs: 60_000 });
    const [pid = 0] = engine.processIds();
    const killed = performance.now();
    process.kill(pid, 'SIGKILL');
    await pending;
    times.push(performance.now() - killed);
  }
  return { killToAnswerMs: times.map((time) => round(time, 0)) };
}

const result = {
  benchmark: 'inference',
  date: new Date().toISOString(),
  commit,
  machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), loadBefore: round(loadavg()[0] ?? 0) },
  node: process.version,
  model: { id: model.manifest.id, version: model.manifest.version, sha256: model.file().sha256 },
  bare: [await bare(model, 1, 1), await bare(model, 1, 8), await bare(model, 2, 1), await bare(model, 2, 8)],
  engine: [await served(1, 1), await served(1, 2), await served(2, 1)],
  ...(await afterKill()),
};

process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
keepResult('inference', result, { measuredAt: result.date });
