// The inbox of a facility: what waits for an answer comes first, the gravest and oldest at its head, so that no number of newer or answered
// alerts pushes an open one off the list. The count is of all that match.
import type { Alert } from '#kernel/alert.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { toAlert, type AlertRow } from './alert-rows.ts';

export interface InboxQuery {
  /** `open`: new, seen or acknowledged. */
  readonly state: 'open' | 'all';
  readonly limit: number;
}

export interface AlertInbox {
  readonly total: number;
  readonly items: readonly Alert[];
}

const SHOWN = 'facility_id = $1 and not suppressed and superseded_by is null and withdrawn_at is null';
/** As the index `alert_open` has it. */
const OPEN = `status in ('new', 'seen', 'acknowledged')`;
const UNANSWERED = `status in ('new', 'seen')`;
const ORDER = `(${UNANSWERED}) desc, case when ${UNANSWERED} then array_position(array['critical', 'warning', 'info'], severity) end,
  case when ${UNANSWERED} then created_at end, sequence desc`;

export async function readInbox({ facilityId, sql }: Tenancy, { state, limit }: InboxQuery): Promise<AlertInbox> {
  const where = state === 'open' ? `${SHOWN} and ${OPEN}` : SHOWN;
  const [rows, [counted]] = await Promise.all([
    sql.query<AlertRow>(`select record, status from alert where ${where} order by ${ORDER} limit $2`, [
      facilityId,
      limit,
    ]),
    sql.query<{ n: number }>(`select count(*)::int as n from alert where ${where}`, [facilityId]),
  ]);
  return { total: counted?.n ?? 0, items: rows.map(toAlert) };
}
