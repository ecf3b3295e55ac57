// Searches over studies, their readings and findings, the audit chain, and the models that spoke. Reads only.
import type { Reading } from '#kernel/finding.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { AuditEntry, AuditRecord } from './audit.ts';
import type { Found, FindQuery } from './find.ts';
import type { IncomingInstance, Study } from './intake.ts';
import type { StoredReading } from './readings.ts';
import type { Scope } from './scope.ts';
import { patientKeyOf, type StudyRow, toStudy } from './study-row.ts';
import { openWhere, type Where, uuidsOf } from './where.ts';
import { storableText } from './canonical.ts';

export interface FoundReading {
  readonly reading: StoredReading;
  readonly study: Omit<Study, 'instances'>;
}

export interface FoundStudy {
  readonly study: Omit<Study, 'instances'>;
  readonly instances: readonly Omit<IncomingInstance, 'patient'>[];
}

export interface AuditQuery extends FindQuery {
  readonly actors?: readonly string[];
  /** `type/id`, for example `alert/0190…`. */
  readonly subjects?: readonly string[];
}

export interface FoundModel {
  readonly provenance: Provenance;
  readonly kind: 'reading' | 'assessment';
}

export interface StudyFinder {
  /** Superseded ones only where they are asked for by id. */
  readings(query: FindQuery): Promise<readonly Found<FoundReading>[]>;
  /** One item per finding of the readings; `codes` narrows them. */
  findings(
    query: FindQuery & { readonly codes?: readonly string[] },
  ): Promise<readonly Found<FoundReading & { readonly code: string }>[]>;
  studies(query: FindQuery): Promise<readonly Found<FoundStudy>[]>;
  audit(query: AuditQuery): Promise<readonly Found<AuditRecord>[]>;
  /** Every model file that a stored result came from, with the moment when it first spoke. */
  models(): Promise<readonly Found<FoundModel>[]>;
}

/** Study times are local (UTC+7) and without a zone, so they are compared as text; a date alone is its midnight. */
const LOCAL_MS = 7 * 3_600_000;
const localText = (iso: string): string => new Date(Date.parse(iso) + LOCAL_MS).toISOString().slice(0, 19);
const STUDY_TIME = `left(case when length(s.study_time) = 10 then s.study_time || 'T00:00:00' else s.study_time end, 19)`;
const READ_TIME = `coalesce(${STUDY_TIME},
  to_char((r.record->>'readAt')::timestamptz at time zone 'UTC' + interval '7 hours', 'YYYY-MM-DD"T"HH24:MI:SS'))`;

/** A patient code, or the key of a study that came without one. */
const keysOf = (patients: readonly string[] | undefined): readonly string[] | undefined =>
  patients?.flatMap((code) => [patientKeyOf({ id: code }, ''), storableText(code)]);

