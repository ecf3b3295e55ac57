// Searches over studies, their readings and findings, and the models that spoke. Reads only.
import type { StoredReading } from '#kernel/stored-reading.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { FindingQuery, FindQuery, Found } from '#kernel/record-search.ts';
import { localIso } from '#kernel/local-time.ts';
import { cursorOf, localTime, type FoundOrder, moment, orderOf, type Sortable } from './sorting.ts';
import { type ReadingRow, toReading } from '#store/reading/reading-row.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { patientKeysOf, type StudyRow, toStudy } from '#store/study/study-row.ts';
import { countOf, openWhere, type Where, uuidsOf } from './where.ts';
import { storableText } from '#store/host/canonical.ts';

export interface FoundReading {
  readonly reading: StoredReading;
  readonly study: Omit<StoredStudy, 'instances'>;
}

export interface FoundStudy {
  readonly study: Omit<StoredStudy, 'instances'>;
  readonly instances: readonly Omit<IncomingInstance, 'patient'>[];
}

export interface FoundModel {
  readonly provenance: Provenance;
  readonly kind: 'reading' | 'assessment';
}

export interface StudyFinder {
  /** Superseded ones only where they are asked for by id. */
  readings(query: FindQuery): Promise<readonly Found<FoundReading>[]>;
  /** One item per finding of the readings; `codes` narrows them. */
  findings(query: FindingQuery): Promise<readonly Found<FoundReading & { readonly code: string }>[]>;
  studies(query: FindQuery): Promise<readonly Found<FoundStudy>[]>;
  /** Every model file that a stored result came from, with the moment when it first spoke. */
  models(): Promise<readonly Found<FoundModel>[]>;
  /** How many all pages hold together. */
  countReadings(query: FindQuery): Promise<number>;
  countFindings(query: FindingQuery): Promise<number>;
  countStudies(query: FindQuery): Promise<number>;
}

/** StoredStudy times are local (UTC+7) and without a zone, so they are compared as text; a date alone is its midnight. */
const localText = (iso: string): string => localIso(new Date(iso));
const STUDY_TIME = `left(case when length(s.study_time) = 10 then s.study_time || 'T00:00:00' else s.study_time end, 19)`;
const READ_TIME = `coalesce(${STUDY_TIME},
  to_char((r.record->>'readAt')::timestamptz at time zone 'UTC' + interval '7 hours', 'YYYY-MM-DD"T"HH24:MI:SS'))`;

function studyConditions(where: Where, query: FindQuery): void {
  where.when(patientKeysOf(query.patients), (place) => `s.patient_key = any(${place}::text[])`);
  where.when(query.accessions?.map(storableText), (place) => `s.accession_number = any(${place}::text[])`);
  where.when(query.studies?.map(storableText), (place) => `s.study_uid = any(${place}::text[])`);
}

function readingWhere(facilityId: string, query: FindQuery): Where {
  const where = openWhere('r.facility_id', facilityId);
  studyConditions(where, query);
  if (query.ids === undefined) where.also('r.superseded_by is null');
  else where.when(uuidsOf(query.ids), (place) => `r.id = any(${place}::uuid[])`);
  where.times(READ_TIME, query.times, localText);
  where.times('r.committed_at', query.updated);
  return where;
}

interface ReadingFoundRow extends StudyRow, ReadingRow {
  readonly sequence: string;
  readonly committed_at: Date;
  readonly sorted: string | null;
}

const READING_ORDER: Sortable = {
  time: localTime(READ_TIME),
  updated: moment('r.committed_at'),
  tie: { sql: 'r.sequence', type: 'bigint' },
};

const STUDY_ORDER: Sortable = {
  time: localTime(STUDY_TIME),
  updated: moment('s.last_instance_at'),
  tie: { sql: 's.study_uid', type: 'text' },
};

const READING = `s.*, r.record, r.maps, r.revision, r.superseded_by, r.sequence::text, r.committed_at`;
const READING_FROM = `reading r join study s on s.facility_id = r.facility_id and s.study_uid = r.study_uid`;
const FINDING_FROM = `${READING_FROM} join finding f on f.reading_id = r.id`;

const toFoundReading = (row: ReadingFoundRow): FoundReading => ({
  reading: toReading(row),
  study: toStudy(row),
});

function findingWhere(facilityId: string, query: FindingQuery): Where {
  const where = readingWhere(facilityId, query);
  where.when(query.codes, (place) => `f.code = any(${place}::text[])`);
  return where;
}

const FINDING_ORDER: Sortable = {
  ...READING_ORDER,
  tie: { sql: `(lpad(r.sequence::text, 18, '0') || '.' || f.code) collate "C"`, type: 'text' },
};

