// A cohort through the service (NDJSON over HTTP), Apache Spark and DuckDB in one run: persons per second of each, and whether they agree on
// every score, category and refusal. Exit 1 where they do not. Spark and DuckDB run the package of `haidang risk export`:
// `npm run --silent benchmark:cohort -- --python PATH [--persons N] [--equations A,B] [--keep]` (pip install pyspark pandas pyarrow onnxruntime duckdb).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Columns, samplePersons, uniformFrom } from '#risk/input/sample.ts';
import { plainValue } from '#risk/input/value.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  persons: { type: 'string', default: '1000000' },
  equations: { type: 'string', default: 'who_cvd_2019_lab_sea,aha_prevent_2023,gail_bcrat' },
  python: { type: 'string', default: 'python3' },
  keep: { type: 'boolean', default: false },
});
const persons = Number(options.persons);
/** Relative beyond 1: ONNX Runtime for Python may be built with other instructions than that for Node. */
const TOLERANCE = 1e-12;
const folder = mkdtempSync(join(tmpdir(), 'haidang-cohort-'));
const database = await (await DuckDBInstance.create(':memory:')).connect();
const at = (name: string): string => join(folder, name);

type Cell = number | boolean | string;

/** One cell in fifty is absent, one in a hundred impossible: out of range, a code that nobody knows, an age that nobody has. */
function* cells(equation: Equation, columns: Columns): Generator<Record<string, Cell>> {
  const uniform = uniformFrom(7);
  for (let row = 0; row < persons; row += 1) {
    const person: Record<string, Cell> = {};
    for (const input of equation.data.inputs) {
      const chance = uniform();
      if (chance < 0.02) continue;
      const value = plainValue(input, columns[input.name]?.[row] ?? Number.NaN);
      if (chance >= 0.03) person[input.name] = value;
      else if (input.kind === 'number') person[input.name] = chance < 0.0225 ? 1e6 : Number(value) * 1.5;
      else person[input.name] = input.kind === 'coded' && chance < 0.0201 ? 'unheard-of' : value;
    }
    yield person;
  }
}

const TYPES = { number: 'double', boolean: 'boolean', coded: 'varchar' } as const;

async function writePersons(equation: Equation): Promise<void> {
  const columns = samplePersons(equation, { count: persons, seed: 3 });
  const ndjson = createWriteStream(at('persons.ndjson'));
  let row = 0;
  for (const inputs of cells(equation, columns)) {
    if (!ndjson.write(`${JSON.stringify({ id: `p${row}`, inputs })}\n`)) await once(ndjson, 'drain');
    row += 1;
  }
  ndjson.end();
  await once(ndjson, 'finish');
  const fields = equation.data.inputs.map(({ name, kind }) => `"${name}" ${TYPES[kind]}`).join(', ');
  const picked = equation.data.inputs.map(({ name }) => `inputs."${name}" as "${name}"`).join(', ');
  await database.run(
    `copy (select id, ${picked} from read_json('${at('persons.ndjson')}', format='newline_delimited',
       columns={id: 'varchar', inputs: 'struct(${fields})'})) to '${at('persons.parquet')}' (format parquet, row_group_size 65536)`,
  );
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function throughService(address: string, equation: string): Promise<void> {
  const url = new URL(`/v1/risk/cohort?equation=${equation}`, address);
  const agent = new Agent();
  const asked = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/x-ndjson' } });
  const sent = pipeline(createReadStream(at('persons.ndjson')), asked);
  const [answer] = await once(asked, 'response');
  if (answer.statusCode !== 200) throw new Error(`the service answered ${answer.statusCode}`);
  await Promise.all([sent, pipeline(answer, createWriteStream(at('service.ndjson')))]);
  agent.destroy();
}

function python(module: string, equation: string, output: string): void {
  const master = module === 'spark' ? ['--master', 'local[*]'] : [];
  const files = ['--input', at('persons.parquet'), '--output', at(output)];
  const ran = spawnSync(options.python, ['-m', `haidang_risk.${module}`, ...master, '--equation', equation, ...files], {
    cwd: at('package'),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: at('package'), PYSPARK_PYTHON: options.python, OMP_NUM_THREADS: '1' },
  });
  if (ran.status !== 0) throw new Error(`${module}: ${ran.stderr.slice(-4000)}`);
}

