// One assessment with explanation and what-ifs over HTTP (p50, p99), and a cohort of a million persons for WHO 2019 and PREVENT: the graph
// beside vectorised numpy and a plain TypeScript loop, in one run. Prints a report and writes results/<date>-<commit>.json:
// `npm run --silent benchmark:risk -- [--persons N] [--requests N] [--python PATH]`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { assessColumns } from '#risk/cohort/columns.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { samplePersons, type Columns } from '#risk/input/sample.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { preventLoop, whoLoop, type Loop } from './plain.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  persons: { type: 'string', default: '1000000' },
  requests: { type: 'string', default: '1000' },
  python: { type: 'string', default: 'python3' },
});
const persons = Number(options.persons);
const requests = Number(options.requests);
const here = new URL('./', import.meta.url).pathname;
const ROUNDS = 3;

interface Timed {
  readonly wallS: number;
  /** Of all threads of the process: what "per core" is reckoned by, also on a machine that does other work. */
  readonly cpuS: number;
}

async function best(work: () => Promise<unknown> | unknown): Promise<Timed> {
  const runs: Timed[] = [];
  for (let at = 0; at < ROUNDS; at += 1) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(used);
    runs.push({ wallS: (performance.now() - started) / 1000, cpuS: (user + system) / 1e6 });
  }
  return { wallS: Math.min(...runs.map(({ wallS }) => wallS)), cpuS: Math.min(...runs.map(({ cpuS }) => cpuS)) };
}

const seconds = z.object({ wallS: z.number(), cpuS: z.number(), checksum: z.number() });
/** `refusing`: with the refusals and categories of the graph, where plain.py has them; the other is the value alone. */
const numpyAnswer = seconds.extend({ numpy: z.string(), refusing: seconds.optional() });

/** What plain.py needs besides the columns; the numbers are those of equation.json. */
function factsOf(equation: Equation, columns: Columns): object {
  const linear = equation.steps.filter((step) => step.kind === 'linear');
  const terms = [...new Set(linear.flatMap((step) => step.terms.map(({ of }) => of.text)))];
  const betas = linear.map((step) =>
    [0, 1].map((sex) => [
      ...terms.map((text) => step.terms.find(({ of }) => of.text === text)?.betas[sex] ?? 0),
      step.intercepts[sex] ?? 0,
    ]),
  );
  const cuts = Object.fromEntries([...equation.bands].map(([name, band]) => [name, band.cuts.map(({ at }) => at)]));
  const chart = [...(equation.tables.get('chart')?.values ?? [])];
  const ranges = equation.data.inputs.flatMap(({ name, ...input }) => {
    if (input.kind !== 'number') return [];
    const { minimum = -1e300, maximum, below } = input.range;
    return [[name, minimum, maximum ?? below ?? 1e300, maximum === undefined && below !== undefined]];
  });
  const levels = equation.data.inputs.filter(({ kind }) => kind !== 'number').map(({ name }) => name);
  const categories = (equation.data.outputs[0]?.categories ?? []).flatMap(({ when }) => {
    const cut = /^\w+ < ([\d.]+)$/.exec(when.text)?.[1];
    return cut === undefined ? [] : [Number(cut)];
  });
  return { columns: Object.keys(columns), terms, betas, cuts, chart, ranges, levels, categories };
}

