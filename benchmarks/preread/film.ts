// Cost of one film on one thread: each part of the pipeline per kind of film and imaging model, each precision, and what the class
// maps add. `npm run --silent benchmark:film -- [--films N] [--seconds N] [--kind TEXT] [--model ID] [--json] [--save]`;
// for one core run it under `taskset -c 0`.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { mapCost, precisionSpeeds } from '../inference/forward.ts';
import { KINDS, filmsOf } from './films.ts';
import { PARTS, type FilmTimes, type Part, oneFilmTimes } from './one-film.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  films: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '5' },
  kind: { type: 'string', default: '' },
  model: { type: 'string' },
  json: { type: 'boolean', default: false },
  save: { type: 'boolean', default: false },
});
const count = Number(options.films);
const seconds = Number(options.seconds);

const row = (times: readonly FilmTimes[], share: number): Record<Part, number> => {
  const of = (part: Part): number =>
    round(
      quantile(
        times.map((each) => each[part]),
        share,
      ),
    );
  return {
    decode: of('decode'),
    tensor: of('tensor'),
    forward: of('forward'),
    decision: of('decision'),
    faithfulness: of('faithfulness'),
    heatmaps: of('heatmaps'),
    total: of('total'),
  };
};

async function pipelineOf(model: Model, drawn: readonly Drawn[]) {
  await using engine = await startEngine({
    models: [model],
    threadsPerProcess: 1,
    niceness: 0,
  });
  const kinds = [];
  for (const { kind, films } of drawn) {
    process.stderr.write(`${model.manifest.id}: ${kind} …\n`);
    const { times, processorMs } = await oneFilmTimes(films, model, engine);
    const mapsPerFilm = round(times.reduce((sum, { maps }) => sum + maps, 0) / times.length);
    kinds.push({
      kind,
      mapsPerFilm,
      processorMs: processorMs === null ? null : round(processorMs),
      p50Ms: row(times, 0.5),
      p95Ms: row(times, 0.95),
    });
  }
  return kinds;
}

interface Drawn {
  readonly kind: string;
  readonly films: readonly Uint8Array[];
}

async function measured(model: Model, drawn: readonly Drawn[]) {
  const { id, version } = model.manifest;
  const pipeline = await pipelineOf(model, drawn);
  process.stderr.write(`${id}: forward passes …\n`);
  const precisions = (await precisionSpeeds(model, seconds)).map((speed) => ({
    precision: speed.precision,
    megabytes: round(speed.megabytes, 2),
    forwardMs: round(speed.forwardMs, 2),
    filmsPerSecond: round(speed.filmsPerSecond),
  }));
  const cost = await mapCost(model, seconds);
  const maps =
    cost === undefined
      ? null
      : {
          wholeMs: round(cost.wholeMs, 2),
          withoutMapsMs: round(cost.withoutMapsMs, 2),
          withoutHeadMs: round(cost.withoutHeadMs, 2),
          removedNodes: cost.removedNodes,
          largestSharePercent: round(cost.largestShare * 100),
        };
  const { precision, sha256 } = model.file();
  return { id, version, precision, sha256, pipeline, precisions, maps };
}

const { models, refused } = await loadModels(join(root, 'models'));
for (const { folder, reason } of refused) process.stderr.write(`${folder} is refused: ${reason}\n`);
const chosen = models.filter(({ manifest }) => options.model === undefined || manifest.id === options.model);
if (chosen.length === 0)
  throw new Error(`no such model; there are ${models.map(({ manifest }) => manifest.id).join(', ')}`);

const loadBefore = round(loadavg()[0] ?? 0);
const drawn: Drawn[] = [];
for (const kind of KINDS.filter(({ name }) => name.includes(options.kind))) {
  process.stderr.write(`drawing ${kind.name} …\n`);
  drawn.push({ kind: kind.name, films: await filmsOf(kind, count) });
}
const results = [];
for (const model of chosen) results.push(await measured(model, drawn));
const result = {
  benchmark: 'one film, one thread',
  date: new Date().toISOString(),
  commit,
  // `cores` is what this process may use: 1 under taskset.
  machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), loadBefore },
  node: process.version,
  films: count,
  models: results,
};

function* tableOf(): Generator<string> {
  yield `${result.machine.cpu}, ${result.machine.cores} core(s) to use, load before ${loadBefore}, ${count} films a kind, commit ${commit}`;
  for (const { id, version, precision: ran, pipeline, precisions, maps } of result.models) {
    yield `\n${id} ${version} ${ran}: milliseconds a film, p50 / p95`;
    yield `  ${'kind'.padEnd(24)}${PARTS.map((part) => part.padStart(16)).join('')}   processor  maps`;
    for (const { kind, p50Ms, p95Ms, processorMs, mapsPerFilm } of pipeline)
      yield `  ${kind.padEnd(24)}${PARTS.map((part) => `${p50Ms[part]} / ${p95Ms[part]}`.padStart(16)).join('')}   ${String(processorMs ?? '?').padStart(9)}  ${mapsPerFilm}`;
    for (const { precision, megabytes, forwardMs, filmsPerSecond } of precisions)
      yield `  ${precision}  ${megabytes} MB  forward ${forwardMs} ms of processor  ${filmsPerSecond} films/s on one core`;
    if (maps !== null)
      yield `  class maps: whole graph ${maps.wholeMs} ms, without maps ${maps.withoutMapsMs} ms, without maps and logits ${maps.withoutHeadMs} ms: at most ${maps.largestSharePercent} % of the forward pass`;
  }
}

if (options.save) keepResult('preread', result, { measuredAt: result.date, suffix: '-film' });
process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${[...tableOf()].join('\n')}\n`);
