// Searches for views in other systems' languages: by id, patient, time, order number; newest first, a page at a time. Reads only.
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { AlertEvent } from '#alerts/lifecycle.ts';
import { type AlertRow, toAlert } from './alert-rows.ts';
import type { Assessment } from './assessments.ts';
import { storableText } from './canonical.ts';
import { type StudyFinder, openStudyFinder } from './find-studies.ts';
import type { Scope } from './scope.ts';
import { openWhere, type TimeGroups, uuidsOf, type Where } from './where.ts';

export interface FindQuery {
  readonly ids?: readonly string[];
  /** Patient codes (MA_BN). */
  readonly patients?: readonly string[];
  readonly accessions?: readonly string[];
  readonly studies?: readonly string[];
  /** When it was seen, computed or done. */
  readonly times?: TimeGroups;
  /** When the record last changed. */
  readonly updated?: TimeGroups;
  /** `key` of the last item of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface Found<Item> {
  readonly item: Item;
  readonly updatedAt: string;
  /** Place in the order; for `after`. */
  readonly key: string;
}

export interface FoundAlert {
  readonly alert: Alert;
  readonly events: readonly AlertEvent[];
  readonly supersededBy?: Uuid;
}

export interface FoundAssessment {
  readonly assessment: Assessment;
  /** Alerts that it led to. */
  readonly alertIds: readonly Uuid[];
}

export interface AlertQuery extends FindQuery {
  readonly statuses?: readonly AlertStatus[];
  readonly sources?: readonly string[];
  /** `patient`: not about one study (risk flags). */
  readonly about?: 'patient';
}

export interface Finder extends StudyFinder {
  /** The suppressed and the superseded only where they are asked for by id. */
  alerts(query: AlertQuery): Promise<readonly Found<FoundAlert>[]>;
  assessments(query: FindQuery & { readonly alerts?: readonly string[] }): Promise<readonly Found<FoundAssessment>[]>;
}

/** Keys come from outside: what is no number finds nothing. */
const numberKey = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : /^\d{1,18}$/.test(key) ? key : '0';

const texts = (list: readonly string[] | undefined): readonly string[] | undefined =>
  list?.map((text) => storableText(text));

const ids = (list: readonly string[] | undefined): readonly string[] | undefined => list && uuidsOf(list);

interface AlertFoundRow extends AlertRow {
  readonly sequence: string;
  readonly updated_at: Date;
  readonly superseded_by: Uuid | null;
  readonly events: readonly AlertEvent[];
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
  where.when(numberKey(query.after), (place) => `a.sequence < ${place}::bigint`);
  return where;
}

interface AssessmentFoundRow {
  readonly sequence: string;
  readonly record: Assessment;
  readonly assessed_at: Date;
  readonly alert_ids: readonly Uuid[];
}

export function openFinder(scope: Scope): Finder {
  const { facilityId, sql } = scope;
  return {
    ...openStudyFinder(scope),
    async alerts(query) {
      const where = alertWhere(facilityId, query);
      const hidden = query.ids === undefined ? 'and not a.suppressed and a.superseded_by is null' : '';
      const rows = await sql.query<AlertFoundRow>(
        `select a.record, a.status, a.superseded_by, a.sequence::text, ${ALERT_UPDATED} as updated_at,
           coalesce((select jsonb_agg(e.record order by e.sequence) from alert_event e
             where e.alert_id = a.id and e.facility_id = a.facility_id), '[]'::jsonb) as events
         from alert a where ${where.text()} ${hidden}
         order by a.sequence desc limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: {
          alert: toAlert(row),
          events: row.events,
          ...(row.superseded_by !== null && { supersededBy: row.superseded_by }),
        },
        updatedAt: row.updated_at.toISOString(),
        key: row.sequence,
      }));
    },
    async assessments(query) {
      const where = openWhere('s.facility_id', facilityId);
      where.when(ids(query.ids), (place) => `s.id = any(${place}::uuid[])`);
      where.when(
        ids(query.alerts),
        (place) => `s.id in (select source_id from alert where facility_id = $1 and id = any(${place}::uuid[]))`,
      );
      where.when(texts(query.patients), (place) => `s.patient_id = any(${place}::text[])`);
      where.times('s.assessed_at', query.times);
      where.times('s.assessed_at', query.updated);
      where.when(numberKey(query.after), (place) => `s.sequence < ${place}::bigint`);
      const rows = await sql.query<AssessmentFoundRow>(
        `select s.record, s.sequence::text, s.assessed_at,
           array(select a.id::text from alert a where a.source_id = s.id and a.facility_id = s.facility_id
             order by a.sequence) as alert_ids
         from assessment s where ${where.text()} order by s.sequence desc limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => ({
        item: { assessment: row.record, alertIds: row.alert_ids },
        updatedAt: row.assessed_at.toISOString(),
        key: row.sequence,
      }));
    },
  };
}
