// Searches for views in other systems' languages: by id, patient, time, order number; newest first, a page at a time. Reads only.
import type { AlertRecord } from '#alerts/lifecycle/alert-record.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { AlertQuery, AssessmentQuery, Found } from '#kernel/record-search.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { type AlertRow, toAlert } from '#store/alert/alert-rows.ts';
import { storableText } from '#store/host/canonical.ts';
import { type AuditFinder, openAuditFinder } from '#store/audit/find-audit.ts';
import { type StudyFinder, openStudyFinder } from './find-studies.ts';
import { cursorOf, moment, orderOf, type Sortable } from './sorting.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { countOf, openWhere, uuidsOf, type Where } from './where.ts';

export interface FoundAssessment {
  readonly assessment: Assessment;
  /** Alerts that it led to. */
  readonly alertIds: readonly Uuid[];
}

export interface Finder extends StudyFinder, AuditFinder {
  /** The suppressed and the superseded only where they are asked for by id. */
  alerts(query: AlertQuery): Promise<readonly Found<AlertRecord>[]>;
  assessments(query: AssessmentQuery): Promise<readonly Found<FoundAssessment>[]>;
  /** How many all pages hold together. */
  countAlerts(query: AlertQuery): Promise<number>;
  countAssessments(query: AssessmentQuery): Promise<number>;
}

const texts = (list: readonly string[] | undefined): readonly string[] | undefined =>
  list?.map((text) => storableText(text));

const ids = (list: readonly string[] | undefined): readonly string[] | undefined => list && uuidsOf(list);

interface AlertFoundRow extends AlertRow {
  readonly sequence: string;
  readonly sorted: string | null;
  readonly updated_at: Date;
  readonly superseded_by: Uuid | null;
  readonly events: readonly AlertEvent[];
  readonly not_clinical: boolean;
}

const ALERT_UPDATED =
  'coalesce((select max(e.at) from alert_event e where e.alert_id = a.id and e.facility_id = a.facility_id), a.created_at)';

function alertWhere(facilityId: string, query: AlertQuery): Where {
  const where = openWhere('a.facility_id', facilityId);
  where.when(ids(query.ids), (place) => `a.id = any(${place}::uuid[])`);
  where.when(ids(query.sources), (place) => `a.source_id = any(${place}::uuid[])`);
  where.when(query.statuses, (place) => `a.status = any(${place}::text[])`);
  where.when(texts(query.patients), (place) => `a.patient_code = any(${place}::text[])`);
  where.when(texts(query.accessions), (place) => `a.accession_number = any(${place}::text[])`);
  where.when(texts(query.studies), (place) => `a.study_uid = any(${place}::text[])`);
  if (query.about === 'patient') where.also('a.study_uid is null');
  where.times('a.created_at', query.times);
  where.times(ALERT_UPDATED, query.updated);
  if (query.ids === undefined) where.also('not a.suppressed and a.superseded_by is null');
  return where;
}

const ALERT_ORDER: Sortable = {
  time: moment('a.created_at'),
  updated: moment(ALERT_UPDATED),
  tie: { sql: 'a.sequence', type: 'bigint' },
};

function assessmentWhere(facilityId: string, query: AssessmentQuery): Where {
  const where = openWhere('s.facility_id', facilityId);
  where.when(ids(query.ids), (place) => `s.id = any(${place}::uuid[])`);
  where.when(
    ids(query.alerts),
    (place) => `s.id in (select source_id from alert where facility_id = $1 and id = any(${place}::uuid[]))`,
  );
  where.when(texts(query.patients), (place) => `s.patient_id = any(${place}::text[])`);
  where.times('s.assessed_at', query.times);
  where.times('s.assessed_at', query.updated);
  return where;
}

const ASSESSMENT_ORDER: Sortable = {
  time: moment('s.assessed_at'),
  updated: moment('s.assessed_at'),
  tie: { sql: 's.sequence', type: 'bigint' },
};

interface AssessmentFoundRow {
  readonly sequence: string;
  readonly sorted: string | null;
  readonly record: Assessment;
  readonly assessed_at: Date;
  readonly alert_ids: readonly Uuid[];
}

export function openFinder(scope: Tenancy): Finder {
  const { facilityId, sql } = scope;
  return {
    ...openStudyFinder(scope),
    ...openAuditFinder(scope),
    async alerts(query) {
      const where = alertWhere(facilityId, query);
      const order = orderOf(where, ALERT_ORDER, query);
      const rows = await sql.query<AlertFoundRow>(
        `select a.record, a.status, a.superseded_by, a.sequence::text, ${order.column}, ${ALERT_UPDATED} as updated_at,
           coalesce((select jsonb_agg(e.record order by e.sequence) from alert_event e
             where e.alert_id = a.id and e.facility_id = a.facility_id), '[]'::jsonb) as events,
           coalesce((select (r.record->>'notForClinicalUse')::boolean from reading r
             where r.id = a.source_id and r.facility_id = a.facility_id), false) as not_clinical
         from alert a where ${where.text()} order by ${order.by} limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: {
          alert: toAlert(row),
          events: row.events,
          notForClinicalUse: row.not_clinical,
          ...(row.superseded_by !== null && { supersededBy: row.superseded_by }),
        },
        updatedAt: row.updated_at.toISOString(),
        key: cursorOf(row.sequence, row.sorted),
      }));
    },
    async assessments(query) {
      const where = assessmentWhere(facilityId, query);
      const order = orderOf(where, ASSESSMENT_ORDER, query);
      const rows = await sql.query<AssessmentFoundRow>(
        `select s.record, s.sequence::text, s.assessed_at, ${order.column},
           array(select a.id::text from alert a where a.source_id = s.id and a.facility_id = s.facility_id
             order by a.sequence) as alert_ids
         from assessment s where ${where.text()} order by ${order.by} limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: { assessment: row.record, alertIds: row.alert_ids },
        updatedAt: row.assessed_at.toISOString(),
        key: cursorOf(row.sequence, row.sorted),
      }));
    },
    countAlerts: (query) => countOf(sql, 'alert a', alertWhere(facilityId, query)),
    countAssessments: (query) => countOf(sql, 'assessment s', assessmentWhere(facilityId, query)),
  };
}
