// One page of studies in the order of reading, and how many there are: each group of the order is read from its own part of an index,
// from the place where the last page ended, so that the cost follows the page and not the archive. The order itself is ranking.ts's.
import { type Outcome, PRIORITIES, type Priority } from '#kernel/finding.ts';
import { READ_STUDY } from '#store/queue/job-writes.ts';
import type { ReadingOrderFilter } from '#kernel/reading-order-filter.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { patientKeyOf } from '#store/study/study-row.ts';
import { searchQuery } from './search-words.ts';
import { openWhere, type Where } from './where.ts';

/** Open studies by place, then closed ones, the newest first. */
export const GROUPS = [...PRIORITIES, 'closed'] as const;
export type Group = (typeof GROUPS)[number];

export interface Position {
  readonly group: Group;
  /** ISO 8601: received, or closed where the group is `closed`. */
  readonly at: string;
  readonly studyUid: string;
}

export interface OrderPage {
  readonly after?: Position;
  readonly limit: number;
}

export type Counts = Readonly<Record<Group, number>>;

export interface ReadingOrder {
  positions(filter: ReadingOrderFilter, page: OrderPage): Promise<readonly Position[]>;
  counts(filter: ReadingOrderFilter): Promise<Counts>;
}

interface Part {
  readonly group: Group;
  readonly column: 'received_at' | 'closed_at';
  readonly isClosed: 's.closed_at is null' | 's.closed_at is not null';
  /** Beside `isClosed`. */
  readonly condition: string;
}

const FAILING = `select key from job where facility_id = s.facility_id and kind = '${READ_STUDY}'
  and state in ('waiting', 'running', 'dead') and last_error is not null`;

const OUTCOMES: Readonly<Record<Outcome | 'unread', string>> = {
  assessed: `s.outcome = 'assessed'`,
  'not-assessed': `s.outcome = 'not-assessed'`,
  failed: `(s.outcome = 'failed' or (s.outcome is null and s.study_uid in (${FAILING})))`,
  unread: `(s.outcome is null and s.study_uid not in (${FAILING}))`,
};

/** Of a search: the studies that it finds, where they are few; undefined where they are many, or nothing is searched. */
type FewFound = readonly string[] | undefined;

/** More than these are met soon enough on a walk along the order. */
const FEW = 2_000;

/**
 * PostgreSQL cannot tell a rare word from a frequent one by its beginning, and walks along the order past a million studies for a code that three
 * of them have. So a rare word is looked up first, in its own index.
 */
async function fewFound({ facilityId, sql }: Tenancy, { search }: ReadingOrderFilter): Promise<FewFound> {
  const words = search === undefined ? undefined : searchQuery(search);
  if (words === undefined) return undefined;
  const rows = await sql.query<{ uid: string }>(
    'select study_uid as uid from study where facility_id = $1 and search @@ $2::tsquery limit $3',
    [facilityId, words, FEW + 1],
  );
  return rows.length > FEW ? undefined : rows.map(({ uid }) => uid);
}

function whereOf(facilityId: string, filter: ReadingOrderFilter, few: FewFound): Where {
  const where = openWhere('s.facility_id', facilityId);
  if (filter.outcome !== undefined) where.also(OUTCOMES[filter.outcome]);
  where.when(
    filter.finding,
    (place) => `exists (select 1 from reading r join finding f on f.reading_id = r.id
      where r.facility_id = s.facility_id and r.study_uid = s.study_uid and r.superseded_by is null
        and f.code = ${place} and f.decision = 'positive' and not exists (
          select 1 from study_label l where l.facility_id = s.facility_id and l.study_uid = s.study_uid
            and l.finding_code = f.code and not l.present))`,
  );
  where.when(filter.modality, (place) => `s.modality = ${place}`);
  where.when(filter.patientId && patientKeyOf({ id: filter.patientId }, ''), (place) => `s.patient_key = ${place}`);
  const words = filter.search === undefined ? undefined : searchQuery(filter.search);
  if (few === undefined) where.when(words, (place) => `s.search @@ ${place}::tsquery`);
  else where.also(`s.study_uid = any(${where.place(few)}::text[])`);
  return where;
}

