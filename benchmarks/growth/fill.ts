// Fills an archive with studies as they are after years: nearly all closed, a steady number open, one in ten with an alert, three audit entries each.
// Straight SQL inside PostgreSQL with the triggers off, because a million commits would take hours; what the triggers would write is written here.
// Each block notes in its own transaction how far the archive is, so that a run that was stopped goes on from there.
import pg from 'pg';

const FACILITY = 'bench';
/** Open studies at any size of the archive: those of a day. */
export const OPEN = 600;
const NAMES = ['NGUYỄN', 'TRẦN', 'LÊ', 'PHẠM', 'HOÀNG', 'PHAN', 'VŨ', 'ĐẶNG', 'BÙI', 'ĐỖ', 'HỒ', 'NGÔ'];
const GIVEN = [
  'AN',
  'BÌNH',
  'CHI',
  'DŨNG',
  'GIANG',
  'HẢI',
  'HƯƠNG',
  'KHOA',
  'LAN',
  'MINH',
  'NAM',
  'OANH',
  'PHÚC',
  'QUÂN',
  'SƠN',
  'THẢO',
];

/** Of the study that was received `n`-th; the last are the newest. */
export const studyUid = (n: number): string => `1.2.826.0.1.3680043.10.1.${n}`;
export const patientId = (n: number): string => `BN${String(Math.floor(n / 3)).padStart(8, '0')}`;

const reading = JSON.stringify({
  facilityId: FACILITY,
  outcome: 'assessed',
  reasons: [],
  findings: Array.from({ length: 17 }, (_, i) => ({ code: `Finding-${i}`, probability: 0.03, decision: 'negative' })),
  priority: 'routine',
  readAt: '2026-03-01T00:00:00.000Z',
  notForClinicalUse: true,
  provenance: {
    inputSha256: '0'.repeat(64),
    pipelineVersion: '1',
    modelId: 'cxr-findings',
    modelVersion: '1',
    modelSha256: '0'.repeat(64),
    provider: 'cpu',
    precision: 'fp32',
    calibrationVersion: '1',
    thresholdVersion: '1',
  },
});

const uid = `'1.2.826.0.1.3680043.10.1.' || n`;
const person = `'BN' || lpad((n / 3)::text, 8, '0')`;
const at = `(now() - make_interval(mins => $3::int - n))`;
const id = (kind: string): string => `md5('${kind}' || n)::uuid`;
const names = (list: readonly string[]): string => `(array[${list.map((name) => `'${name}'`).join(',')}])`;

