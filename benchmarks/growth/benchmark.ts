// Growth of the archive: worklist, search, alerts, audit and the commit of a study at 10,000, 100,000 and 1,000,000 studies on a real
// PostgreSQL, each asked through the store. Prints p50 and p95, and the p95 of the largest size over that of the smallest:
// `npm run --silent benchmark:growth -- --database-url URL [--sizes 10000,100000,1000000] [--keep]`. Works in a schema of its own.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#store/host/database.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { storeOver } from '#store/store.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';
import { fill, OPEN, patientId, studyUid } from './fill.ts';

const options = readOptions(import.meta.url, {
  'database-url': { type: 'string' },
  sizes: { type: 'string', default: '10000,100000,1000000' },
  questions: { type: 'string', default: '100' },
  keep: { type: 'boolean', default: false },
});
const url = options['database-url'];
if (url === undefined)
  throw new Error('--database-url is needed: the embedded database is not meant for a million studies');
const sizes = options.sizes.split(',').map(Number);
const dataDir = mkdtempSync(join(tmpdir(), 'haidang-growth-'));
const schema = `bench_${randomUUID().replaceAll('-', '')}`;
const database = await openDatabase(await openPostgresql({ url, schema, log: () => undefined }));
const store = await storeOver(database, { dataDir, schema, clock: systemClock });
const facility = await store.facility('bench');

/** Any study of the archive, the same at every run. */
const anyOf = (size: number, turn: number): number => Math.floor(((turn * 0.618_033_988_7) % 1) * size);
const agedBefore = (): string => new Date(Date.now() - 4 * 3_600_000).toISOString();

async function commitOne(): Promise<unknown> {
  const uid = `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
  const blob = {
    sha256: uid
      .slice(5)
      .padEnd(64, '0')
      .slice(0, 64)
      .replaceAll(/[^0-9a-f]/g, '0'),
    bytes: 1,
  };
  const instance = { sopInstanceUid: `${uid}.1`, studyUid: uid, seriesUid: `${uid}.2`, format: 'dicom' as const, blob };
  return facility.intake.accept(
    { ...instance, patient: { id: patientId(1), name: 'NGUYỄN^AN' }, notForClinicalUse: true },
    { actor: 'benchmark' },
  );
}

const QUESTIONS: Readonly<Record<string, (size: number, turn: number) => Promise<unknown>>> = {
  'worklist, first page of 50': () => facility.worklist.page({ agedBefore: agedBefore() }, { limit: 50 }),
  'worklist, counts of the open': () => facility.worklist.counts({ agedBefore: agedBefore() }),
  'worklist, closed studies, 50': () =>
    facility.worklist.page({ state: 'closed', agedBefore: agedBefore() }, { limit: 50 }),
  'worklist, search by patient code': (size, turn) =>
    facility.worklist.page(
      { state: 'all', search: patientId(anyOf(size, turn)), agedBefore: agedBefore() },
      { limit: 50 },
    ),
  'worklist, search by name': () =>
    facility.worklist.page({ state: 'all', search: 'nguyen an binh', agedBefore: agedBefore() }, { limit: 50 }),
  'one study': (size, turn) => facility.readings.ofStudy(studyUid(anyOf(size, turn))),
  'studies of a patient': (size, turn) =>
    facility.find.studies({ patients: [patientId(anyOf(size, turn))], limit: 20 }),
  'QIDO-RS by patient ID': (size, turn) =>
    facility.matching.match({ patientId: patientId(anyOf(size, turn)), limit: 20, offset: 0 }),
  'QIDO-RS by accession number': (size, turn) =>
    facility.matching.match({ accessionNumber: `A${anyOf(size, turn)}`, limit: 20, offset: 0 }),
  'alerts, the newest 50': () => facility.find.alerts({ limit: 50 }),
  'alerts that nobody answered': () => facility.find.alerts({ statuses: ['new'], limit: 50 }),
  'alerts of a patient': (size, turn) => facility.find.alerts({ patients: [patientId(anyOf(size, turn))], limit: 20 }),
  'audit, the newest 50': () => facility.find.audit({ limit: 50 }),
  'audit of a study': (size, turn) =>
    facility.find.audit({ subjects: [`study/${studyUid(anyOf(size, turn))}`], limit: 50 }),
  'audit of a patient': (size, turn) => facility.find.audit({ patients: [patientId(anyOf(size, turn))], limit: 50 }),
  'a study arrives': commitOne,
};

interface Figure {
  readonly question: string;
  readonly studies: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

async function ask(size: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [question, put] of Object.entries(QUESTIONS)) {
    const times: number[] = [];
    const started = performance.now();
    // What takes seconds each is asked fewer times: it has shown itself.
    for (
      let turn = 1;
      turn <= Number(options.questions) && (turn <= 10 || performance.now() - started < 20_000);
      turn += 1
    ) {
      const asked = performance.now();
      await put(size, turn);
      times.push(performance.now() - asked);
    }
    const figure = {
      question,
      studies: size,
      p50Ms: round(quantile(times, 0.5), 2),
      p95Ms: round(quantile(times, 0.95), 2),
    };
    figures.push(figure);
    process.stdout.write(`${JSON.stringify(figure)}\n`);
  }
  return figures;
}

const figures: Figure[] = [];
try {
  let filled = 0;
  for (const size of sizes) {
    await fill(database, filled, size);
    filled = size;
    figures.push(...(await ask(size)));
  }
  const [stored] = await database.query<{ bytes: string }>(
    "select sum(pg_total_relation_size(c.oid))::text as bytes from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')",
    [schema],
  );
  const [least, most] = [sizes[0] ?? 0, sizes.at(-1) ?? 0];
  const growth = Object.keys(QUESTIONS).map((question) => {
    const at = (studies: number) =>
      figures.find((figure) => figure.question === question && figure.studies === studies)?.p95Ms ?? Number.NaN;
    return { question, p95Ratio: round(at(most) / at(least), 2) };
  });
  for (const row of growth) process.stdout.write(`${JSON.stringify(row)}\n`);
  const databaseBytesPerStudy = Math.round(Number(stored?.bytes ?? 0) / most);
  process.stdout.write(`${JSON.stringify({ databaseBytesPerStudy })}\n`);
  if (options.keep) {
    const measuredAt = new Date().toISOString();
    const [version] = await database.query<{ postgres: string }>(
      `select current_setting('server_version') as postgres`,
    );
    const machine = {
      cores: availableParallelism(),
      processor: cpus()[0]?.model,
      load: loadavg().map((load) => round(load)),
    };
    keepResult(
      'growth',
      { measuredAt, commit, machine, ...version, open: OPEN, figures, growth, databaseBytesPerStudy },
      { measuredAt },
    );
  }
} finally {
  await database.query(`drop schema ${schema} cascade`);
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
}
