// Rows of the worklist: a study with its reading, its job, its alerts and what people said of its findings, in the order of reading.
import type { WorklistEntry } from '#kernel/worklist-entry.ts';
import type { ReadingOrderFilter } from '#kernel/reading-order-filter.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { MapVerdicts, Outcome, Priority, Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import { HOSPITAL_ORDER, type HospitalOrderRow, toOrder } from '#store/study/hospital-facts.ts';
import { toRecord } from '#store/reading/reading-row.ts';
import { type StatusRow, toStatus } from '#store/queue/jobs.ts';
import { READ_STUDY } from '#store/queue/job-writes.ts';
import type { PreparedStatement } from '#store/host/database.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';
import {
  INSTANCES,
  patientKeyOf,
  type StudyRow,
  toStudy,
  toWholeStudy,
  type WithInstancesRow,
} from '#store/study/study-row.ts';
import { type Counts, openReadingOrder, type OrderPage, type Position } from './reading-order.ts';
import { openWhere, type Where } from './where.ts';

/** One study with all that its door shows. */
export interface WholeRow extends Omit<WorklistEntry, 'study'> {
  readonly study: StoredStudy;
}

export interface WorklistPage {
  readonly rows: readonly WorklistEntry[];
  /** Where the next page begins; absent where this one is the last. */
  readonly next?: Position;
}

export interface WorklistFilter extends Pick<ReadingOrderFilter, 'state' | 'finding' | 'modality' | 'patientId'> {
  readonly priority?: Priority;
  readonly outcome?: Outcome;
  readonly studyUid?: string;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
}

export interface Worklist {
  /** By urgency, then oldest first. `after` is the last row's study UID of the page before. */
  list(filter?: WorklistFilter, page?: { limit?: number; after?: string }): Promise<readonly WorklistEntry[]>;
  /** In one look, so that what it says of its job and of its reading fits together; whether open or closed. */
  one(studyUid: string): Promise<WholeRow | undefined>;
  count(filter?: WorklistFilter): Promise<number>;
  page(filter: ReadingOrderFilter, page: OrderPage): Promise<WorklistPage>;
  counts(filter: ReadingOrderFilter): Promise<Counts>;
}

interface Row extends StudyRow, HospitalOrderRow {
  readonly instance_count: number;
  readonly reading: Reading | null;
  readonly maps: MapVerdicts | null;
  readonly revision: number | null;
  readonly job: (Omit<StatusRow, 'run_at'> & { readonly run_at: string }) | null;
  readonly alert_ids: Uuid[];
  readonly answered: 'overridden' | 'false-positive' | null;
  readonly said: Record<string, boolean>;
}

const toRow = (row: Row): WorklistEntry => ({
  study: { ...toStudy(row), instanceCount: row.instance_count },
  ...(row.reading !== null && row.revision !== null
    ? { reading: { ...toRecord({ record: row.reading, maps: row.maps }), revision: row.revision } }
    : {}),
  ...(row.job === null ? {} : { job: toStatus({ ...row.job, run_at: new Date(row.job.run_at) }) }),
  openAlertIds: row.alert_ids,
  ...toOrder(row),
  ...optional('answered', row.answered),
  said: row.said,
});

/** A study without a reading is ranked with the routine ones: it may hold any finding, and its age moves it up. */
const UNREAD_RANK = 2;

const LISTED = `select s.*, r.record as reading, r.maps, r.revision, coalesce(r.priority_rank, ${UNREAD_RANK}) as rank
  from study s
  left join lateral (
    select record, maps, revision, priority, priority_rank, outcome, id from reading
    where facility_id = s.facility_id and study_uid = s.study_uid and superseded_by is null
    order by sequence desc limit 1) r on true`;

