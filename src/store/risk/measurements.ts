// Measurements of a person as they were sent, each once.
import type { ImportCounts, ResultImport } from '#kernel/imported-result.ts';
import type { CorrectedResult, ImportedReport, StoredMeasurement } from '#kernel/imported-result.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { survivorOf, survivorsOf } from '#store/study/person-alias.ts';
import { markDue } from './subjects.ts';

export interface Measurements {
  /** One transaction. */
  import(rows: ResultImport): Promise<ImportCounts>;
  /** Diagnoses first, then values, each newest first, without what its sender has withdrawn: a stroke of years ago outlasts any number of values. */
  ofPatient(
    patientId: string,
    filter?: { codes?: readonly string[]; since?: string; limit?: number },
  ): Promise<readonly StoredMeasurement[]>;
  reportsOfPatient(patientId: string, limit?: number): Promise<readonly ImportedReport[]>;
}

interface WithResults {
  readonly corrected: readonly CorrectedResult[];
  readonly measurements: readonly StoredMeasurement[];
  readonly reports: readonly ImportedReport[];
}

/** Parameters of one statement: a message has tens of rows, a claim file's record hundreds. */
const AT_ONCE = 1_000;

function* slices<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += AT_ONCE) yield rows.slice(at, at + AT_ONCE);
}

/** Of whom the new ones are. */
async function insertMeasurements(
  tx: Transaction,
  facilityId: string,
  all: readonly StoredMeasurement[],
): Promise<readonly string[]> {
  const stored: string[] = [];
  for (const rows of slices(all)) {
    const fresh = await tx.query<{ patient_id: string }>(
      `insert into measurement (facility_id, dedup_key, patient_id, code, time, record, result_key)
       select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[])
       on conflict (facility_id, dedup_key) do nothing returning patient_id`,
      [
        facilityId,
        rows.map(({ dedupKey }) => storableText(dedupKey)),
        rows.map(({ patientId }) => storableText(patientId)),
        rows.map(({ code }) => storableText(code)),
        rows.map(({ time }) => time ?? null),
        rows.map((row) => canonicalJson(row)),
        rows.map(({ resultKey }) => resultKey ?? null),
      ],
    );
    stored.push(...fresh.map(({ patient_id }) => patient_id));
  }
  return stored;
}

async function insertReports(tx: Transaction, facilityId: string, all: readonly ImportedReport[]): Promise<number> {
  let stored = 0;
  for (const rows of slices(all)) {
    const fresh = await tx.query(
      `insert into report (facility_id, dedup_key, patient_id, time, record, result_key)
       select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[])
       on conflict (facility_id, dedup_key) do nothing returning dedup_key`,
      [
        facilityId,
        rows.map(({ dedupKey }) => storableText(dedupKey)),
        rows.map(({ patientId }) => storableText(patientId)),
        rows.map(({ time }) => time ?? null),
        rows.map((row) => canonicalJson(row)),
        rows.map(({ resultKey }) => resultKey ?? null),
      ],
    );
    stored += fresh.length;
  }
  return stored;
}

/** Measurements of whole groups that these rows do not say again. Returns of whom. */
async function withdrawGroups(
  tx: Transaction,
  { facilityId, clock }: Tenancy,
  { corrected, said }: Pick<WithResults, 'corrected'> & { readonly said: readonly string[] },
): Promise<readonly { patient_id: string }[]> {
  const groups = corrected.flatMap(({ patientId, groupKey }) =>
    groupKey === undefined ? [] : [{ person: storableText(patientId), groupKey }],
  );
  if (groups.length === 0) return [];
  return tx.query<{ patient_id: string }>(
    `update measurement set withdrawn_at = $4::timestamptz
     from unnest($2::text[], $5::text[]) as gone (person, group_key)
     where facility_id = $1 and patient_id = gone.person and record->>'groupKey' = gone.group_key
       and withdrawn_at is null and not dedup_key = any($3) returning patient_id`,
    [facilityId, groups.map(({ person }) => person), said, clock.now(), groups.map(({ groupKey }) => groupKey)],
  );
}

/**
 * Before the rows of the correction are written: one that says again what was withdrawn once holds again. Rows stay as evidence. Returns of
 * whom a measurement was withdrawn or holds again.
 */
