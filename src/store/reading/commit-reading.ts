// A reading and all that follows from it → rows, in a transaction that somebody else opened: exactly once per reading key.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { checkingIn } from '#kernel/finding-maps.ts';
import { PRIORITIES, type Reading } from '#kernel/finding.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { Told } from '#kernel/told.ts';
import type { EmbeddingFacets } from '#similarity/vector-index.ts';
import { sha256Hex, type Uuid } from '#kernel/ids.ts';
import { alertIdsOf, auditOf, insertTold } from '#store/alert/alert-rows.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Space } from '#store/vectors/embedding-space.ts';
import { storeErrors } from '#store/errors.ts';
import { buryJob, completeJob, enqueueJob, EXPLAIN_STUDY, type Job } from '#store/queue/jobs.ts';
import { mapsRank } from '#store/queue/rank.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import { type HeatmapRow, insertHeatmaps } from './heatmap-rows.ts';
import type { Scope } from '#store/host/scope.ts';
import { toHalfvec } from '#store/vectors/vectors.ts';

export interface ReadingCommit {
  /** The job that this reading answers; it is completed with it. Absent: read without a job (import, tests). */
  readonly job?: Job;
  readonly reading: Reading;
  readonly heatmaps: readonly HeatmapRow[];
  readonly embedding?: { readonly vector: Float32Array; readonly facets: EmbeddingFacets };
  readonly told: readonly Told[];
  /** About the reading itself; messages about an alert stand with the alert in `told`. */
  readonly outbox: readonly OutgoingMessage[];
  /** Beside the store's own entry `reading.committed`, which holds a digest of the whole reading. */
  readonly audit: readonly AuditEntry[];
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
    canonicalJson({ studyUid: reading.studyUid, images: [...reading.sopInstanceUids].sort(), provenance }),
  );
}

interface Before {
  readonly id: Uuid;
  readonly revision: number;
}

/** A reading that failed gives way to a later one that did not, and never stands beside one that did not. */
async function knownReading(tx: Transaction, scope: Scope, reading: Reading): Promise<Before | undefined> {
  const [row] = await tx.query<Before>(
    `select id, revision from reading where facility_id = $1 and (id = $3 or (reading_key = $2 and ($4 or outcome <> 'failed')))
     order by outcome = 'failed' limit 1`,
    [scope.facilityId, readingKey(reading), reading.id, reading.outcome === 'failed'],
  );
  return row;
}

async function insertReading(tx: Transaction, scope: Scope, reading: Reading): Promise<number> {
  const { facilityId } = scope;
  const { modelId } = reading.provenance;
  // Over all models: a study has one current reading, also after a site has chosen another model.
  const [last] = await tx.query<{ revision: number }>(
    `select coalesce(max(revision), 0) as revision from reading where facility_id = $1 and study_uid = $2`,
    [facilityId, reading.studyUid],
  );
  const revision = (last?.revision ?? 0) + 1;
  await tx.query(
    `with before as (
       update reading set superseded_by = $3
       where facility_id = $1 and study_uid = $2 and superseded_by is null returning id)
     update embedding set current = false, in_graph = false from before where embedding.reading_id = before.id`,
    [facilityId, reading.studyUid, reading.id],
  );
  await tx.query(
    `insert into reading (id, facility_id, study_uid, reading_key, model_id, outcome, priority, priority_rank, record,
       revision, committed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      reading.id,
      facilityId,
      reading.studyUid,
      readingKey(reading),
      modelId,
      reading.outcome,
      reading.priority,
      PRIORITIES.indexOf(reading.priority),
      canonicalJson(reading),
      revision,
      scope.clock.now(),
    ],
  );
  return revision;
}

async function insertParts(tx: Transaction, scope: Scope, commit: ReadingCommit): Promise<void> {
  const { facilityId } = scope;
  const { id } = commit.reading;
  const { findings } = commit.reading;
  await tx.query(
    `insert into finding (facility_id, reading_id, code, probability, decision)
     select $1, $2, * from unnest($3::text[], $4::float8[], $5::text[])`,
    [
      facilityId,
      id,
      findings.map(({ code }) => code),
      findings.map(({ probability }) => probability),
      findings.map(({ decision }) => decision),
    ],
  );
  await insertHeatmaps(tx, scope, { readingId: id, heatmaps: commit.heatmaps });
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
    `insert into ${space.table} (space_id, reading_id, facility_id, study_uid, patient_key, age_years, sex, view, findings,
       label_source, vector)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
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
async function endJob(tx: Transaction, job: Job, { outcome, reasons }: Reading, now: Date): Promise<void> {
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
  const [study] = await tx.query<{ patient_key: string }>(
    'select patient_key from study where facility_id = $1 and study_uid = $2 for update',
    [scope.facilityId, reading.studyUid],
  );
  if (study === undefined) throw storeErrors.error('not-found', { field: 'studyUid' });
  const before = await knownReading(tx, scope, reading);
  if (before !== undefined) {
    const alerts = await tx.query<{ id: Uuid }>('select id from alert where facility_id = $1 and source_id = $2', [
      scope.facilityId,
      before.id,
    ]);
    return { status: 'known', readingId: before.id, revision: before.revision, alertIds: alerts.map(({ id }) => id) };
  }
  const revision = await insertReading(tx, scope, reading);
  await insertParts(tx, scope, commit);
  if (space !== undefined) await insertEmbedding(tx, scope, { commit, patientKey: study.patient_key, space });
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
