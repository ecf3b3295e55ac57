// Similar cases: how long a search takes, with which filter, and what share of the truly nearest it finds. Prints a report and writes
// results/<date>-<commit>-<host>.json: `node benchmarks/retrieval/benchmark.ts [--rows N] [--dimensions N] [--database-url URL]`.
// The embedded database by default; with a URL a real PostgreSQL, in a schema of its own that is removed at the end.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { auditRecall } from '#similarity/recall-audit.ts';
import type { VectorQuery } from '#similarity/vector-index.ts';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { storeOver } from '#store/store.ts';
import { type Row, seeded, vectorsLike } from './vectors.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  rows: { type: 'string', default: '8000' },
  dimensions: { type: 'string', default: '512' },
  queries: { type: 'string', default: '200' },
  'database-url': { type: 'string' },
});
const rows = Number(options.rows);
const dimensions = Number(options.dimensions);
const queries = Number(options.queries);
const url = options['database-url'];
const K = 10;
const BATCH = 250;

const dataDir = mkdtempSync(join(tmpdir(), 'haidang-retrieval-'));
const schema = `bench_${randomUUID().replaceAll('-', '')}`;
const host =
  url === undefined ? await openEmbedded(dataDir, schema) : await openPostgresql({ url, schema, log: () => {} });
const database = await openDatabase(host);
const store = await storeOver(database, { dataDir, schema, clock: systemClock });
const facility = await store.facility('bench');
const random = seeded(20_260_301);
const next = vectorsLike(dimensions, random);

const space = {
  inputSha256: '0'.repeat(64),
  pipelineVersion: '1',
  modelId: 'bench',
  modelVersion: '1',
  modelSha256: '0'.repeat(64),
  provider: 'none',
  precision: 'fp32',
  calibrationVersion: '1',
  thresholdVersion: '1',
};

/** One real commit makes the space; it is also timed, since the vector must not be felt there. */
async function commitOne(): Promise<number> {
  const uid = `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
  const blob = { sha256: '0'.repeat(64), bytes: 1 };
  const instance = { sopInstanceUid: uid, studyUid: uid, seriesUid: uid, format: 'dicom' as const, blob };
  await facility.intake.accept({ ...instance, patient: { id: uid }, notForClinicalUse: true }, { actor: 'benchmark' });
  const reading = {
    id: randomUUID(),
    facilityId: 'bench',
    studyUid: uid,
    sopInstanceUids: [uid],
    outcome: 'assessed' as const,
    reasons: [],
    findings: [],
    priority: 'routine' as const,
    readAt: systemClock.now().toISOString(),
    provenance: space,
    notForClinicalUse: true,
  };
  const embedding = { vector: next(), facets: { findings: [], labelSource: 'model' as const } };
  const started = performance.now();
  await facility.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit: [], embedding });
  return performance.now() - started;
}

async function insert(batch: readonly Row[]): Promise<void> {
  await database.query(
    `insert into embedding (space_id, reading_id, facility_id, study_uid, patient_key, age_years, sex, view, findings, in_graph,
       label_source, vector)
     select (select id from embedding_space), gen_random_uuid(), 'bench', r.study, r.patient, r.age, r.sex, r.view, r.findings,
       true, 'model', r.vector::halfvec
     from jsonb_to_recordset($1) as r(study text, patient text, age float8, sex text, view text, findings text[], vector text)`,
    [JSON.stringify(batch)],
  );
}

function row(n: number): Row {
  return {
    study: `s${n}`,
    // Two films of each person on average.
    patient: `id:${Math.floor(n / 2)}`,
    age: Math.floor(random() * 95),
    sex: random() < 0.5 ? 'F' : 'M',
    view: random() < 0.8 ? 'PA' : 'AP',
    findings: [...(random() < 0.05 ? ['Pneumothorax'] : []), ...(random() < 0.3 ? ['Effusion'] : [])],
    vector: `[${[...next()].join(',')}]`,
  };
}

async function timed(name: string, filter: VectorQuery['filter'], method?: VectorQuery['method']) {
  const times: number[] = [];
  const methods = new Set<string>();
  let fewest = K;
  for (let i = 0; i < queries; i += 1) {
    const query = { space, vector: next(), k: K, ...(filter && { filter }), ...(method && { method }) };
    const started = performance.now();
    const answer = await facility.embeddings.search(query);
    times.push(performance.now() - started);
    methods.add(answer.method);
    fewest = Math.min(fewest, answer.neighbours.length);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => round(times[Math.floor(times.length * share)] ?? Number.NaN);
  return { filter: name, method: [...methods].join('+'), fewest, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

try {
  const firstCommitMs = await commitOne();
  const started = performance.now();
  for (let n = 0; n < rows; n += BATCH) {
    await insert(Array.from({ length: Math.min(BATCH, rows - n) }, (_, i) => row(n + i)));
    process.stderr.write(`\r${n + BATCH} of ${rows} vectors in the graph`);
  }
  const insertSeconds = (performance.now() - started) / 1_000;
  process.stderr.write('\n');
  await database.query('analyze');
  const audit = await auditRecall(facility.embeddings, { space, clock: systemClock, k: K, queries: 50 });
  const commits: number[] = [];
  for (let i = 0; i < 50; i += 1) commits.push(await commitOne());
  commits.sort((a, b) => a - b);
  const [version] = await database.query<{ postgres: string; pgvector: string }>(
    `select current_setting('server_version') as postgres, extversion as pgvector from pg_extension where extname = 'vector'`,
  );
  const result = {
    benchmark: 'retrieval',
    date: systemClock.now().toISOString(),
    commit,
    machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), load: round(loadavg()[0] ?? 0) },
    node: process.version,
    host: database.host,
    ...version,
    rows,
    dimensions,
    k: K,
    graphMsPerVector: round((insertSeconds * 1_000) / rows, 2),
    firstCommitMs: round(firstCommitMs),
    commitMs: { p50: round(commits[25] ?? Number.NaN), p95: round(commits[47] ?? Number.NaN) },
    recall: audit.figures.map(({ filter, recall, efSearch }) => ({ filter, recall: round(recall, 4), efSearch })),
    recallReached: audit.reached,
    searches: [
      await timed('all', undefined),
      await timed('all', undefined, 'exact'),
      await timed('sex=F', { sex: 'F' }),
      await timed('view=AP', { view: 'AP' }),
      await timed('age=40-64', { ageYears: { from: 40, to: 64 } }),
      await timed('finding=Pneumothorax', { finding: 'Pneumothorax' }),
      await timed('finding=Pneumothorax,sex=F,view=AP', { finding: 'Pneumothorax', sex: 'F', view: 'AP' }),
    ],
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  keepResult('retrieval', result, { measuredAt: result.date, suffix: `-${result.host}` });
} finally {
  if (url !== undefined) await database.query(`drop schema ${schema} cascade`);
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
}
