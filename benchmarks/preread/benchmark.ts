// Films per second and latency of the whole pre-read, from upload to stored reading, per kind of film, beside bare ONNX Runtime and
// beside decoding the whole film; cold start; and whether the service still answers while it works. Prints a report and writes
// results/<date>-<commit>.json: `npm run --silent benchmark:preread -- [--films N]`.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import { loadModel } from '#models/load.ts';
import { readModelFile } from '#models/model.ts';
import { prepareImage, specFor } from '#preread/read/prepare.ts';
import { KINDS, filmsOf } from './films.ts';
import { type BenchService, startBenchService } from './service.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, { films: { type: 'string', default: '24' } });
const count = Number(options.films);
const model = await loadModel(join(root, 'models', 'cxr-findings'));
const IN_FLIGHT = 8;
const uploaded = z.object({ studies: z.array(z.string()).optional() });
const asked = z.object({ reading: z.object({ outcome: z.string() }).nullable() });

const medianMs = async (rounds: number, work: (round: number) => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const started = performance.now();
    await work(i);
    times.push(performance.now() - started);
  }
  return quantile(times, 0.5);
};

/** Each question costs the service some milliseconds, which it would else spend on reading. */
const ASK_ALONE_MS = 20;
const ASK_TOGETHER_MS = 100;

/** Upload, then ask every `askMs` until the reading is there; returns milliseconds from the first byte sent. */
async function readOne(service: BenchService, bytes: Uint8Array, askMs: number): Promise<number> {
  const started = performance.now();
  const posted = await fetch(`${service.address}/v1/studies`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: Buffer.from(bytes),
  });
  const answer = uploaded.parse(await posted.json());
  const uid = answer.studies?.[0];
  if (uid === undefined) throw new Error(`refused with ${posted.status}: ${JSON.stringify(answer)}`);
  for (;;) {
    const study = asked.parse(await (await fetch(`${service.address}/v1/studies/${uid}`)).json());
    if (study.reading !== null) return performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, askMs));
  }
}

async function endToEnd(service: BenchService, films: readonly Uint8Array[]) {
  const alone: number[] = [];
  const few = Math.max(3, Math.floor(films.length / 4));
  for (const film of films.slice(0, few)) alone.push(await readOne(service, film, ASK_ALONE_MS));
  const queue = films.slice(few).values();
  const together: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const film of queue) together.push(await readOne(service, film, ASK_TOGETHER_MS));
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return {
    filmsPerSecond: round(together.length / seconds),
    aloneP50Ms: round(quantile(alone, 0.5), 0),
    aloneWorstMs: round(Math.max(...alone), 0),
    eightInFlightP95Ms: round(quantile(together, 0.95), 0),
  };
}

/** Asks /health/live every 10 ms, on a connection kept open, until told to stop. */
function watchHealth(service: BenchService): {
  stop(): Promise<{ asked: number; p50Ms: number; p99Ms: number; worstMs: number }>;
} {
  const times: number[] = [];
  const stopping = new AbortController();
  const done = (async () => {
    while (!stopping.signal.aborted) {
      const started = performance.now();
      await fetch(`${service.address}/health/live`).then((reply) => reply.text());
      times.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await done;
      return {
        asked: times.length,
        p50Ms: round(quantile(times, 0.5)),
        p99Ms: round(quantile(times, 0.99)),
        worstMs: round(Math.max(...times)),
      };
    },
  };
}

const executor = await openOnnx(await readModelFile(model.file()), {
  provider: 'cpu',
  threads: 1,
  manifest: model.manifest,
});
const service = await startBenchService(root);
const loadBefore = round(loadavg()[0] ?? 0);
const kinds: Record<string, unknown>[] = [];
for (const kind of KINDS) {
  process.stderr.write(`${kind.name}: drawing ${count} films …\n`);
  const films = await filmsOf(kind, count);
  const [first] = films;
  if (first === undefined) throw new Error('no film');
  const sample = Buffer.from(first);
  const { tensor } = await prepareImage(sample, specFor(model.manifest));
  const bareMs = await medianMs(20, () => executor.run(tensor));
  const tensorMs = await medianMs(7, () => prepareImage(Buffer.from(first), specFor(model.manifest)));
  const wholeMs = await medianMs(3, () => decodeStored(parseDicom(Buffer.from(first))));
  process.stderr.write(`${kind.name}: reading …\n`);
  const health = watchHealth(service);
  const served = await endToEnd(service, films);
  kinds.push({
    kind: kind.name,
    fileMegabytes: round(first.length / 1e6, 2),
    ...served,
    // One core, in this process: what each part costs by itself.
    bareOnnxMs: round(bareMs),
    decodeForTensorMs: round(tensorMs),
    decodeWholeMs: round(wholeMs),
    wholeOverTensor: round(wholeMs / tensorMs),
    healthLive: await health.stop(),
  });
}
const { coldStartSeconds } = service;
await service.stop();
await executor.close();

const result = {
  benchmark: 'preread',
  date: new Date().toISOString(),
  commit,
  machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), loadBefore },
  node: process.version,
  model: { id: model.manifest.id, version: model.manifest.version, sha256: model.file().sha256 },
  coldStartSeconds: round(coldStartSeconds),
  films: count,
  kinds,
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
keepResult('preread', result, { measuredAt: result.date });