function numpy(equation: Equation, columns: Columns, valid: Float64Array): z.infer<typeof numpyAnswer> | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'risk-benchmark-'));
  try {
    const bytes = (column: Float64Array) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    for (const [name, column] of Object.entries(columns)) writeFileSync(join(folder, `${name}.f64`), bytes(column));
    writeFileSync(join(folder, 'valid.f64'), bytes(valid));
    writeFileSync(join(folder, 'facts.json'), JSON.stringify(factsOf(equation, columns)));
    const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
    const ran = spawnSync(options.python, [join(here, 'plain.py'), folder, equation.data.id, String(ROUNDS)], {
      encoding: 'utf8',
      env: { ...process.env, ...one },
    });
    return ran.status === 0 ? numpyAnswer.parse(JSON.parse(ran.stdout)) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const library = await openRiskLibrary(join(root, 'models'));

async function cohort(id: string, makeLoop: (equation: Equation) => Loop) {
  const served = library.equations.get(id);
  if (served === undefined) throw new Error(`${id} is not served`);
  const { equation } = served;
  const columns = samplePersons(equation, { count: persons, seed: 1 });
  const [first] = equation.data.outputs;
  const results = await assessColumns(served, columns, persons);
  const graph = results.values[first?.name ?? ''] ?? new Float64Array(persons);
  const valid = graph.map((value) => Number(!Number.isNaN(value)));
  const sum = graph.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  const onnx = await best(() => assessColumns(served, columns, persons));
  const loop = makeLoop(equation);
  const plain = loop(columns, persons);
  const width = plain.length / persons;
  const plainSum = valid.reduce((total, one, at) => total + (one === 1 ? plain[at * width]! : 0), 0);
  const typescript = await best(() => loop(columns, persons));
  const python = numpy(equation, columns, valid);
  const sums = [plainSum, ...(python === undefined ? [] : [python.checksum, python.refusing?.checksum ?? sum])];
  const apart = Math.max(...sums.map((one) => Math.abs(one / sum - 1)));
  if (apart > 1e-9) throw new Error(`the three do not agree on ${id}: ${apart}`);
  const rate = (timed: Timed | undefined) =>
    timed === undefined
      ? null
      : {
          personsPerSecond: Math.round(persons / timed.wallS),
          personsPerSecondPerCore: Math.round(persons / timed.cpuS),
        };
  return {
    equation: id,
    persons,
    outputs: equation.data.outputs.length,
    refusedByRange: valid.reduce((total, one) => total + (1 - one), 0),
    graph: rate(onnx),
    numpy: python === undefined ? null : { version: python.numpy, ...rate(python) },
    numpyRefusing: rate(python?.refusing),
    typescriptLoop: rate(typescript),
  };
}

const time = new Date().toISOString().slice(0, 10);
const measurements = [
  { code: '8480-6', value: 158, unit: 'mm[Hg]', time },
  { code: '14647-2', value: 6.4, unit: 'mmol/L', time },
  { code: '14646-4', value: 1.0, unit: 'mmol/L', time },
  { code: '29463-7', value: 72, unit: 'kg', time },
  { code: '8302-2', value: 165, unit: 'cm', time },
  { code: '72166-2', value: '449868002', time },
  { code: 'diabetes', value: true },
  { code: 'bp_treated', value: true },
  { code: 'statin', value: true },
  { code: '14682-9', value: 98, unit: 'umol/L', time },
];
const patient = { sex: 'male', ageYears: 60 };
const BODIES = {
  'PREVENT, explained': { patient, measurements, equations: ['aha_prevent_2023'] },
  'WHO 2019, explained': { patient, measurements, equations: ['who_cvd_2019_lab_sea'] },
  'PREVENT, value only': { patient, measurements, equations: ['aha_prevent_2023'], explain: false },
  'all thirty, explained': { patient, measurements },
};

async function latencies() {
  const server = spawn(process.execPath, [join(here, 'server.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [address] = await once(createInterface({ input: server.stdout }), 'line');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = new URL('/v1/risk/assess', z.string().parse(address));
  const ask = (body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
        incoming.resume();
        incoming.on('end', () => {
          if (incoming.statusCode === 200) resolve(performance.now() - started);
          else reject(new Error(`answered ${incoming.statusCode}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  try {
    const rows = [];
    for (const [name, body] of Object.entries(BODIES)) {
      const text = JSON.stringify(body);
      for (let at = 0; at < 200; at += 1) await ask(text);
      const times: number[] = [];
      for (let at = 0; at < requests; at += 1) times.push(await ask(text));
      rows.push({ request: name, p50Ms: round(quantile(times, 0.5), 2), p99Ms: round(quantile(times, 0.99), 2) });
    }
    return rows;
  } finally {
    agent.destroy();
    server.kill('SIGTERM');
  }
}

const loadBefore = loadavg()[0] ?? 0;
const http = await latencies();
const cohorts = [await cohort('who_cvd_2019_lab_sea', whoLoop), await cohort('aha_prevent_2023', preventLoop)];
await library.close();

const report = {
  measuredAt: new Date().toISOString(),
  commit,
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    loadBefore: round(loadBefore, 2),
  },
  requestsEach: requests,
  http,
  cohorts,
};
keepResult('risk', report, { measuredAt: report.measuredAt });
const perCore = (rate: { personsPerSecondPerCore?: number } | null): string =>
  rate?.personsPerSecondPerCore?.toLocaleString('en') ?? 'not run';
process.stdout.write(
  [
    ...http.map(({ request: name, p50Ms, p99Ms }) => `${name.padEnd(24)} p50 ${p50Ms} ms, p99 ${p99Ms} ms`),
    ...cohorts.map(
      ({ equation, graph, numpy: python, numpyRefusing, typescriptLoop }) =>
        `${equation.padEnd(24)} persons/s/core: graph ${perCore(graph)}, numpy ${perCore(python)}, numpy with the graph's refusals and categories ${perCore(numpyRefusing)}, TypeScript loop ${perCore(typescriptLoop)}`,
    ),
    `load before: ${round(loadBefore, 2)} on ${availableParallelism()} cores`,
    '',
  ].join('\n'),
);
