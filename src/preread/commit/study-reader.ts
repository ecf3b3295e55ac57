// The service's reader: takes jobs from the store, most urgent first. A study is read and committed with everything that follows from
// it; its maps are checked by a second job, so that no alert waits for them.
import type { ClaimedJob } from '#kernel/job.ts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Alert } from '#kernel/alert.ts';
import { CareError } from '#kernel/errors.ts';
import type { Reading, Reason } from '#kernel/finding.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { loadQuestion } from '#alerts/decide/reader-load.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import { type GiveUpDeps, giveUp, isBeyondLastTry, isLastTry, isLost } from './give-up.ts';
import type { Told } from '#kernel/told.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { Blobs, Jobs, Known, ReadingStore } from '#preread/ports.ts';
import type { ReadResult } from '#preread/read/read-study.ts';
import { reason, reasonOf } from '#preread/gate/reasons.ts';
import type { Study } from '#preread/choose/candidate-images.ts';
import { type ExplainJobDeps, explainJob } from '#preread/explain/explain-job.ts';
import type { KeptFilms } from '#preread/explain/explain-study.ts';
import { type TellDeps, patientCodeOf, tell } from './tell.ts';

const READ_STUDY = 'read-study';
const EXPLAIN_STUDY = 'explain-study';
const KINDS = [READ_STUDY, EXPLAIN_STUDY];

export interface ReaderEvents {
  readingEnded(end: { readonly outcome: 'assessed' | 'not-assessed' | 'failed'; readonly seconds: number }): void;
  jobRetried(): void;
  alertDecided(decision: 'alert' | 'silence'): void;
  /** Fixed words and ids, never anything of a patient. */
  fault(event: string, thrown: unknown): void;
}

export interface ReaderDeps extends TellDeps, Pick<GiveUpDeps, 'failed'> {
  readonly jobs: Jobs;
  readonly blobs: Blobs;
  facility(id: string): Promise<ReadingStore>;
  /** `fetched`: only to be compared with; such a reading is another one than that of the same film when somebody sends it. */
  read(study: Study, about: { readonly facilityId: string; readonly fetched: boolean }): Promise<ReadResult>;
  readonly explain: ExplainJobDeps['explain'];
  /** What a reading was made from, for the check of its maps a moment later. */
  readonly kept: Pick<KeptFilms, 'keep'>;
  /** Messages to other systems about a new alert; written in the same transaction. */
  messagesFor(alert: Alert, study: StoredStudy): readonly OutgoingMessage[];
  /** Messages about the reading itself, whether it alerts (then with the alert) or not. */
  messagesForReading(reading: Reading, study: StoredStudy, alert: Alert | undefined): readonly OutgoingMessage[];
  readonly events: ReaderEvents;
  /** `ready`, `starting`, or why it does not read until somebody mends it. */
  model(): 'ready' | 'starting' | Reason;
  /** Names this process in the leases. */
  readonly worker: string;
  /** Studies that are read at the same time. */
  readonly concurrency: number;
}

/** Long enough for the slowest film on a slow machine; a heartbeat renews it, so a dead process is noticed after this. */
const LEASE_MS = 30_000;
/** Only a safety net: new work wakes the reader at once. */
const POLL_MS = 5_000;
/** Between two looks at a model that starts, and at one that was refused. */
const STARTING_MS = 250;
const REFUSED_MS = 1_000;

export const imagesOf = (study: StoredStudy, blobs: Pick<Blobs, 'get'>): Study => ({
  uid: study.studyUid,
  images: study.instances.map((instance) => ({
    sha256: instance.readAs ?? instance.blob.sha256,
    load: () => blobs.get(instance.blob.sha256),
    known: factsOf(instance, study),
  })),
});

function factsOf(instance: StoredStudy['instances'][number], { patient }: StoredStudy): ImageFacts {
  const { format, sopInstanceUid, studyUid, seriesUid, notForClinicalUse } = instance;
  const { modality, bodyPart, view, ageYears } = instance;
  return {
    format,
    sopInstanceUid,
    studyUid,
    seriesUid,
    notForClinicalUse,
    ...(modality !== undefined && { modality }),
    ...(bodyPart !== undefined && { bodyPart }),
    ...(view !== undefined && { view }),
    ...(ageYears !== undefined && { ageYears }),
    ...(patient.sex !== undefined && { sex: patient.sex }),
  };
}

interface ReadOf {
  readonly reading: Reading;
  readonly study: StoredStudy;
}

/** A prior that was fetched for comparison raises no alert. */
const toldOf = (reading: Reading, study: StoredStudy, known: Known, deps: TellDeps): Told =>
  study.fetchedAt === undefined
    ? tell(reading, study, known, deps)
    : { kind: 'silence', sourceId: reading.id, reason: reason('prior-fetched') };

/** What is written with a reading because of the decision about it. */
function followingFrom(told: Told, { reading, study }: ReadOf, deps: ReaderDeps) {
  const alert = told.kind === 'alert' && told.alert.suppressedBecause === undefined ? told.alert : undefined;
  return {
    told: [told.kind === 'alert' && alert !== undefined ? { ...told, outbox: deps.messagesFor(alert, study) } : told],
    outbox: study.fetchedAt === undefined ? deps.messagesForReading(reading, study, alert) : [],
    audit: [
      {
        actor: 'reader',
        action: alert === undefined ? 'silence.decided' : 'alert.decided',
        subjectType: 'reading',
        subjectId: reading.id,
        detail: { outcome: reading.outcome, ...(told.kind === 'silence' && { because: told.reason.code }) },
      },
    ],
  };
}

