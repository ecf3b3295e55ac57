// A reading and all that follows from it → rows, in a transaction that somebody else opened: exactly once per reading key.
import type { ReadingCommit } from '#kernel/reading-commit.ts';
import type { AlertLoad, LoadQuestion } from '#alerts/decide/reader-load.ts';
import { checkingIn } from '#kernel/finding-maps.ts';
import { PRIORITIES, type Reading } from '#kernel/finding.ts';
import { sha256Hex, type Uuid } from '#kernel/ids.ts';
import { alertIdsOf, auditOf, insertTold } from '#store/alert/alert-rows.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { PreparedStatement, Transaction } from '#store/host/database.ts';
import type { Space } from '#store/vectors/embedding-space.ts';
import { storeErrors } from '#store/errors.ts';
import { buryJob, completeJob, enqueueJob, EXPLAIN_STUDY } from '#store/queue/job-writes.ts';
import type { ClaimedJob } from '#kernel/job.ts';
import { mapsRank } from '#store/queue/rank.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import { insertHeatmaps } from './heatmap-rows.ts';
import type { Scope } from '#store/host/scope.ts';
import { toHalfvec } from '#store/vectors/vectors.ts';

/** Decided within the commit, in its turn, from what was raised before: the budget is one for all processes of a facility. */
export interface Decide {
  /** Asked when the turn has come. */
  question(): LoadQuestion;
  of(load: AlertLoad): Pick<ReadingCommit, 'told' | 'outbox' | 'audit'>;
}

export interface Committed {
  /** `known`: this study was already read so (same images, model, pipeline, calibration, thresholds); nothing was written. */
  readonly status: 'committed' | 'known';
  readonly readingId: Uuid;
  /** 1 for the first reading of a study, whichever model. */
  readonly revision: number;
  readonly alertIds: readonly Uuid[];
}

/** Same images, same model, same pipeline, same thresholds: the same reading, however often it is computed. */
function readingKey(reading: Reading): string {
  const { provider: _provider, ...provenance } = reading.provenance;
  return sha256Hex(
    canonicalJson({
      studyUid: reading.studyUid,
      images: [...reading.sopInstanceUids].sort(),
      provenance,
      follows: reading.follows,
    }),
  );
}

interface Held {
  readonly patient_key: string | null;
  readonly facts_revision: number | null;
  /** Of the study's last reading over all models: a study has one current reading, also after a site has chosen another model. */
  readonly last_revision: number;
  readonly known: { readonly id: Uuid; readonly revision: number } | null;
}

/**
 * Takes the study for this transaction. A reading that failed gives way to a later one that did not, and never stands beside one that
 * did not. What another transaction committed while this one waited is not seen here: it is met at `reading_once`, and this one runs again.
 */
const HOLD: PreparedStatement = {
  name: 'reading-hold',
  text: `with held as (select patient_key, facts_revision from study where facility_id = $1 and study_uid = $2 for update)
    select (select patient_key from held) as patient_key, (select facts_revision from held) as facts_revision,
      (select coalesce(max(revision), 0) from reading where facility_id = $1 and study_uid = $2) as last_revision,
      (select jsonb_build_object('id', id, 'revision', revision) from reading
       where facility_id = $1 and (id = $4 or (reading_key = $3 and ($5 or outcome <> 'failed')))
       order by outcome = 'failed' limit 1) as known`,
};

/** The reading before it is superseded by it, and its vector is found no more. */
const INSERT: PreparedStatement = {
  name: 'reading-insert',
  text: `with before as (
      update reading set superseded_by = $1
      where facility_id = $2 and study_uid = $3 and superseded_by is null returning id),
    vectors as (
      update embedding set current = false, in_graph = false from before where embedding.reading_id = before.id),
    fresh as (
      insert into reading (id, facility_id, study_uid, reading_key, model_id, outcome, priority, priority_rank, record,
        revision, committed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))
    insert into finding (facility_id, reading_id, code, probability, decision)
    select $2, $1, * from unnest($12::text[], $13::float8[], $14::text[])`,
};

async function insertReading(tx: Transaction, scope: Scope, fresh: { reading: Reading; revision: number }) {
  const { reading, revision } = fresh;
  const { findings } = reading;
  await tx.query(INSERT, [
    reading.id,
    scope.facilityId,
    reading.studyUid,
    readingKey(reading),
    reading.provenance.modelId,
    reading.outcome,
    reading.priority,
    PRIORITIES.indexOf(reading.priority),
    canonicalJson(reading),
    revision,
    scope.clock.now(),
    findings.map(({ code }) => code),
    findings.map(({ probability }) => probability),
    findings.map(({ decision }) => decision),
  ]);
}

