// Findings of silent models, beside the readings of the live one. Only the exit of a model reads them: no view of a study does.
import type { ConfirmedCase, ModelIdentity, SilentReading } from '#kernel/model-stage.ts';
import type { Uuid } from '#kernel/ids.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

/** A technical fault is tried again as often as this. */
const MOST_ATTEMPTS = 3;
/** A silent model that is further behind leaves out what is older: it must never grow into a backlog. */
const FURTHEST_BEHIND_MS = 72 * 3_600_000;

export interface SilentReadings {
  /** The oldest reading since `since` that this model has not read beside. */
  next(model: ModelIdentity & { readonly since: string }): Promise<{ beside: Uuid; studyUid: string } | undefined>;
  /** Nothing is written where the reading beside it is gone. One that failed gives way to the next try. */
  keep(silent: SilentReading): Promise<void>;
  counts(model: ModelIdentity): Promise<Readonly<Record<'assessed' | 'not-assessed' | 'failed', number>>>;
  /** Findings of which a person said what is true, on studies whose current reading is of `live`. */
  confirmed(pair: {
    readonly candidate: ModelIdentity;
    readonly live: ModelIdentity;
  }): Promise<readonly ConfirmedCase[]>;
}

interface ConfirmedRow extends Omit<ConfirmedCase, 'prevalence' | 'beyondCalibration'> {
  readonly prevalence: number | null;
  readonly beyond: boolean;
}

const CONFIRMED = `select l.finding_code as finding, s.patient_key as patient, l.present,
    (said->>'probability')::float8 as candidate, f.probability as live, (said->>'prevalence')::float8 as prevalence,
    coalesce((said->>'beyondCalibration')::boolean, false) as beyond
  from study_label l
  join study s on s.facility_id = l.facility_id and s.study_uid = l.study_uid
  join reading r on r.facility_id = l.facility_id and r.study_uid = l.study_uid and r.superseded_by is null
  join finding f on f.reading_id = r.id and f.code = l.finding_code
  join silent_reading q on q.beside = r.id and q.model_id = $2 and q.model_version = $3
  cross join lateral jsonb_array_elements(q.record->'findings') said
  where l.facility_id = $1 and said->>'code' = l.finding_code
    and r.model_id = $4 and r.record->'provenance'->>'modelVersion' = $5
  order by l.finding_code, s.patient_key, l.study_uid`;

export function openSilentReadings(scope: Tenancy): SilentReadings {
  const { facilityId, clock, sql } = scope;
  return {
    async next({ modelId, modelVersion, since }) {
      const earliest = new Date(Math.max(Date.parse(since), clock.now().getTime() - FURTHEST_BEHIND_MS));
      const [row] = await sql.query<{ id: Uuid; study_uid: string }>(
        `select r.id, r.study_uid from reading r
         join study s on s.facility_id = r.facility_id and s.study_uid = r.study_uid and s.fetched_at is null
         where r.facility_id = $1 and r.committed_at >= $2 and r.superseded_by is null and r.outcome <> 'failed'
           and (r.model_id, r.record->'provenance'->>'modelVersion') is distinct from ($3, $4)
           and not exists (select 1 from silent_reading q where q.beside = r.id and q.model_id = $3 and q.model_version = $4
             and (q.outcome <> 'failed' or q.attempts >= ${MOST_ATTEMPTS}))
         order by r.committed_at, r.sequence limit 1`,
        [facilityId, earliest, modelId, modelVersion],
      );
      return row && { beside: row.id, studyUid: row.study_uid };
    },
    async keep({ beside, modelId, modelVersion, reading }) {
      await scope.transaction(async (tx) => {
        const written = await tx.query(
          `insert into silent_reading (facility_id, beside, study_uid, model_id, model_version, outcome, record, read_at)
           select $1, r.id, $3, $4, $5, $6, $7, $8 from reading r where r.facility_id = $1 and r.id = $2
           on conflict (beside, model_id, model_version) do update set outcome = excluded.outcome, record = excluded.record,
             read_at = excluded.read_at, attempts = silent_reading.attempts + 1 where silent_reading.outcome = 'failed'
           returning beside`,
          [
            facilityId,
            beside,
            reading.studyUid,
            modelId,
            modelVersion,
            reading.outcome,
            canonicalJson(reading),
            clock.now(),
          ],
        );
        if (written.length === 0) return;
        const detail = { modelId, modelVersion, outcome: reading.outcome, digest: digestOf(reading) };
        await appendAudit(tx, scope, [
          { actor: 'silent-reader', action: 'silent.read', subjectType: 'silent-reading', subjectId: beside, detail },
        ]);
      });
    },
    async counts({ modelId, modelVersion }) {
      const rows = await sql.query<{ outcome: 'assessed' | 'not-assessed' | 'failed'; n: number }>(
        `select outcome, count(*)::int as n from silent_reading
         where facility_id = $1 and model_id = $2 and model_version = $3 group by outcome`,
        [facilityId, modelId, modelVersion],
      );
      const none = { assessed: 0, 'not-assessed': 0, failed: 0 };
      return rows.reduce((all, { outcome, n }) => ({ ...all, [outcome]: n }), none);
    },
    async confirmed({ candidate, live }) {
      const rows = await sql.query<ConfirmedRow>(CONFIRMED, [
        facilityId,
        candidate.modelId,
        candidate.modelVersion,
        live.modelId,
        live.modelVersion,
      ]);
      return rows.map(({ prevalence, beyond, ...row }) => ({
        ...row,
        ...optional('prevalence', prevalence),
        beyondCalibration: beyond,
      }));
    },
  };
}
