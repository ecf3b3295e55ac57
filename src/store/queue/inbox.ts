// A message of another system and everything that it says → rows, in one transaction, once; a second time the first answer comes back.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { DatedRecord, IncomingMessage, TakenMessage } from '#kernel/incoming-message.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { ORDER_ROOM } from '#kernel/hospital-order.ts';
import { rankByOrder } from './job-writes.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { fillStudies } from '#store/study/hospital-facts.ts';
import { keepResults } from '#store/risk/measurements.ts';
import { correctPerson } from '#store/study/correct-person.ts';
import { survivorsOf } from '#store/study/person-alias.ts';
import type { TellChange } from '#store/study/study-change.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface Incoming {
  take(message: IncomingMessage): Promise<TakenMessage>;
}

interface Kept {
  readonly sha256: string;
  readonly answers: readonly string[];
}

async function keepRecord(tx: Transaction, scope: Tenancy, { room, key, asOf, value }: DatedRecord): Promise<boolean> {
  const rows = await tx.query(
    `insert into record (facility_id, room, key, value, updated_at) values ($1, $2, $3, $4, $5)
     on conflict (facility_id, room, key) do update set value = excluded.value, updated_at = excluded.updated_at
     where record.value->>'asOf' <= excluded.value->>'asOf' returning key`,
    [scope.facilityId, room, storableText(key), canonicalJson({ ...value, asOf }), scope.clock.now()],
  );
  return rows.length > 0;
}

/** A merge itself names both numbers; everything else that comes under a number that was given up is about the person who is left. */
async function underSurvivors(tx: Transaction, scope: Tenancy, message: IncomingMessage): Promise<IncomingMessage> {
  const { measurements, reports, corrected, records, news = [] } = message;
  const merged = new Set(news.flatMap(({ person, prior }) => (prior === undefined ? [] : [person.id])));
  const codeIn = ({ value }: DatedRecord): string[] =>
    typeof value['patientCode'] === 'string' ? [value['patientCode']] : [];
  const codes = [
    ...[...measurements, ...reports, ...corrected].map(({ patientId }) => patientId),
    ...records.flatMap(codeIn),
  ];
  const survivor = await survivorsOf(
    tx,
    scope,
    codes.filter((code) => !merged.has(code)),
  );
  const moved = (record: DatedRecord): DatedRecord => {
    const [code] = codeIn(record);
    if (code === undefined || survivor(code) === code) return record;
    const to = survivor(code);
    return { ...record, key: record.key === code ? to : record.key, value: { ...record.value, patientCode: to } };
  };
  return {
    ...message,
    measurements: measurements.map((one) => ({ ...one, patientId: survivor(one.patientId) })),
    reports: reports.map((one) => ({ ...one, patientId: survivor(one.patientId) })),
    corrected: corrected.map((one) => ({ ...one, patientId: survivor(one.patientId) })),
    records: records.map(moved),
    news: news.map((one) => ({ ...one, person: { ...one.person, id: survivor(one.person.id) } })),
  };
}

export function openIncoming(scope: Tenancy, tell: TellChange): Incoming {
  return {
    take: (message) =>
      scope.transaction(async (tx): Promise<TakenMessage> => {
        const { room, sha256, answers } = message;
        const place = [scope.facilityId, room, storableText(message.key)];
        const fresh = await tx.query(
          `insert into record (facility_id, room, key, value, updated_at) values ($1, $2, $3, $4, $5)
           on conflict (facility_id, room, key) do nothing returning key`,
          [...place, canonicalJson({ sha256, answers }), scope.clock.now()],
        );
        if (fresh.length === 0) {
          const [row] = await tx.query<{ value: Kept }>(
            'select value from record where facility_id = $1 and room = $2 and key = $3',
            place,
          );
          return row?.value.sha256 === sha256
            ? { status: 'known', answers: row.value.answers }
            : { status: 'conflict' };
        }
        const said = await underSurvivors(tx, scope, message);
        await keepResults(tx, scope, said);
        const latest = new Set<string>();
        for (const record of said.records) {
          if (await keepRecord(tx, scope, record)) latest.add(record.key);
          await fillStudies(tx, scope, record);
          if (record.room === ORDER_ROOM) await rankByOrder(tx, scope.facilityId, storableText(record.key));
        }
        const followed: AuditEntry[] = [];
        const told = { actor: message.audit.actor, tell };
        for (const one of said.news ?? [])
          if (latest.has(one.person.id)) followed.push(...(await correctPerson(tx, scope, one, told)));
        await appendAudit(tx, scope, [message.audit, ...followed]);
        return { status: 'stored', answers };
      }),
  };
}