interface EmbeddingInsert {
  readonly commit: ReadingCommit;
  readonly patientKey: string;
  readonly space: Space;
}

async function insertEmbedding(tx: Transaction, scope: Scope, insert: EmbeddingInsert): Promise<void> {
  const { commit, patientKey, space } = insert;
  if (commit.embedding === undefined) return;
  const { vector, facets } = commit.embedding;
  await tx.query(
    {
      name: `${space.table}-insert`,
      text: `insert into ${space.table} (space_id, reading_id, facility_id, study_uid, patient_key, age_years, sex, view, findings,
       label_source, vector)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    },
    [
      space.id,
      commit.reading.id,
      scope.facilityId,
      commit.reading.studyUid,
      patientKey,
      facets.ageYears ?? null,
      facets.sex ?? null,
      facets.view ?? null,
      [...facets.findings],
      facets.labelSource,
      toHalfvec(vector, space.dimensions),
    ],
  );
}

/** A study that could not be read stays among the dead jobs, where an administrator counts them, until it is asked for again. */
async function endJob(tx: Transaction, job: ClaimedJob, { outcome, reasons }: Reading, now: Date): Promise<void> {
  const [why] = reasons;
  if (outcome === 'failed' && why !== undefined) await buryJob(tx, job, why, now);
  else await completeJob(tx, job, now);
}

/** A later reading of the study takes the place of one whose maps still wait. */
async function enqueueMaps(tx: Transaction, scope: Scope, reading: Reading): Promise<void> {
  if (checkingIn(reading).length === 0) return;
  const now = scope.clock.now();
  await enqueueJob(
    tx,
    {
      facilityId: scope.facilityId,
      kind: EXPLAIN_STUDY,
      key: reading.studyUid,
      payload: { readingId: reading.id },
      runAt: now,
      rank: mapsRank(reading.priority),
    },
    now,
  );
}

async function knownAs(
  tx: Transaction,
  scope: Scope,
  { id, revision }: NonNullable<Held['known']>,
): Promise<Committed> {
  const alerts = await tx.query<{ id: Uuid }>('select id from alert where facility_id = $1 and source_id = $2', [
    scope.facilityId,
    id,
  ]);
  return { status: 'known', readingId: id, revision, alertIds: alerts.map((alert) => alert.id) };
}

/** `space`: where the embedding goes, if there is one. See Readings.commit. */
export async function commitReading(
  tx: Transaction,
  scope: Scope,
  commit: ReadingCommit,
  space: Space | undefined,
): Promise<Committed> {
  const { reading, job } = commit;
  if (reading.facilityId !== scope.facilityId) throw storeErrors.error('wrong-facility', { field: 'facilityId' });
  if (job !== undefined) await endJob(tx, job, reading, scope.clock.now());
  const [held] = await tx.query<Held>(HOLD, [
    scope.facilityId,
    reading.studyUid,
    readingKey(reading),
    reading.id,
    reading.outcome === 'failed',
  ]);
  const { patient_key: patientKey, known, last_revision: last } = held ?? {};
  if (patientKey === undefined || patientKey === null) throw storeErrors.error('not-found', { field: 'studyUid' });
  // What is told of it would name a person or an image that was corrected meanwhile.
  if (commit.factsRevision !== undefined && commit.factsRevision !== held?.facts_revision)
    throw storeErrors.error('study-changed', { field: 'studyUid' });
  if (known !== undefined && known !== null) return knownAs(tx, scope, known);
  const revision = (last ?? 0) + 1;
  await insertReading(tx, scope, { reading, revision });
  await insertHeatmaps(tx, scope, { readingId: reading.id, heatmaps: commit.heatmaps });
  if (space !== undefined) await insertEmbedding(tx, scope, { commit, patientKey, space });
  await enqueueMaps(tx, scope, reading);
  const told = await insertTold(tx, scope, commit.told);
  await insertOutbox(tx, scope, commit.outbox);
  const digest = digestOf(reading);
  const { outcome, provenance, studyUid } = reading;
  await appendAudit(tx, scope, [
    {
      actor: 'system',
      action: 'reading.committed',
      subjectType: 'reading',
      subjectId: reading.id,
      detail: {
        digest,
        studyUid,
        outcome,
        revision,
        inputSha256: provenance.inputSha256,
        model: provenance.modelSha256,
      },
    },
    ...auditOf(told),
    ...commit.audit,
  ]);
  return {
    status: 'committed',
    readingId: reading.id,
    revision,
    alertIds: alertIdsOf(told),
  };
}