/** `total`: of the archive that is being made, so that the newest study is of now. */
const STATEMENTS: readonly string[] = [
  `insert into study (facility_id, study_uid, patient_key, patient_id, patient_name, patient_birth_date, patient_sex, accession_number,
     modality, description, age_years, not_for_clinical_use, received_at, last_instance_at, closed_at, found_rank, outcome)
   select '${FACILITY}', ${uid}, 'id:' || ${person}, ${person},
     ${names(NAMES)}[1 + n / 3 % ${NAMES.length}] || '^' || ${names(GIVEN)}[1 + n / 36 % ${GIVEN.length}] || '^' || ${names(GIVEN)}[1 + n / 576 % ${GIVEN.length}],
     '1970-01-01', case when n % 2 = 0 then 'F' else 'M' end, 'A' || n, 'DX', 'Ngực thẳng', 20 + n % 70, true, ${at}, ${at},
     case when n >= $3::int - ${OPEN} then null else ${at} + interval '1 hour' end, case when n % 50 = 0 then 0 when n % 7 = 0 then 1 else 2 end, 'assessed'
   from generate_series($1::int, $2::int - 1) n where $3::int > 0`,
  `insert into instance (facility_id, sop_instance_uid, study_uid, sha256, bytes, record, received_at)
   select '${FACILITY}', ${uid} || '.1', ${uid}, encode(sha256(n::text::bytea), 'hex'), 8000000,
     jsonb_build_object('sopInstanceUid', ${uid} || '.1', 'studyUid', ${uid}, 'seriesUid', ${uid} || '.2', 'format', 'dicom', 'modality', 'DX', 'view', 'PA',
       'notForClinicalUse', true, 'blob', jsonb_build_object('sha256', encode(sha256(n::text::bytea), 'hex'), 'bytes', 8000000)), ${at}
   from generate_series($1::int, $2::int - 1) n`,
  `insert into reading (id, facility_id, study_uid, reading_key, model_id, outcome, priority, priority_rank, record, revision, committed_at)
   select ${id('reading')}, '${FACILITY}', ${uid}, md5('key' || n), 'cxr-findings', 'assessed', 'routine', case when n % 50 = 0 then 0 when n % 7 = 0 then 1 else 2 end,
     '${reading}'::jsonb || jsonb_build_object('id', ${id('reading')}, 'studyUid', ${uid}, 'sopInstanceUids', jsonb_build_array(${uid} || '.1')), 1, ${at}
   from generate_series($1::int, $2::int - 1) n`,
  `insert into finding (facility_id, reading_id, code, probability, decision)
   select '${FACILITY}', ${id('reading')}, 'Finding-' || f, 0.03, case when n % 50 = 0 and f = 1 then 'positive' else 'negative' end
   from generate_series($1::int, $2::int - 1) n, generate_series(0, 3) f where $3::int > 0`,
  `insert into alert (id, facility_id, dedup_key, status, severity, patient_code, accession_number, study_uid, source_id, suppressed, record, created_at, expires_at)
   select ${id('alert')}, '${FACILITY}', 'bench:' || n, case when n >= $3::int - ${OPEN} then 'new' else 'acknowledged' end, 'warning', ${person}, 'A' || n, ${uid},
     ${id('reading')}, false, jsonb_build_object('id', ${id('alert')}, 'facilityId', '${FACILITY}', 'dedupKey', 'bench:' || n, 'severity', 'warning', 'status', 'new',
       'subject', jsonb_build_object('patientCode', ${person}, 'studyUid', ${uid})), ${at}, ${at} + interval '1 day'
   from generate_series($1::int, $2::int - 1) n where n % 10 = 0`,
  `insert into alert_event (facility_id, id, alert_id, record, at)
   select '${FACILITY}', 'event-' || n, ${id('alert')}, jsonb_build_object('id', 'event-' || n, 'alertId', ${id('alert')}, 'to', 'seen'), ${at}
   from generate_series($1::int, $2::int - 1) n where n % 10 = 0`,
];

/** After what is there already: the benchmark's own commits have entries too. */
const AUDIT = `insert into audit (facility_id, sequence, subject_type, subject_id, entry, previous_hash, hash)
   select '${FACILITY}', $3::bigint + 3 * n + k, (array['instance', 'reading', 'study'])[k], case k when 1 then ${uid} || '.1' when 2 then ${id('reading')}::text else ${uid} end,
     json_build_object('at', to_char((now() - make_interval(mins => $4::int - n)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'actor', 'user-' || n % 20, 'action', 'study.read')::text,
     md5(n::text), md5((n + 1)::text)
   from generate_series($1::int, $2::int - 1) n, generate_series(1, 3) k`;

const BLOCK = 20_000;
/** From this growth on it costs less to make the indexes again than to keep them. */
const WITHOUT_INDEXES = 50_000;

/** Tables that are filled; rows of `bench_index` are indexes that a stopped run still owes. */
const FILLED = ['study', 'instance', 'reading', 'finding', 'alert', 'alert_event', 'audit'];
const NOTES = [
  'create table if not exists bench_fill (one boolean primary key default true, filled integer not null)',
  'create table if not exists bench_index (name text primary key, definition text not null)',
  'create table if not exists bench_figure (place bigint generated always as identity, figure jsonb not null)',
];
const SESSION = [
  'set session_replication_role = replica',
  'set synchronous_commit = off',
  `set maintenance_work_mem = '512MB'`,
  'set max_parallel_maintenance_workers = 2',
];