function studyConditions(where: Where, query: FindQuery): void {
  where.when(keysOf(query.patients), (place) => `s.patient_key = any(${place}::text[])`);
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

interface ReadingFoundRow extends StudyRow {
  readonly record: Reading;
  readonly revision: number;
  readonly superseded_by: string | null;
  readonly sequence: string;
  readonly committed_at: Date;
}

const READING = `s.*, r.record, r.revision, r.superseded_by, r.sequence::text, r.committed_at`;
const READING_FROM = `from reading r join study s on s.facility_id = r.facility_id and s.study_uid = r.study_uid`;

const toFoundReading = (row: ReadingFoundRow): FoundReading => ({
  reading: {
    ...row.record,
    revision: row.revision,
    ...(row.superseded_by !== null && { supersededBy: row.superseded_by }),
  },
  study: toStudy(row),
});

/** `12.Mass` → `12` and `Mass`. */
const splitKey = (key: string): readonly [string, string] => {
  const found = /^(\d{1,18})\.(.*)$/s.exec(key);
  return [found?.[1] ?? '0', found?.[2] ?? ''];
};

/** Who is meant by an entry about a study, a reading, an alert or an assessment. */
const AUDIT_OF_PATIENT = (patients: string, keys: string): string => `(
  (a.subject_type in ('study', 'instance', 'reading') and a.subject_id in (
    select s.study_uid from study s where s.facility_id = $1 and s.patient_key = any(${keys}::text[])
    union all select i.sop_instance_uid from instance i join study s using (facility_id, study_uid)
      where i.facility_id = $1 and s.patient_key = any(${keys}::text[])
    union all select r.id::text from reading r join study s using (facility_id, study_uid)
      where r.facility_id = $1 and s.patient_key = any(${keys}::text[])))
  or (a.subject_type = 'alert' and a.subject_id in (
    select id::text from alert where facility_id = $1 and patient_code = any(${patients}::text[])))
  or (a.subject_type = 'assessment' and a.subject_id in (
    select id::text from assessment where facility_id = $1 and patient_id = any(${patients}::text[]))))`;

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

interface AuditFoundRow {
  readonly sequence: string;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
}

export function openStudyFinder({ facilityId, sql }: Scope): StudyFinder {
  return {
    async readings(query) {
      const where = readingWhere(facilityId, query);
      where.when(query.after && splitKey(`${query.after}.`)[0], (place) => `r.sequence < ${place}::bigint`);
      const rows = await sql.query<ReadingFoundRow>(
        `select ${READING} ${READING_FROM} where ${where.text()} order by r.sequence desc
         limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: toFoundReading(row),
        updatedAt: row.committed_at.toISOString(),
        key: row.sequence,
      }));
    },
    async findings(query) {
      const where = readingWhere(facilityId, query);
      where.when(query.codes, (place) => `f.code = any(${place}::text[])`);
      if (query.after !== undefined) {
        const [sequence, code] = splitKey(query.after);
        const at = where.place(sequence);
        where.also(
          `(r.sequence < ${at}::bigint or (r.sequence = ${at}::bigint and f.code collate "C" > ${where.place(code)}))`,
        );
      }
      const rows = await sql.query<ReadingFoundRow & { readonly code: string }>(
        `select ${READING}, f.code ${READING_FROM} join finding f on f.reading_id = r.id
         where ${where.text()} order by r.sequence desc, f.code collate "C" limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: { ...toFoundReading(row), code: row.code },
        updatedAt: row.committed_at.toISOString(),
        key: `${row.sequence}.${row.code}`,
      }));
    },
    async studies(query) {
      const where = openWhere('s.facility_id', facilityId);
      studyConditions(where, query);
      where.when(query.ids?.map(storableText), (place) => `s.study_uid = any(${place}::text[])`);
      where.times(STUDY_TIME, query.times, localText);
      where.times('s.last_instance_at', query.updated);
      where.when(
        query.after,
        (place) => `(s.received_at, s.study_uid) < (
          select k.received_at, k.study_uid from study k where k.facility_id = $1 and k.study_uid = ${place})`,
      );
      const rows = await sql.query<StudyRow & { readonly records: readonly Omit<IncomingInstance, 'patient'>[] }>(
        `select s.*, coalesce((select jsonb_agg(i.record order by i.received_at, i.sop_instance_uid) from instance i
           where i.facility_id = s.facility_id and i.study_uid = s.study_uid), '[]'::jsonb) as records
         from study s where ${where.text()} order by s.received_at desc, s.study_uid desc
         limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: { study: toStudy(row), instances: row.records },
        updatedAt: row.last_instance_at.toISOString(),
        key: row.study_uid,
      }));
    },
    async audit(query) {
      const where = openWhere('a.facility_id', facilityId);
      where.when(
        query.ids?.filter((id) => /^\d{1,18}$/.test(id)),
        (place) => `a.sequence = any(${place}::bigint[])`,
      );
      where.when(query.actors, (place) => `a.entry::jsonb->>'actor' = any(${place}::text[])`);
      where.when(
        query.subjects?.map(storableText),
        (place) => `a.subject_type || '/' || a.subject_id = any(${place}::text[])`,
      );
      if (query.patients !== undefined) {
        const keys = where.place(keysOf(query.patients));
        where.also(AUDIT_OF_PATIENT(where.place(query.patients.map(storableText)), keys));
      }
      where.times(`(a.entry::jsonb->>'at')`, query.times);
      where.times(`(a.entry::jsonb->>'at')`, query.updated);
      where.when(query.after && splitKey(`${query.after}.`)[0], (place) => `a.sequence < ${place}::bigint`);
      const rows = await sql.query<AuditFoundRow>(
        `select a.sequence::text, a.entry, a.previous_hash, a.hash from audit a where ${where.text()}
         order by a.sequence desc limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => {
        const entry: AuditEntry & { readonly at: string } = JSON.parse(row.entry);
        return {
          item: { ...entry, sequence: Number(row.sequence), previousHash: row.previous_hash, hash: row.hash },
          updatedAt: entry.at,
          key: row.sequence,
        };
      });
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
  };
}
