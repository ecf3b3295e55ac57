// A reading and all that follows from it → rows, in a transaction that somebody else opened: exactly once per reading key.
import type { ReadingCommit } from '#kernel/reading-commit.ts';
import type { AlertLoad, LoadQuestion } from '#alerts/decide/reader-load.ts';
import { checkingIn } from '#kernel/finding-maps.ts';
import { PRIORITIES, type Reading } from '#kernel/finding.ts';
import { derivedUuid, sha256Hex, type Uuid } from '#kernel/ids.ts';
import type { Alert } from '#kernel/alert.ts';
import { alertIdsOf, type AlertRow, auditOf, insertTold, toAlert } from '#store/alert/alert-rows.ts';
import { endAlerts } from '#store/alert/end-alerts.ts';
import { loadPart, type LoadRow, toLoad } from '#store/alert/reader-load.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { type Part, statementOf } from '#store/host/parts.ts';
import type { Space } from '#store/vectors/embedding-space.ts';
import { storeErrors } from '#store/errors.ts';
import { buryJob, completePart, enqueuePart, EXPLAIN_STUDY } from '#store/queue/job-writes.ts';
import { mapsRank } from '#store/queue/rank.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import { heatmapParts } from './heatmap-rows.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import type { TellChange } from '#store/study/study-change.ts';
import { toHalfvec } from '#store/vectors/vectors.ts';

/** What a decision about a person's film is made from. */
export interface DecisionQuestion extends LoadQuestion {
  readonly patientCode: string;
}

