// Background work: reads studies as they come, escalates and expires alerts.
import { hostname } from 'node:os';
import { newUuid } from '#kernel/ids.ts';
import { startAlertWatch, watchAlerts } from '#alerts/lifecycle/watch.ts';
import { messagesForAlert, messagesForEvent } from '#delivery/alert-messages.ts';
import { headsOf } from '#interop/fhir/door.ts';
import { resultMessages } from '#interop/hl7v2/out/result-messages.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { Lease, ModelState } from '#inference/engine/engine.ts';
import { reasonOf } from '#preread/gate/reasons.ts';
import { explainReading, keepFilms } from '#preread/explain/explain-study.ts';
import { prereadErrors } from '#preread/errors.ts';
import { specFor } from '#preread/read/prepare.ts';
import { readStudy } from '#preread/read/read-study.ts';
import { imagesOf, type ReaderDeps, startReader } from '#preread/commit/study-reader.ts';
import { failedReading } from '#preread/commit/new-reading.ts';
import type { Here } from './context.ts';
import { pacsMessages } from './dimse.ts';
import { studiesAtOnce } from './cores.ts';
import type { Owner } from './closing.ts';
import type { Rooms } from './rooms.ts';

/** For one run of the model. */
const RUN_DEADLINE_MS = 20_000;
/** After a start: the clock may be wrong, or nobody could answer while the service was down. Alerts escalate, and none ends. */
const NOTHING_ENDS_MS = 60 * 60_000;
/** Alerts escalate and expire to the half minute. */
const WATCH_MS = 30_000;

function readingModelState(state: ModelState | undefined): ReturnType<ReaderDeps['model']> {
  if (state?.state === 'unloaded') return 'starting';
  if (state?.state !== 'refused') return state?.state ?? 'starting';
  return reasonOf(inferenceErrors.error('model-refused', { reason: state.reason }));
}

async function withLease<Result>(lease: Lease, work: (lease: Lease) => Promise<Result>): Promise<Result> {
  try {
    return await work(lease);
  } finally {
    lease.release();
  }
}

export async function startWork(
  { clock, config, policy, routes, metrics, fault, site }: Here,
  rooms: Rooms,
  { own }: Owner,
): Promise<void> {
  const { reading, store, engine, films, pictures } = rooms;
  const facility = (id: string) => store.facility(id);
  const hl7Messages = resultMessages({
    receivers: config.hl7Receivers,
    clock,
    language: site.defaultLanguage,
    heads: headsOf(reading.models),
  });
  const toPacs = pacsMessages({ config, site });
  const kept = keepFilms();
  await own(
    startReader({
      jobs: store.jobs,
      blobs: store.blobs,
      facility,
      model: () => readingModelState(engine.states().get(reading.base().manifest.id)),
      read: (study, { facilityId, fetched }) =>
        withLease(reading.lease(study.uid), async (lease) => {
          const result = await readStudy(study, {
            ...lease,
            clock,
            facilityId,
            ...films.openersFor(specFor(lease.model.manifest)),
            policyVersion: fetched ? 'fetched' : policy.version,
            deadlineMs: RUN_DEADLINE_MS,
          });
          reading.counted(result.reading.provenance);
          return result;
        }),
      explain: (study, read) => {
        const lease = reading.leaseOf(read.provenance);
        if (lease === undefined) throw prereadErrors.error('film-changed', { reason: 'another model reads now' });
        return withLease(lease, () =>
          explainReading(study, read, {
            ...lease,
            kept,
            ...films.openersFor(specFor(lease.model.manifest)),
            drawHeatmap: pictures.heatmap,
            deadlineMs: RUN_DEADLINE_MS,
          }),
        );
      },
      kept,
      failed: (study, reasons, job) => {
        const lease = reading.lease(study.studyUid);
        lease.release();
        const deps = { ...lease, clock, facilityId: job.facilityId, policyVersion: policy.version };
        return failedReading(imagesOf(study, store.blobs), { reasons, tried: job.id }, deps);
      },
      messagesFor: (alert) => messagesForAlert(alert, routes),
      messagesForReading: (read, study, alert) => [...hl7Messages(read, study, alert), ...toPacs(read, study)],
      clock,
      policy,
      heads: reading.headsOf,
      events: { ...metrics, fault },
      worker: `${hostname()}-${process.pid}-${newUuid()}`,
      concurrency: studiesAtOnce(config.processes),
    }),
    (reader) => reader.stop(),
  );
  const started = performance.now();
  const pass = async () => {
    for (const id of await store.facilities())
      await watchAlerts(await facility(id), {
        now: clock.now(),
        policy,
        mayExpire: performance.now() - started > NOTHING_ENDS_MS,
        messagesFor: (alert, event) => messagesForEvent(alert, event, routes),
      });
  };
  await own(
    startAlertWatch(pass, WATCH_MS, (thrown) => fault('alerts not watched', thrown)),
    (watch) => watch.stop(),
  );
}