function partsOf({ state = 'open', place }: ReadingOrderFilter, aged: string): readonly Part[] {
  const open = (group: Priority, condition: string): Part => ({
    group,
    column: 'received_at',
    isClosed: 's.closed_at is null',
    condition,
  });
  const waiting = [
    open('critical', 's.asked_rank = 0'),
    open('urgent', 's.asked_rank = 1'),
    open('urgent', `s.asked_rank = 2 and s.received_at <= ${aged}`),
    open('routine', `s.asked_rank = 2 and s.received_at > ${aged}`),
  ].filter(({ group }) => place === undefined || group === place);
  const closed: Part = { group: 'closed', column: 'closed_at', isClosed: 's.closed_at is not null', condition: 'true' };
  const done = place === undefined ? [closed] : [];
  return state === 'open' ? waiting : state === 'closed' ? done : [...waiting, ...done];
}

const rank = (group: Group): number => GROUPS.indexOf(group);
const text = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function compare(one: Position, other: Position): number {
  if (one.group !== other.group) return rank(one.group) - rank(other.group);
  const oldestFirst = text(one.at, other.at) || text(one.studyUid, other.studyUid);
  return one.group === 'closed' ? -oldestFirst : oldestFirst;
}

export function openReadingOrder(scope: Tenancy): ReadingOrder {
  const { facilityId, sql } = scope;
  return {
    async positions(filter, { after, limit }) {
      const where = whereOf(facilityId, filter, await fewFound(scope, filter));
      const aged = `${where.place(filter.agedBefore)}::timestamptz`;
      const bound = where.place(limit);
      const cursor = after && `(${where.place(after.at)}::timestamptz, ${where.place(after.studyUid)}::text)`;
      const selects = partsOf(filter, aged)
        .filter(({ group }) => after === undefined || rank(group) >= rank(after.group))
        .map(({ group, column, isClosed, condition }) => {
          const [beyond, direction] = group === 'closed' ? ['<', 'desc'] : ['>', 'asc'];
          const onwards =
            cursor !== undefined && group === after?.group ? ` and (s.${column}, s.study_uid) ${beyond} ${cursor}` : '';
          return `(select '${group}' as "group", s.${column} as at, s.study_uid as "studyUid" from study s
            where ${where.text()} and ${isClosed} and ${condition}${onwards}
            order by s.${column} ${direction}, s.study_uid ${direction} limit ${bound})`;
        });
      // PostgreSQL wants to know each parameter's type, also of the one that no part of this page uses.
      const typed = `(select 'critical', ${aged}, '' where false)`;
      const rows = await sql.query<Omit<Position, 'at'> & { readonly at: Date }>(
        [...selects, typed].join('\nunion all\n'),
        where.values,
      );
      return rows
        .map((row) => ({ ...row, at: row.at.toISOString() }))
        .sort(compare)
        .slice(0, limit);
    },
    async counts(filter) {
      const where = whereOf(facilityId, filter, await fewFound(scope, filter));
      const aged = `${where.place(filter.agedBefore)}::timestamptz`;
      const parts = partsOf(filter, aged);
      // One walk for all groups; where it is over open studies alone, their small index holds all that it asks for.
      const [state, other] = new Set(parts.map(({ isClosed }) => isClosed));
      if (state !== undefined && other === undefined) where.also(state);
      const countOf = (group: Group): string => {
        const conditions = parts
          .filter((part) => part.group === group)
          .map(({ isClosed, condition }) =>
            other === undefined ? `(${condition})` : `(${isClosed} and ${condition})`,
          );
        return conditions.length === 0 ? '0' : `count(*) filter (where ${conditions.join(' or ')})::int`;
      };
      const [counts] = await sql.query<Counts>(
        `select ${GROUPS.map((group) => `${countOf(group)} as ${group}`).join(', ')}, ${aged} is null as unused
         from study s where ${where.text()}`,
        where.values,
      );
      const { critical = 0, urgent = 0, routine = 0, closed = 0 } = counts ?? {};
      return { critical, urgent, routine, closed };
    },
  };
}