/** Costly look-ups run for the rows of the page only. */
const PAGE = `select s.*, ${HOSPITAL_ORDER},
    (select count(*)::int from instance i where i.facility_id = s.facility_id and i.study_uid = s.study_uid
      and i.withdrawn_at is null)
      as instance_count,
    (select to_jsonb(j) from (
       select id, kind, key, state, attempt, run_at, last_error from job
       where facility_id = s.facility_id and kind = '${READ_STUDY}' and key = s.study_uid and state <> 'done'
       order by created_at desc limit 1) j) as job,
    array(select a.id::text from alert a where a.facility_id = s.facility_id and a.study_uid = s.study_uid
      and a.superseded_by is null and not a.suppressed and a.status in ('new', 'seen', 'acknowledged')
      order by a.sequence) as alert_ids,
    coalesce((select jsonb_object_agg(l.finding_code, l.present) from study_label l
      where l.facility_id = s.facility_id and l.study_uid = s.study_uid), '{}') as said
  from page s order by s.rank, s.received_at, s.study_uid`;

/** Polled while a reading is awaited, and expensive to plan. */
const ONE: PreparedStatement = {
  name: 'worklist-one',
  text: `with page as (${LISTED} where s.facility_id = $1 and s.study_uid = $2), shown as (${PAGE})
    select s.*, ${INSTANCES} from shown s`,
};

/** Only the conditions that are asked for stand in the text: so the open studies come from their own small index. */
function whereOf(facilityId: string, filter: WorklistFilter): Where {
  const where = openWhere('s.facility_id', facilityId);
  const { state = 'open', patientId } = filter;
  if (state !== 'all') where.also(state === 'open' ? 's.closed_at is null' : 's.closed_at is not null');
  where.when(filter.priority, (place) => `r.priority = ${place}`);
  where.when(filter.outcome, (place) => `r.outcome = ${place}`);
  where.when(
    filter.finding,
    (place) =>
      `exists (select 1 from finding f where f.reading_id = r.id and f.code = ${place} and f.decision = 'positive')`,
  );
  where.when(filter.modality, (place) => `s.modality = ${place}`);
  where.when(patientId && patientKeyOf({ id: patientId }, ''), (place) => `s.patient_key = ${place}`);
  where.when(filter.receivedFrom, (place) => `s.received_at >= ${place}`);
  where.when(filter.receivedTo, (place) => `s.received_at < ${place}`);
  where.when(filter.studyUid, (place) => `s.study_uid = ${place}`);
  return where;
}

export function openWorklist(scope: Tenancy): Worklist {
  const order = openReadingOrder(scope);
  return {
    async page(filter, { limit, after }) {
      const positions = await order.positions(filter, { limit: limit + 1, ...(after !== undefined && { after }) });
      const shown = positions.slice(0, limit);
      const rows = await scope.sql.query<Row>(
        `with page as (${LISTED} where s.facility_id = $1 and s.study_uid = any($2)) ${PAGE}`,
        [scope.facilityId, shown.map(({ studyUid }) => studyUid)],
      );
      const byUid = new Map(rows.map((row) => [row.study_uid, toRow(row)]));
      const last = shown.at(-1);
      return {
        rows: shown.flatMap(({ studyUid }) => byUid.get(studyUid) ?? []),
        ...(positions.length > limit && last !== undefined && { next: last }),
      };
    },
    counts: (filter) => order.counts(filter),
    async one(studyUid) {
      const [row] = await scope.sql.query<Row & WithInstancesRow>(ONE, [scope.facilityId, studyUid]);
      return row && { ...toRow(row), study: toWholeStudy(row) };
    },
    async list(filter = {}, { limit = 100, after } = {}) {
      const where = whereOf(scope.facilityId, filter);
      const listed = `with listed as (${LISTED} where ${where.text()})`;
      const anchor = (place: string): string =>
        `where (rank, received_at, study_uid) > (select rank, received_at, study_uid from listed where study_uid = ${place})`;
      const cursor = after === undefined ? '' : anchor(where.place(after));
      const page = `page as (select * from listed ${cursor} order by rank, received_at, study_uid limit ${where.place(limit)})`;
      const rows = await scope.sql.query<Row>(`${listed}, ${page} ${PAGE}`, where.values);
      return rows.map(toRow);
    },
    async count(filter = {}) {
      const where = whereOf(scope.facilityId, filter);
      const [row] = await scope.sql.query<{ n: number }>(
        `select count(*)::int as n from (${LISTED} where ${where.text()}) listed`,
        where.values,
      );
      return row?.n ?? 0;
    },
  };
}