/** The same images read in the same way after another reading took its place: a reading of its own, or the other one would stand. */
async function readAfresh(result: ReadResult, study: StoredStudy, { readings }: ReadingStore): Promise<ReadResult> {
  const { reading } = result;
  if (study.factsRevision === 0) return result;
  const [known, current] = [await readings.get(reading.id), await readings.currentOfStudy(study.studyUid)];
  if (known === undefined || current === undefined || current.id === known.id) return result;
  return { ...result, reading: { ...reading, id: derivedUuid('again', reading.id, current.id), follows: current.id } };
}

/** Reads one job's study and commits it. A lost lease is no fault: another worker has it. */
async function readJob(job: ClaimedJob, deps: ReaderDeps): Promise<ReadResult | undefined> {
  const facility = await deps.facility(job.facilityId);
  const study = await facility.intake.study(job.key);
  // Without images, since all were withdrawn: the reading that says so stands.
  if (study === undefined || (study.instances.length === 0 && study.factsRevision > 0)) {
    await deps.jobs.complete(job);
    return undefined;
  }
  const fetched = study.fetchedAt !== undefined;
  const about = { facilityId: job.facilityId, fetched };
  const result = await readAfresh(await deps.read(imagesOf(study, deps.blobs), about), study, facility);
  if (result.film !== undefined) deps.kept.keep(result.reading.id, result.film);
  let loud = false;
  const { status } = await facility.readings.commit(
    {
      job,
      reading: result.reading,
      factsRevision: study.factsRevision,
      heatmaps: [],
      ...(result.embedding !== undefined && { embedding: result.embedding }),
      told: [],
      outbox: [],
      audit: [],
    },
    {
      question: () => ({
        ...loadQuestion({ now: deps.clock.now(), policy: deps.policy }),
        patientCode: patientCodeOf(study),
      }),
      of(known) {
        const told = toldOf(result.reading, study, known, deps);
        loud = told.kind === 'alert' && told.alert.suppressedBecause === undefined;
        return followingFrom(told, { reading: result.reading, study }, deps);
      },
    },
  );
  if (status === 'committed') deps.events.alertDecided(loud ? 'alert' : 'silence');
  return result;
}

/** Retried, or given up after the last try. */
async function failJob(job: ClaimedJob, why: Reason, deps: ReaderDeps): Promise<'waiting' | 'dead'> {
  if (!isLastTry(job)) return deps.jobs.fail(job, why);
  try {
    if (await giveUp(job, why, deps)) return 'dead';
  } catch (thrown) {
    if (isLost(thrown)) throw thrown;
    deps.events.fault('failure not committed', thrown);
  }
  return deps.jobs.fail(job, why);
}

const failureOf = (thrown: unknown): Reason => (thrown instanceof CareError ? reasonOf(thrown) : reason('failed'));

async function work(job: ClaimedJob, deps: ReaderDeps): Promise<void> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const beat = setInterval(() => {
    deps.jobs.heartbeat(job, LEASE_MS).catch((thrown: unknown) => deps.events.fault('lease not renewed', thrown));
  }, LEASE_MS / 3);
  try {
    if (job.kind === EXPLAIN_STUDY) {
      await explainJob(job, { ...deps, imagesOf: (study) => imagesOf(study, deps.blobs) });
      return;
    }
    if (isBeyondLastTry(job)) throw prereadErrors.error('reader-died');
    const result = await readJob(job, deps);
    if (result !== undefined) deps.events.readingEnded({ outcome: result.reading.outcome, seconds: seconds() });
  } catch (thrown) {
    if (isLost(thrown)) return;
    if (job.kind === EXPLAIN_STUDY) return deps.events.fault('maps not checked', thrown);
    deps.events.fault('study not read', thrown);
    const next = await failJob(job, failureOf(thrown), deps);
    if (next === 'waiting') deps.events.jobRetried();
    else deps.events.readingEnded({ outcome: 'failed', seconds: seconds() });
  } finally {
    clearInterval(beat);
  }
}

export interface Reader {
  /** Ends after the studies in hand; what was claimed beyond them is given back. */
  stop(): Promise<void>;
}

/** Runs until it is stopped. A fault of the store itself is reported and waited out. */
export function startReader(deps: ReaderDeps): Reader {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();

  async function fill(): Promise<void> {
    // A model that does not read must not cost the studies their tries: they wait, say why, and are read when it is ready.
    const model = deps.model();
    if (model !== 'ready') {
      if (model !== 'starting') await deps.jobs.explainWaiting(READ_STUDY, model);
      await pause(model === 'starting' ? STARTING_MS : REFUSED_MS, undefined, { signal }).catch(() => undefined);
      return;
    }
    const free = deps.concurrency - running.size;
    const jobs =
      free > 0 ? await deps.jobs.claim({ kinds: KINDS, worker: deps.worker, leaseMs: LEASE_MS, limit: free }) : [];
    // Fewer than asked for: none is left, and a new one wakes. One whose twin ends wakes too.
    for (const job of jobs) {
      const task = work(job, deps)
        .catch((thrown: unknown) => deps.events.fault('job not closed', thrown))
        .finally(() => running.delete(task));
      running.add(task);
    }
    if (running.size >= deps.concurrency) await Promise.race(running);
    else if (jobs.length < free) await deps.jobs.waitForWork({ kinds: KINDS, timeoutMs: POLL_MS, signal });
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      try {
        await fill();
      } catch (thrown) {
        if (signal.aborted) return;
        deps.events.fault('reader cannot reach the store', thrown);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  const done = loop();
  return {
    async stop() {
      stopping.abort();
      await done;
      await Promise.allSettled(running);
      await deps.jobs.release(deps.worker);
    },
  };
}