async function withdrawResults(
  tx: Transaction,
  scope: Tenancy,
  { corrected, measurements, reports }: WithResults,
): Promise<readonly string[]> {
  const { facilityId, clock } = scope;
  if (corrected.length === 0) return [];
  const results = new Map(
    corrected.flatMap(({ patientId, resultKeys, time }) =>
      resultKeys.map((key) => [
        `${key} ${patientId} ${time ?? ''}`,
        { key, person: storableText(patientId), time: time ?? null },
      ]),
    ),
  );
  const sent = [...results.values()];
  const said = [...measurements, ...reports].map(({ dedupKey }) => dedupKey);
  const withdraw = (table: 'measurement' | 'report') =>
    tx.query<{ patient_id: string }>(
      `update ${table} set withdrawn_at = case when dedup_key = any($3) then null else $4::timestamptz end
       from unnest($2::text[], $5::text[], $6::text[]) as sent (key, person, at)
       where facility_id = $1 and result_key = sent.key and patient_id = sent.person
         and case when sent.at is null then true else time = sent.at and withdrawn_at is null and not exists (
           select 1 from ${table} known where known.facility_id = $1 and known.result_key = sent.key
             and known.dedup_key = any($3)) end
         and (withdrawn_at is null) <> (dedup_key = any($3)) returning patient_id`,
      [
        facilityId,
        sent.map(({ key }) => key),
        said,
        clock.now(),
        sent.map(({ person }) => person),
        sent.map(({ time }) => time),
      ],
    );
  const changed = [...(await withdraw('measurement')), ...(await withdrawGroups(tx, scope, { corrected, said }))];
  await withdraw('report');
  return changed.map(({ patient_id }) => patient_id);
}

/** How many are new. Whose values changed is judged again. */
export async function keepResults(tx: Transaction, scope: Tenancy, results: WithResults): Promise<number> {
  const withdrawn = await withdrawResults(tx, scope, results);
  const stored = await insertMeasurements(tx, scope.facilityId, results.measurements);
  await markDue(tx, scope, [...withdrawn, ...stored]);
  return stored.length + (await insertReports(tx, scope.facilityId, results.reports));
}

export function openMeasurements(scope: Tenancy): Measurements {
  const { facilityId, sql } = scope;
  return {
    async import({ measurements, reports = [], corrected = [], actor }) {
      return scope.transaction(async (tx) => {
        const codes = [...measurements, ...reports, ...corrected].map(({ patientId }) => patientId);
        const survivor = await survivorsOf(tx, scope, codes);
        const stored = await keepResults(tx, scope, {
          corrected: corrected.map((one) => ({ ...one, patientId: survivor(one.patientId) })),
          measurements: measurements.map((one) => ({ ...one, patientId: survivor(one.patientId) })),
          reports: reports.map((one) => ({ ...one, patientId: survivor(one.patientId) })),
        });
        const known = measurements.length + reports.length - stored;
        await appendAudit(tx, scope, [
          {
            actor,
            action: 'measurements.imported',
            subjectType: 'import',
            subjectId: scope.clock.now().toISOString(),
            detail: { stored, known },
          },
        ]);
        return { stored, known };
      });
    },
    async ofPatient(patientId, { codes, since, limit = 1_000 } = {}) {
      const rows = await sql.query<{ record: StoredMeasurement }>(
        `select record from measurement where facility_id = $1 and patient_id = ${survivorOf('$2')}
           and withdrawn_at is null and ($3::text[] is null or code = any($3)) and ($4::text is null or time >= $4)
         order by (record->'value' = 'true'::jsonb) desc, time desc nulls last, sequence desc limit $5`,
        [facilityId, storableText(patientId), codes ?? null, since ?? null, limit],
      );
      return rows.map(({ record }) => record);
    },
    async reportsOfPatient(patientId, limit = 100) {
      const rows = await sql.query<{ record: ImportedReport }>(
        `select record from report where facility_id = $1 and patient_id = ${survivorOf('$2')} and withdrawn_at is null
         order by time desc nulls last, sequence desc limit $3`,
        [facilityId, storableText(patientId), limit],
      );
      return rows.map(({ record }) => record);
    },
  };
}
