// Growth of the archive: worklist, search, alerts, audit and the commit of a study at 10,000, 100,000 and 1,000,000 studies on a real
// PostgreSQL, each asked through the store. Prints p50, p95 and pages touched, and those of the largest size over those of the smallest:
// `npm run --silent benchmark:growth -- --database-url URL [--sizes 10000,100000,1000000] [--schema NAME] [--keep]`. Works in a schema of its
// own, which is dropped at the end; one that is named stays, and the next run goes on with the studies that are in it. The URL is a superuser's.
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#store/host/database.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { storeOver } from '#store/store.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';
import { OPEN, openFiller, patientId, studyUid } from './fill.ts';

const options = readOptions(import.meta.url, {
  'database-url': { type: 'string' },
  sizes: { type: 'string', default: '10000,100000,1000000' },
  questions: { type: 'string', default: '100' },
  schema: { type: 'string' },
  keep: { type: 'boolean', default: false },
});
const url = options['database-url'];
if (url === undefined)
  throw new Error('--database-url is needed: the embedded database is not meant for a million studies');
const sizes = options.sizes.split(',').map(Number);
const schema = options.schema ?? `bench_${randomUUID().replaceAll('-', '')}`;
if (!/^[a-z][a-z0-9_]{0,50}$/.test(schema)) throw new Error('--schema: lower-case letters, digits and underscores');
// A database stays with its folder of files: the next run on this schema must find it.
const dataDir = join(tmpdir(), `haidang-growth-${schema}`);
mkdirSync(dataDir, { recursive: true });
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

/** Until every idle session has told what it touched. */
const TOLD_MS = 11_000;

async function ask(size: number): Promise<void> {
  await wait(TOLD_MS);
  for (const [question, put] of Object.entries(QUESTIONS)) {
    const times: number[] = [];
    const before = await filler.pages();
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
    await wait(TOLD_MS);
    const figure = {
      question,
      studies: size,
      p50Ms: round(quantile(times, 0.5), 2),
      p95Ms: round(quantile(times, 0.95), 2),
      pages: round(((await filler.pages()) - before) / times.length),
    };
    await filler.note(figure);
    process.stdout.write(`${JSON.stringify(figure)}\n`);
  }
}

const filler = await openFiller(url, schema);
try {
  const found = await filler.filled();
  // An archive that is larger already cannot be asked as a small one.
  for (const size of sizes.filter((each) => each >= found)) {
    await filler.fillTo(size);
    await ask(size);
  }
  const figures = await filler.figures();
  const [stored] = await database.query<{ bytes: string }>(
    "select sum(pg_total_relation_size(c.oid))::text as bytes from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')",
    [schema],
  );
  const [least, most] = [
    Math.min(...figures.map(({ studies }) => studies)),
    Math.max(...figures.map(({ studies }) => studies)),
  ];
  const growth = Object.keys(QUESTIONS).map((question) => {
    const at = (studies: number) =>
      figures.findLast((figure) => figure.question === question && figure.studies === studies) ?? {
        p95Ms: Number.NaN,
        pages: Number.NaN,
      };
    const [large, small] = [at(most), at(least)];
    return {
      question,
      p95Ratio: round(large.p95Ms / small.p95Ms, 2),
      pagesRatio: round(large.pages / small.pages, 2),
    };
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
  await filler.close();
  if (options.schema === undefined) await database.query(`drop schema ${schema} cascade`);
  await store.close();
  if (options.schema === undefined) rmSync(dataDir, { recursive: true, force: true });
}
