// Time stamps of studies and readings per device, for figures of the service's own work.
import { PRIORITIES } from '#kernel/finding.ts';
import type { DeviceReadings, StudyTimes } from '#kernel/service-times.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

export interface ServiceTimes {
  /** Studies that came since then, the newest first. */
  studies(since: Date, limit: number): Promise<readonly StudyTimes[]>;
  /** Current readings of studies that came since `earlier`, of the newest reading's model and calibration, in two windows that meet at `recent`. */
  devices(bounds: { readonly earlier: Date; readonly recent: Date }): Promise<readonly DeviceReadings[]>;
}

interface TimesRow {
  readonly found_rank: number;
  readonly received_at: Date;
  readonly read_at: Date | null;
  readonly opened_at: Date | null;
  readonly closed_at: Date | null;
}

const TIMES = `select t.found_rank, t.received_at, t.opened_at, t.closed_at,
    (select min(r.committed_at) from reading r
     where r.facility_id = t.facility_id and r.study_uid = t.study_uid and r.outcome <> 'failed') as read_at
  from study t where t.facility_id = $1 and t.received_at >= $2
  order by t.received_at desc, t.study_uid limit $3`;

interface DeviceRow extends Pick<DeviceReadings, 'device' | 'readings' | 'assessed' | 'positive'> {
  readonly recent: boolean;
  readonly not_assessed: number;
  readonly score_mean: number | null;
  readonly score_deviation: number | null;
}

/** Log-odds stay finite: no calibrated probability is nearer to 0 or 1 than this. */
const LEAST = 0.0001;

const DEVICES = `
  with read as (
    select r.id, r.outcome, r.priority_rank, t.received_at >= $3 as recent, r.record->'provenance' as provenance, r.sequence,
      coalesce(i.record->>'device', '') as device
    from study t
    join reading r on r.facility_id = t.facility_id and r.study_uid = t.study_uid and r.superseded_by is null
    left join instance i on i.facility_id = r.facility_id and i.sop_instance_uid = r.record->'sopInstanceUids'->>0
    where t.facility_id = $1 and t.received_at >= $2 and r.outcome <> 'failed'),
  newest as (select provenance from read order by sequence desc limit 1),
  scored as (
    select read.*, score.value from read
    join newest on read.provenance->>'modelSha256' = newest.provenance->>'modelSha256'
      and read.provenance->>'calibrationVersion' = newest.provenance->>'calibrationVersion'
    left join lateral (
      select ln(p / (1 - p)) as value from (
        select least(greatest(max(probability), ${LEAST}), 1 - ${LEAST}) as p from finding where reading_id = read.id) f) score
      on read.outcome = 'assessed')
  select device, recent, count(*)::int as readings,
    (count(*) filter (where outcome = 'not-assessed'))::int as not_assessed,
    (count(*) filter (where outcome = 'assessed'))::int as assessed,
    (count(*) filter (where outcome = 'assessed' and priority_rank < 2))::int as positive,
    avg(value)::float8 as score_mean, stddev_samp(value)::float8 as score_deviation
  from scored group by device, recent order by device, recent`;

export function openServiceTimes({ facilityId, sql }: Tenancy): ServiceTimes {
  return {
    async studies(since, limit) {
      const rows = await sql.query<TimesRow>(TIMES, [facilityId, since, limit]);
      return rows.map((row) => ({
        priority: PRIORITIES[row.found_rank] ?? 'routine',
        receivedAt: row.received_at.toISOString(),
        ...optional('readAt', row.read_at?.toISOString()),
        ...optional('openedAt', row.opened_at?.toISOString()),
        ...optional('closedAt', row.closed_at?.toISOString()),
      }));
    },
    async devices({ earlier, recent }) {
      const rows = await sql.query<DeviceRow>(DEVICES, [facilityId, earlier, recent]);
      return rows.map((row) => ({
        device: row.device,
        window: row.recent ? 'recent' : 'earlier',
        readings: row.readings,
        notAssessed: row.not_assessed,
        assessed: row.assessed,
        positive: row.positive,
        scoreMean: row.score_mean,
        scoreDeviation: row.score_deviation,
      }));
    },
  };
}