/** Decided within the commit, in its turn, from what was raised before: the budget is one for all processes of a facility. */
export interface Decide {
  /** Asked when the turn has come. */
  question(): DecisionQuestion;
  /** `previous`: the person's alerts of any status, newest first. */
  of(known: {
    readonly load: AlertLoad;
    readonly previous: readonly Alert[];
  }): Pick<ReadingCommit, 'told' | 'outbox' | 'audit'>;
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
 * did not. A commit of another transaction in the meantime is not visible here: it violates `reading_once`, and this one runs again.
 */
const holdPart = ({ facilityId }: Tenancy, reading: Reading): Part => ({
  name: 'hold',
  text: `held as (select patient_key, facts_revision from study where facility_id = $1 and study_uid = $2 for update),
    newest as (select coalesce(max(revision), 0) as revision from reading where facility_id = $1 and study_uid = $2),
    same as (
      select jsonb_build_object('id', id, 'revision', revision) as known from reading
      where facility_id = $1 and (id = $4 or (reading_key = $3 and ($5 or outcome <> 'failed')))
      order by outcome = 'failed' limit 1)`,
  values: [facilityId, reading.studyUid, readingKey(reading), reading.id, reading.outcome === 'failed'],
});
const HELD_COLUMNS = `(select patient_key from held) as patient_key, (select facts_revision from held) as facts_revision,
  (select revision from newest) as last_revision, (select known from same) as known`;

const MOST_PREVIOUS = 200;
const previousPart = (facilityId: string, patientCode: string): Part => ({
  name: 'previous',
  text: `previous as (
    select jsonb_agg(jsonb_build_object('record', record, 'status', status) order by sequence desc) as alerts from (
      select record, status, sequence from alert
      where facility_id = $1 and patient_code = $2 and withdrawn_at is null order by sequence desc limit $3) latest)`,
  values: [facilityId, storableText(patientCode), MOST_PREVIOUS],
});

/** The reading before it is superseded by it, and its vector is found no more. */
const INSERT = `before as (
      update reading set superseded_by = $1
      where facility_id = $2 and study_uid = $3 and superseded_by is null returning id),
    vectors as (
      update embedding set current = false, in_graph = false from before where embedding.reading_id = before.id),
    fresh as (
      insert into reading (id, facility_id, study_uid, reading_key, model_id, outcome, priority, priority_rank, record,
        revision, committed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)),
    found as (
      insert into finding (facility_id, reading_id, code, probability, decision)
      select $2, $1, * from unnest($12::text[], $13::float8[], $14::text[]))`;

function readingPart({ facilityId, clock }: Tenancy, reading: Reading, revision: number): Part {
  const { findings } = reading;
  return {
    name: 'reading',
    text: INSERT,
    values: [
      reading.id,
      facilityId,
      reading.studyUid,
      readingKey(reading),
      reading.provenance.modelId,
      reading.outcome,
      reading.priority,
      PRIORITIES.indexOf(reading.priority),
      canonicalJson(reading),
      revision,
      clock.now(),
      findings.map(({ code }) => code),
      findings.map(({ probability }) => probability),
      findings.map(({ decision }) => decision),
    ],
  };
}

interface EmbeddingInsert {
  readonly commit: ReadingCommit;
  readonly patientKey: string;
  readonly space: Space | undefined;
}

function embeddingParts({ facilityId }: Tenancy, { commit, patientKey, space }: EmbeddingInsert): readonly Part[] {
  if (commit.embedding === undefined || space === undefined) return [];
  const { vector, facets } = commit.embedding;
  return [
    {
      name: space.table,
      text: `embedded as (
        insert into ${space.table} (space_id, reading_id, facility_id, study_uid, patient_key, age_years, sex, view, findings,
          label_source, vector)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))`,
      values: [
        space.id,
        commit.reading.id,
        facilityId,
        commit.reading.studyUid,
        patientKey,
        facets.ageYears ?? null,
        facets.sex ?? null,
        facets.view ?? null,
        [...facets.findings],
        facets.labelSource,
        toHalfvec(vector, space.dimensions),
      ],
    },
  ];
}

/** A later reading of the study takes the place of one whose maps still wait. */
function mapsJob({ facilityId, clock }: Tenancy, reading: Reading): readonly Part[] {
  if (checkingIn(reading).length === 0) return [];
  const now = clock.now();
  const job = {
    facilityId,
    kind: EXPLAIN_STUDY,
    key: reading.studyUid,
    payload: { readingId: reading.id },
    runAt: now,
    rank: mapsRank(reading.priority),
  };
  return [enqueuePart(job, now)];
}

async function knownAs(
  tx: Transaction,
  scope: Tenancy,
  { id, revision }: NonNullable<Held['known']>,
): Promise<Committed> {
  const alerts = await tx.query<{ id: Uuid }>('select id from alert where facility_id = $1 and source_id = $2', [
    scope.facilityId,
    id,
  ]);
  return { status: 'known', readingId: id, revision, alertIds: alerts.map((alert) => alert.id) };
}

interface GatheredRow extends Held, Partial<LoadRow> {
  readonly ended: number | null;
  readonly previous: readonly AlertRow[] | null;
}

/** Ends the job, takes the study, and counts what a decision is made from, in one statement. Throws CareError `store.lease-lost`. */
async function gather(tx: Transaction, scope: Tenancy, { job, reading }: ReadingCommit, question?: DecisionQuestion) {
  const { facilityId, clock } = scope;
  const [why] = reading.reasons;
  // A study that could not be read stays among the dead jobs, where an administrator counts them, until it is asked for again.
  const isBuried = job !== undefined && reading.outcome === 'failed' && why !== undefined;
  if (isBuried) await buryJob(tx, job, why, clock.now());
  const ends = job !== undefined && !isBuried;
  const { statement, values } = statementOf(
    [
      ...(ends ? [completePart(job, clock.now())] : []),
      holdPart(scope, reading),
      ...(question === undefined
        ? []
        : [loadPart(facilityId, question), previousPart(facilityId, question.patientCode)]),
    ],
    `select ${HELD_COLUMNS}
      ${ends ? ', (select count(*)::int from ended) as ended' : ''}
      ${question === undefined ? '' : ', load.*, (select alerts from previous) as previous from load'}`,
  );
  const [row] = await tx.query<GatheredRow>(statement, values);
  if (ends && row?.ended !== 1) throw storeErrors.error('lease-lost', { field: job.id });
  // One with the same key may have waited for this job to end.
  if (ends) tx.wake('jobs');
  return row;
}

/**
 * What was concluded before the facts of a study were corrected, or its images withdrawn, falls where the reading of what holds now finds
 * nothing: its alerts end, and their receivers are told.
 */
async function endFallen(tx: Transaction, scope: Tenancy, reading: Reading, tell: TellChange): Promise<void> {
  if (reading.outcome === 'failed' || reading.findings.some(({ decision }) => decision === 'positive')) return;
  const ended = await endAlerts(tx, scope, { studyUid: reading.studyUid, actor: 'reader', by: reading.id });
  if (ended.length === 0) return;
  await insertOutbox(tx, scope, tell({ id: derivedUuid('fallen', reading.id), ended, raised: [] }));
}

export interface CommitOptions {
  /** Where the embedding goes, if there is one. */
  readonly space?: Space | undefined;
  readonly decide?: Decide | undefined;
  /** Absent where the caller has ended the alerts of the study itself. */
  readonly tell?: TellChange | undefined;
}

/** See Readings.commit. */
export async function commitReading(
  tx: Transaction,
  scope: Tenancy,
  commit: ReadingCommit,
  { space, decide, tell }: CommitOptions = {},
): Promise<Committed> {
  const { reading } = commit;
  if (reading.facilityId !== scope.facilityId) throw storeErrors.error('wrong-facility', { field: 'facilityId' });
  const held = await gather(tx, scope, commit, decide?.question());
  const { patient_key: patientKey, known, last_revision: last } = held ?? {};
  if (patientKey === undefined || patientKey === null) throw storeErrors.error('not-found', { field: 'studyUid' });
  // The study was corrected meanwhile: alerts and messages would name the wrong person or image.
  if (commit.factsRevision !== undefined && commit.factsRevision !== held?.facts_revision)
    throw storeErrors.error('study-changed', { field: 'studyUid' });
  if (known !== undefined && known !== null) return knownAs(tx, scope, known);
  const decided = {
    ...commit,
    ...decide?.of({ load: toLoad(held), previous: (held?.previous ?? []).map(toAlert) }),
  };
  const revision = (last ?? 0) + 1;
  if (tell !== undefined && (held?.facts_revision ?? 0) > 0) await endFallen(tx, scope, reading, tell);
  const written = await insertTold(tx, scope, decided.told);
  await insertOutbox(tx, scope, decided.outbox);
  const maps = mapsJob(scope, reading);
  if (maps.length > 0) tx.wake('jobs');
  const { outcome, provenance, studyUid } = reading;
  await appendAudit(
    tx,
    scope,
    [
      {
        actor: 'system',
        action: 'reading.committed',
        subjectType: 'reading',
        subjectId: reading.id,
        detail: {
          digest: digestOf(reading),
          studyUid,
          outcome,
          revision,
          inputSha256: provenance.inputSha256,
          model: provenance.modelSha256,
        },
      },
      ...auditOf(written.results),
      ...decided.audit,
    ],
    [
      readingPart(scope, reading, revision),
      ...embeddingParts(scope, { commit, patientKey, space }),
      ...heatmapParts(scope, { readingId: reading.id, heatmaps: commit.heatmaps }),
      ...maps,
      ...written.parts,
    ],
  );
  return { status: 'committed', readingId: reading.id, revision, alertIds: alertIdsOf(written.results) };
}
