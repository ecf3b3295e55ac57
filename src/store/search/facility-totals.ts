// Counts of one facility's studies, readings and alerts since a moment. One question; it names its facility as every other does.
import type { FacilityTotals } from '#kernel/facility-totals.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

interface Row {
  readonly received: number;
  readonly assessed: number;
  readonly not_assessed: number;
  readonly failed: number;
  readonly timed: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly raised: number;
  readonly answered: number;
  readonly overridden: number;
  readonly suppressed: number;
  readonly by_severity: Readonly<Record<string, number>>;
}

/** Not counted: priors that were fetched for comparison, because no reader read them in these days, and phantoms, which show no person. */
const TOTALS = {
  name: 'facility-totals',
  text: `with film as (
      select s.received_at, first.committed_at, last.outcome from study s
      left join lateral (
        select committed_at from reading r where r.facility_id = s.facility_id and r.study_uid = s.study_uid
        order by sequence limit 1) first on true
      left join lateral (
        select outcome from reading r where r.facility_id = s.facility_id and r.study_uid = s.study_uid and superseded_by is null
        order by sequence desc limit 1) last on true
      where s.facility_id = $1 and s.received_at >= $2 and s.fetched_at is null and not s.not_for_clinical_use),
    waited as (select extract(epoch from committed_at - received_at)::float8 / 60 as minutes from film where committed_at is not null),
    told as (select status, severity, suppressed from alert where facility_id = $1 and created_at >= $2 and superseded_by is null)
    select
      (select count(*)::int from film) as received,
      (select count(*)::int from film where outcome = 'assessed') as assessed,
      (select count(*)::int from film where outcome = 'not-assessed') as not_assessed,
      (select count(*)::int from film where outcome = 'failed') as failed,
      (select count(*)::int from waited) as timed,
      (select percentile_cont(0.5) within group (order by minutes) from waited) as median,
      (select percentile_cont(0.9) within group (order by minutes) from waited) as p90,
      (select count(*)::int from told where not suppressed) as raised,
      (select count(*)::int from told where not suppressed and status in ('acknowledged', 'overridden', 'resolved')) as answered,
      (select count(*)::int from told where not suppressed and status = 'overridden') as overridden,
      (select count(*)::int from told where suppressed) as suppressed,
      (select coalesce(jsonb_object_agg(severity, n), '{}') from (
         select severity, count(*)::int as n from told where not suppressed group by severity) counted) as by_severity`,
};

export const openFacilityTotals =
  ({ facilityId, sql }: Tenancy) =>
  async (since: Date): Promise<FacilityTotals> => {
    const [row] = await sql.query<Row>(TOTALS, [facilityId, since]);
    if (row === undefined) throw new Error('a question that counts has one answer');
    return {
      studies: { received: row.received, assessed: row.assessed, notAssessed: row.not_assessed, failed: row.failed },
      turnaround: { n: row.timed, ...optional('medianMinutes', row.median), ...optional('p90Minutes', row.p90) },
      alerts: {
        raised: row.raised,
        answered: row.answered,
        overridden: row.overridden,
        suppressed: row.suppressed,
        bySeverity: row.by_severity,
      },
    };
  };