/** One session, since it holds transactions and settings. */
interface Session {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Figure {
  readonly question: string;
  readonly studies: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of the tables and indexes, 8 kB each, touched by one question on average: what else runs on the machine does not change it. */
  readonly pages: number;
}

export interface Filler {
  /** Studies that are there already. */
  filled(): Promise<number>;
  /** Up to so many studies; what an earlier run filled stays. */
  fillTo(total: number): Promise<void>;
  /** What was measured in this archive at its smaller sizes, by this run or an earlier one. */
  figures(): Promise<readonly Figure[]>;
  note(figure: Figure): Promise<void>;
  /** Pages touched since the archive was made, as far as PostgreSQL has been told: a session tells it at the latest after ten idle seconds. */
  pages(): Promise<number>;
  close(): Promise<void>;
}

async function inTransaction(session: Session, work: () => Promise<unknown>): Promise<void> {
  await session.query('begin');
  await work();
  await session.query('commit');
}

async function dropIndexes(session: Session): Promise<void> {
  const rows = await session.query<{ name: string; definition: string }>(
    `select x.indexrelid::regclass::text as name, pg_get_indexdef(x.indexrelid) as definition
     from pg_index x join pg_class c on c.oid = x.indrelid
     where c.relnamespace = current_schema()::regnamespace and c.relname = any($1)
       and not exists (select from pg_constraint k where k.conindid = x.indexrelid)`,
    [FILLED],
  );
  for (const { name, definition } of rows)
    await inTransaction(session, async () => {
      await session.query('insert into bench_index values ($1, $2)', [name, definition]);
      await session.query(`drop index ${name}`);
    });
}

async function makeIndexes(session: Session): Promise<void> {
  const owed = await session.query<{ name: string; definition: string }>('select name, definition from bench_index');
  for (const { name, definition } of owed) {
    process.stderr.write(`index ${name}\n`);
    await inTransaction(session, async () => {
      await session.query(definition);
      await session.query('delete from bench_index where name = $1', [name]);
    });
  }
}

async function filledSoFar(session: Session): Promise<number> {
  const [row] = await session.query<{ filled: number }>('select filled from bench_fill');
  return row?.filled ?? 0;
}

/** `total`: of the archive that is being made. */
async function fillBlock(session: Session, [start, end]: readonly [number, number], total: number): Promise<void> {
  const head = 'select sequence from audit_head where facility_id = $1';
  // The benchmark's own commits have entries too: those that are filled come after them.
  const last = Number((await session.query<{ sequence: string }>(head, [FACILITY]))[0]?.sequence ?? 0);
  await inTransaction(session, async () => {
    for (const statement of STATEMENTS)
      await session.query(statement, statement.includes('$3') ? [start, end, total] : [start, end]);
    await session.query(AUDIT, [start, end, last - 3 * start, total]);
    await session.query('update audit_head set sequence = $1 where facility_id = $2', [
      last + 3 * (end - start),
      FACILITY,
    ]);
    const note = 'insert into bench_fill values (true, $1) on conflict (one) do update set filled = excluded.filled';
    await session.query(note, [end]);
  });
  process.stderr.write(`\r${end} studies `);
}

async function fillTo(session: Session, total: number): Promise<void> {
  const filled = await filledSoFar(session);
  if (total - filled >= WITHOUT_INDEXES) await dropIndexes(session);
  for (let start = filled; start < total; start += BLOCK)
    await fillBlock(session, [start, Math.min(total, start + BLOCK)], total);
  process.stderr.write('\n');
  await makeIndexes(session);
  // The studies of the last round are old now.
  await session.query(`update study set closed_at = received_at + interval '1 hour'
    where facility_id = '${FACILITY}' and closed_at is null and study_uid in (select ${uid} from generate_series(0, ${Math.max(0, total - OPEN)} - 1) n)`);
  for (const table of [...FILLED, 'audit_head']) await session.query(`vacuum analyze ${table}`);
}

/** Of an empty archive in the embedded database, which has one session. */
export async function fill(session: Session, total: number): Promise<void> {
  for (const statement of [...NOTES, ...SESSION]) await session.query(statement);
  await fillTo(session, total);
}

/**
 * A connection of its own: the store's takes a role that may not switch triggers off, and gives up a statement after a minute. Needs a
 * superuser's URL and the schema of a store.
 */
export async function openFiller(url: string, schema: string): Promise<Filler> {
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema},public` });
  await client.connect();
  const session: Session = {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row & pg.QueryResultRow>(text, [...values])).rows,
  };
  for (const statement of [...NOTES, ...SESSION]) await session.query(statement);
  return {
    filled: () => filledSoFar(session),
    fillTo: (total) => fillTo(session, total),
    async figures() {
      const rows = await session.query<{ figure: Figure }>('select figure from bench_figure order by place');
      return rows.map(({ figure }) => figure);
    },
    note: async (figure) => void (await session.query('insert into bench_figure (figure) values ($1)', [figure])),
    async pages() {
      const [row] = await session.query<{ pages: string }>(
        `select sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_read, 0)
           + coalesce(toast_blks_hit, 0) + coalesce(tidx_blks_read, 0) + coalesce(tidx_blks_hit, 0))::text as pages
         from pg_statio_all_tables where schemaname = current_schema()`,
      );
      return Number(row?.pages ?? 0);
    },
    close: () => client.end(),
  };
}