/** How far the answers of `path` are from the service's. */
async function compare(equation: Equation, path: string): Promise<Record<string, number>> {
  const { outputs } = equation.data;
  const gaps = outputs
    .filter(({ labels }) => labels === undefined)
    .map(({ name }) => `max(abs(s."${name}" - o."${name}") / greatest(1, abs(s."${name}")))`);
  const differs = ['outcome', 'category', 'reasons'].map((name) => `s.${name} is distinct from o.${name}`);
  const absent = outputs.map(({ name, labels }) =>
    labels === undefined
      ? `(s."${name}" is null) <> (o."${name}" is null)`
      : `s."${name}" is distinct from o."${name}"`,
  );
  const bits = outputs.map(({ name }) => `s."${name}" is distinct from o."${name}"`);
  const result = await database.runAndReadAll(
    `select count(*)::integer as n,
       count(*) filter (${[...differs, ...absent].join(' or ')})::integer as different,
       count(*) filter (${bits.join(' or ')})::integer as bits,
       coalesce(greatest(${[...gaps, '0'].join(', ')}), 0)::double as largest
     from service s full join read_parquet('${path}') o on s.id = o.id`,
  );
  const [n, different, bits_, largest] = (result.getRows()[0] ?? []).map(Number);
  return {
    rows: n ?? 0,
    different: different ?? -1,
    notBitEqual: bits_ ?? -1,
    largestDifference: largest ?? Number.NaN,
  };
}

async function serviceTable(equation: Equation): Promise<void> {
  const fields = equation.data.outputs.map(
    ({ name, labels }) => `"${name}" ${labels === undefined ? 'double' : 'varchar'}`,
  );
  const picked = equation.data.outputs.map(({ name }) => `outputs."${name}" as "${name}"`);
  await database.run(
    `create or replace table service as
     select id, outcome, ${picked.join(', ')}, category,
       array_to_string(list_transform(reasons, r -> case when r.field is null then r.code else r.code || ':' || r.field end), ';') as reasons
     from read_json('${at('service.ndjson')}', format='newline_delimited', columns={kind: 'varchar', id: 'varchar', outcome: 'varchar',
       outputs: 'struct(${fields.join(', ')})', category: 'varchar', reasons: 'struct(code varchar, field varchar)[]'})
     where kind is null`,
  );
}

const server = spawn(process.execPath, [join(root, 'benchmarks/risk/server.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: server.stdout }), 'line');
const library = await openRiskLibrary(join(root, 'models'));
const exported = spawnSync(
  process.execPath,
  [join(root, 'src/cli/main.ts'), 'risk', 'export', '--spark', at('package')],
  {
    encoding: 'utf8',
  },
);
if (exported.status !== 0) throw new Error(exported.stderr);

const rows = [];
let agree = true;
try {
  for (const id of options.equations.split(',')) {
    const equation = library.equations.get(id)?.equation;
    if (equation === undefined) throw new Error(`there is no ${id}`);
    await writePersons(equation);
    const serviceS = await timed(() => throughService(String(line), id));
    await serviceTable(equation);
    const counted = await database.runAndReadAll(
      'select outcome, count(*)::integer from service group by 1 order by 1',
    );
    const sparkS = await timed(() => python('spark', id, 'spark.parquet'));
    const duckdbS = await timed(() => python('duck', id, 'duckdb.parquet'));
    const spark = await compare(equation, join(at('spark.parquet'), '*.parquet'));
    const duckdb = await compare(equation, at('duckdb.parquet'));
    for (const { rows: n, different, largestDifference } of [spark, duckdb])
      agree &&= n === persons && different === 0 && (largestDifference ?? Number.NaN) <= TOLERANCE;
    const rate = (seconds: number) => ({ seconds: round(seconds, 2), personsPerSecond: Math.round(persons / seconds) });
    const row = {
      equation: id,
      persons,
      outcomes: Object.fromEntries(counted.getRows().map(([outcome, n]) => [String(outcome), Number(n)])),
      service: rate(serviceS),
      // The start of Java, Spark and Python included: at a million persons it is a good part of it.
      spark: { ...rate(sparkS), ...spark },
      duckdb: { ...rate(duckdbS), ...duckdb },
    };
    rows.push(row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
} finally {
  server.kill('SIGTERM');
  await library.close();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${agree ? 'all three agree' : 'THEY DO NOT AGREE'} (tolerance ${TOLERANCE})\n`);
if (options.keep) {
  const measuredAt = new Date().toISOString();
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    load: loadavg().map((load) => round(load)),
  };
  keepResult('cohort', { measuredAt, commit, machine, tolerance: TOLERANCE, rows }, { measuredAt });
}
process.exitCode = agree ? 0 : 1;