/** Unsorted: the newest reading first, and its findings by code. The cursor is `12.Mass`. */
function findingOrder(where: Where, query: FindingQuery): FoundOrder {
  if (query.sort !== undefined) return orderOf(where, FINDING_ORDER, query);
  if (query.after !== undefined) {
    const [, sequence = '0', code = ''] = /^(\d{1,18})\.(.*)$/s.exec(query.after) ?? [];
    const at = where.place(sequence);
    where.also(
      `(r.sequence < ${at}::bigint or (r.sequence = ${at}::bigint and f.code collate "C" > ${where.place(code)}))`,
    );
  }
  return { by: 'r.sequence desc, f.code collate "C"', column: 'null::text as sorted' };
}

function studyWhere(facilityId: string, query: FindQuery): Where {
  const where = openWhere('s.facility_id', facilityId);
  studyConditions(where, query);
  where.when(query.ids?.map(storableText), (place) => `s.study_uid = any(${place}::text[])`);
  where.times(STUDY_TIME, query.times, localText);
  where.times('s.last_instance_at', query.updated);
  return where;
}

/** Unsorted: the last one received first. The cursor is the study's UID. */
function studyOrder(where: Where, query: FindQuery): FoundOrder {
  if (query.sort !== undefined) return orderOf(where, STUDY_ORDER, query);
  where.when(
    query.after,
    (place) => `(s.received_at, s.study_uid) < (
      select k.received_at, k.study_uid from study k where k.facility_id = $1 and k.study_uid = ${place})`,
  );
  return { by: 's.received_at desc, s.study_uid desc', column: 'null::text as sorted' };
}

interface StudyFoundRow extends StudyRow {
  readonly records: readonly Omit<IncomingInstance, 'patient'>[];
  readonly sorted: string | null;
}

/** One index step per model file, however many results it gave. */
const modelsOf = (table: 'reading' | 'assessment', at: string): string => `
  with recursive spoke as (
    (select record->'provenance'->>'modelSha256' as sha, record->'provenance' as provenance, ${at} as at
     from ${table} where facility_id = $1 order by record->'provenance'->>'modelSha256', sequence limit 1)
    union all
    select next.sha, next.provenance, next.at from spoke, lateral (
      select t.record->'provenance'->>'modelSha256' as sha, t.record->'provenance' as provenance, t.${at} as at
      from ${table} t where t.facility_id = $1 and t.record->'provenance'->>'modelSha256' > spoke.sha
      order by t.record->'provenance'->>'modelSha256', t.sequence limit 1) next)
  select sha, provenance, at from spoke`;

interface ModelRow {
  readonly sha: string;
  readonly provenance: Provenance;
  readonly at: Date;
}

export function openStudyFinder({ facilityId, sql }: Tenancy): StudyFinder {
  return {
    async readings(query) {
      const where = readingWhere(facilityId, query);
      const order = orderOf(where, READING_ORDER, query);
      const rows = await sql.query<ReadingFoundRow>(
        `select ${READING}, ${order.column} from ${READING_FROM} where ${where.text()} order by ${order.by}
         limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: toFoundReading(row),
        updatedAt: row.committed_at.toISOString(),
        key: cursorOf(row.sequence, row.sorted),
      }));
    },
    async findings(query) {
      const where = findingWhere(facilityId, query);
      const order = findingOrder(where, query);
      const rows = await sql.query<ReadingFoundRow & { readonly code: string; readonly tie: string }>(
        `select ${READING}, f.code, ${FINDING_ORDER.tie.sql} as tie, ${order.column} from ${FINDING_FROM}
         where ${where.text()} order by ${order.by} limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: { ...toFoundReading(row), code: row.code },
        updatedAt: row.committed_at.toISOString(),
        key: row.sorted === null ? `${row.sequence}.${row.code}` : cursorOf(row.tie, row.sorted),
      }));
    },
    async studies(query) {
      const where = studyWhere(facilityId, query);
      const order = studyOrder(where, query);
      const rows = await sql.query<StudyFoundRow>(
        `select s.*, ${order.column}, coalesce((select jsonb_agg(i.record order by i.received_at, i.sop_instance_uid) from instance i
           where i.facility_id = s.facility_id and i.study_uid = s.study_uid and i.withdrawn_at is null), '[]'::jsonb) as records
         from study s where ${where.text()} order by ${order.by} limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: { study: toStudy(row), instances: row.records },
        updatedAt: row.last_instance_at.toISOString(),
        key: cursorOf(row.study_uid, row.sorted),
      }));
    },
    async models() {
      const found = await Promise.all(
        (
          [
            ['reading', 'committed_at'],
            ['assessment', 'assessed_at'],
          ] as const
        ).map(async ([kind, at]) => {
          const rows = await sql.query<ModelRow>(modelsOf(kind, at), [facilityId]);
          return rows.map((row) => ({
            item: { kind, provenance: row.provenance },
            updatedAt: row.at.toISOString(),
            key: row.sha,
          }));
        }),
      );
      return found.flat();
    },
    countReadings: (query) => countOf(sql, READING_FROM, readingWhere(facilityId, query)),
    countFindings: (query) => countOf(sql, FINDING_FROM, findingWhere(facilityId, query)),
    countStudies: (query) => countOf(sql, 'study s', studyWhere(facilityId, query)),
  };
}
