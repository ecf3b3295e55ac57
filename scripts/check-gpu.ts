// `npm run check:gpu -- [--out FILE] [--seconds N]`: which execution providers run the reading model on this host, whether they reproduce its golden
// outputs, how far their answers are from those of the processor, and how many films a second they read at which batch. Says plainly when
// there is no GPU. Writes FILE; exit 1 when a provider runs but differs by more than its precision allows.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type ModelOutputs } from '#inference/engine/engine.ts';
import { type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import type { Tensor } from '#kernel/frame.ts';
import { goldenPicture } from '#models/golden.ts';
import { loadModels, modelNamed } from '#models/load.ts';
import { stack } from '#tensor/stack.ts';
import { toTensor } from '#tensor/to-tensor.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    model: { type: 'string', default: 'cxr-findings' },
  },
});
const model = modelNamed(await loadModels('models'), values.model);
const { id, preprocessing, outputs, files } = model.manifest;
const PROVIDERS = ['cuda', 'webgpu', 'cpu'] as const;
const PRECISIONS = files.map(({ precision }) => precision).filter((precision) => precision !== 'int8');
const BATCHES = [1, 8, 32];
/** Of a logit, from the processor's fp32; rounding of half precision is about a thousandth of a value. */
const ALLOWED = { fp32: 1e-3, fp16: 0.1, int8: Number.POSITIVE_INFINITY } as const;

const films = Array.from({ length: Math.max(...BATCHES) }, (_, i) => {
  const picture = goldenPicture({ rows: 224, columns: 200, a: 0.05 + i / 200, b: 0.03 + i / 300 });
  return toTensor(picture, preprocessing).tensor;
});
const run = (engine: RunningEngine, input: Tensor): Promise<ModelOutputs> =>
  engine.run(id, input, { deadlineMs: 120_000 });

/** The card and its driver, where NVIDIA's tool is there to ask. */
function card(): string | undefined {
  const asked = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

async function timed(engine: RunningEngine, batch: number) {
  const input = stack(films.slice(0, batch));
  // The first run of a shape compiles or tunes.
  await run(engine, input);
  const started = performance.now();
  let runs = 0;
  do {
    await run(engine, input);
    runs += 1;
  } while (performance.now() - started < Number(values.seconds) * 1000);
  const ms = (performance.now() - started) / runs;
  return { batch, msPerBatch: Number(ms.toFixed(2)), filmsPerSecond: Number(((1000 * batch) / ms).toFixed(1)) };
}

const largestGap = (one: Tensor | undefined, other: Tensor | undefined): number =>
  Math.max(...[...(one?.data ?? [Number.NaN])].map((value, at) => Math.abs(value - (other?.data[at] ?? Number.NaN))));

async function check(provider: string, precision: (typeof PRECISIONS)[number], reference: Tensor | undefined) {
  const threads = provider === 'cpu' ? availableParallelism() : 1;
  await using engine = await startEngine({
    models: [model],
    providers: [provider],
    precision,
    threadsPerProcess: threads,
  });
  const state = engine.states().get(id);
  if (state?.state !== 'ready') {
    const reason = state?.state === 'refused' ? state.reason : 'it did not start';
    return { provider, precision, outcome: 'absent' as const, reason };
  }
  const answer = (await run(engine, stack(films.slice(0, 8)))).outputs[outputs.logits];
  const difference = reference === undefined ? 0 : largestGap(reference, answer);
  const times = [];
  for (const batch of BATCHES) times.push(await timed(engine, batch));
  const agrees = difference <= ALLOWED[precision];
  return {
    provider,
    precision,
    outcome: 'runs' as const,
    agrees,
    answer,
    goldenDifference: state.goldenDifference,
    difference,
    times,
  };
}

const [first = 'fp32'] = PRECISIONS;
const reference = await check('cpu', first, undefined);
const checks = [];
for (const provider of PROVIDERS)
  for (const precision of PRECISIONS) {
    const { answer: _, ...told } =
      provider === 'cpu' && precision === first
        ? { answer: undefined, ...reference }
        : {
            answer: undefined,
            ...(await check(provider, precision, 'answer' in reference ? reference.answer : undefined)),
          };
    checks.push(told);
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
const onGpu = checks.filter(({ provider, outcome }) => provider !== 'cpu' && outcome === 'runs');
const why = checks.flatMap((each) =>
  each.outcome === 'absent' && each.precision === first ? [`${each.provider}: ${each.reason}`] : [],
);
process.stdout.write(
  onGpu.length === 0
    ? `no GPU here (${why.join('; ')}); the processor runs the model\n`
    : `GPU: ${card() ?? 'a WebGPU adapter'}; ${onGpu.map(({ provider, precision }) => `${provider} ${precision}`).join(', ')}\n`,
);
if (values.out !== undefined) {
  const machine = { cores: availableParallelism(), processor: cpus()[0]?.model, card: card() ?? null };
  writeFileSync(
    values.out,
    `${JSON.stringify({ model: id, version: model.manifest.version, machine, hasGpu: onGpu.length > 0, checks }, null, 2)}\n`,
  );
}
process.exitCode =
  reference.outcome === 'runs' && checks.every((each) => each.outcome === 'absent' || each.agrees) ? 0 : 1;
