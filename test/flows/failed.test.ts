// A study that cannot be read, through all its tries: the third outcome in the worklist and in the study, with its reason in both
// languages, until it is asked for again. The store's clock is moved by hand, so that the back-off takes no time.
import { identifyOpenly } from '#access/identity.ts';
import { USUAL_COMPLETENESS } from '#models/completeness.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { startEngine, type RunningEngine } from '#inference/engine/start-engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { loadModel } from '#models/load.ts';
import { reasonOf } from '#preread/gate/reasons.ts';
import { prereadErrors } from '#preread/errors.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { specFor } from '#preread/read/prepare.ts';
import { explainReading, keepFilms } from '#preread/explain/explain-study.ts';
import { readStudy } from '#preread/read/read-study.ts';
import type { StudyImage } from '#preread/choose/candidate-images.ts';
import { imagesOf, type Reader, type ReaderDeps, startReader } from '#preread/commit/study-reader.ts';
import { failedReading } from '#preread/commit/new-reading.ts';
import { readingRoutes } from '#preread/routes.ts';
import { takeInstance } from '#preread/intake/take-instance.ts';
import { worklistRoutes } from '#worklist/routes.ts';
import { filmDicom } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = mkdtempSync(join(tmpdir(), 'haidang-failed-'));
writeTinyModel(root, { id: 'cxr-findings' });
const model = await loadModel(join(root, 'cxr-findings'));
const spec = specFor(model.manifest);

let at: TestStore;
let engine: RunningEngine;
let reader: Reader;
let app: Server;
/** The decoder that every study meets. */
let mapsBroken = false;
const kept = keepFilms();
let broken = true;
let modelState: ReturnType<ReaderDeps['model']> = 'ready';

beforeAll(async () => {
  [at, engine] = await Promise.all([openTestStore('embedded'), startEngine({ models: [model] })]);
  const { store, clock } = at;
  const record = { model, engine, clock, policyVersion: defaultPolicy.version };
  reader = startReader({
    jobs: store.jobs,
    blobs: store.blobs,
    facility: (id) => store.facility(id),
    model: () => modelState,
    read: (study, { facilityId }) =>
      readStudy(study, {
        ...record,
        facilityId,
        deadlineMs: 10_000,
        async open(image) {
          if (broken) throw prereadErrors.error('decoder-crashed');
          return inlinePictures.prepare(await image.load(), spec);
        },
      }),
    explain: async (study, reading) => {
      if (mapsBroken) throw prereadErrors.error('decoder-crashed');
      const open = async (image: StudyImage) => inlinePictures.prepare(await image.load(), spec);
      return explainReading(study, reading, {
        ...record,
        kept,
        open,
        drawHeatmap: inlinePictures.heatmap,
        deadlineMs: 10_000,
      });
    },
    kept,
    failed: (study, reasons, job) =>
      failedReading(
        imagesOf(study, store.blobs),
        { reasons, tried: job.id },
        { ...record, facilityId: job.facilityId },
      ),
    messagesFor: () => [],
    messagesForReading: () => [],
    clock,
    policy: defaultPolicy,
    heads: () => model.manifest.heads,
    events: { readingEnded: () => {}, jobRetried: () => {}, alertDecided: () => {}, fault: () => {} },
    worker: 'test',
    concurrency: 1,
  });
  app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  const facility = (id: string) => store.facility(id);
  await app.register(readingRoutes, { facility, blobs: store.blobs, pictures: inlinePictures });
  await app.register(worklistRoutes, { clock, facility, heads: () => [] });
});
afterAll(async () => {
  await reader.stop();
  await app.close();
  await engine.close();
  await at.close();
  rmSync(root, { recursive: true, force: true });
});

const ask = async (url: string, method: 'GET' | 'POST' = 'GET') => {
  const answer = await app.inject({ method, url, headers: { host: '127.0.0.1' } });
  expect(answer.statusCode).toBeLessThan(300);
  return answer.statusCode === 204 ? undefined : answer.json();
};

async function send(study: string, patient: string): Promise<string> {
  const verdict = await takeInstance(await filmDicom({ study, patient, phase: study.length }), {
    store: at.local,
    blobs: at.store.blobs,
    judge: (bytes) => inlinePictures.prepare(bytes, spec),
    identify: inlinePictures.identity,
    actor: 'upload',
    declared: {},
    completeness: USUAL_COMPLETENESS,
  });
  if (verdict.status !== 'stored') throw new Error(verdict.status);
  return verdict.studyUid;
}

/** Moves the clock, and wakes the reader, until the study stands so. */
async function until(uid: string, state: string): Promise<unknown> {
  return vi.waitFor(
    async () => {
      at.clock.advance(5_000);
      await at.store.jobs.release('nobody');
      const study = await ask(`/v1/studies/${uid}`);
      expect(study.progress.state).toBe(state);
      return study;
    },
    { timeout: 60_000, interval: 20 },
  );
}

const inWorklist = async (uid: string, query = '') => {
  const { items } = await ask(`/v1/worklist${query}`);
  return items.find((item: { studyUid: string }) => item.studyUid === uid);
};

const REASONS = [
  expect.objectContaining({
    code: 'preread.decoder-crashed',
    text: { vi: expect.stringContaining('giải mã'), en: expect.stringContaining('decoder') },
  }),
  expect.objectContaining({
    code: 'preread.gave-up',
    text: { vi: expect.stringContaining('5 lần'), en: expect.stringContaining('5 tries') },
  }),
];

describe('a study whose every try fails', () => {
  test('is failed in the worklist and in itself, with its reasons, and no alert speaks for it', async () => {
    broken = true;
    const uid = await send('never', 'P-never');
    expect(await until(uid, 'failed')).toMatchObject({
      reading: { outcome: 'failed', findings: [], priority: 'routine', reasons: REASONS, revision: 1 },
      progress: { state: 'failed', attempt: 5, reason: { code: 'preread.decoder-crashed' } },
      alertIds: [],
    });
    const item = await inWorklist(uid, '?outcome=failed');
    expect(item).toMatchObject({ outcome: 'failed', place: expect.any(String), progress: { state: 'failed' } });
    expect(item.reasons).toEqual(REASONS);
    expect(await at.store.jobs.counts()).toMatchObject({ dead: 1, waiting: 0, running: 0 });
  });

  test('asked for again it is read, and the reading takes the place of the failure', async () => {
    broken = true;
    const uid = await send('again', 'P-again');
    await until(uid, 'failed');
    broken = false;
    await ask(`/v1/studies/${uid}/reread`, 'POST');
    expect(await until(uid, 'done')).toMatchObject({
      reading: { outcome: 'assessed', revision: 2, supersededBy: null },
      progress: { state: 'done', reason: null },
    });
    expect(await inWorklist(uid)).toMatchObject({ outcome: 'assessed', progress: null });
    expect(await inWorklist(uid, '?outcome=failed')).toBeUndefined();
    expect((await ask(`/v1/studies/${uid}/readings`)).map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'assessed',
      'failed',
    ]);
  });

  test('that was read before keeps its reading, and says that a later try failed', async () => {
    broken = false;
    const uid = await send('before', 'P-before');
    await until(uid, 'done');
    broken = true;
    await ask(`/v1/studies/${uid}/reread`, 'POST');
    expect(await until(uid, 'failed')).toMatchObject({ reading: { outcome: 'assessed', revision: 1 } });
    const item = await inWorklist(uid);
    expect(item).toMatchObject({ outcome: 'assessed', progress: { state: 'failed' } });
    expect(item.reasons.at(-1)).toMatchObject({ code: 'preread.decoder-crashed' });
  });
});

test('while the model starts a study waits and loses no try', async () => {
  [broken, modelState] = [false, 'starting'];
  const uid = await send('patient', 'P-patient');
  expect(await until(uid, 'waiting')).toMatchObject({ reading: null, progress: { attempt: 0, reason: null } });
  modelState = 'ready';
  expect(await until(uid, 'done')).toMatchObject({ reading: { outcome: 'assessed' } });
});

test('while the model is refused a study is being retried, says why, loses no try, and is read when the model is mended', async () => {
  [broken, modelState] = [false, reasonOf(inferenceErrors.error('model-refused'))];
  const uid = await send('refused', 'P-refused');
  expect(await until(uid, 'retrying')).toMatchObject({
    reading: null,
    progress: { attempt: 0, reason: { code: 'inference.model-refused' } },
  });
  const item = await inWorklist(uid);
  expect(item).toMatchObject({ outcome: 'failed', progress: { state: 'retrying', attempt: 0 } });
  expect(item.reasons.at(-1)).toMatchObject({ code: 'inference.model-refused' });
  modelState = 'ready';
  expect(await until(uid, 'done')).toMatchObject({ reading: { outcome: 'assessed' }, progress: { reason: null } });
});

test('after all that the audit chain is whole', async () => {
  expect(await at.local.audit.verify({})).toMatchObject({ intact: true });
});

describe('maps', () => {
  const states = async (uid: string): Promise<string[]> => {
    const { reading } = await ask(`/v1/studies/${uid}`);
    return reading.findings.flatMap(({ heatmap }: { heatmap: { state: string } | null }) => heatmap?.state ?? []);
  };
  const untilChecked = (uid: string) =>
    vi.waitFor(
      async () => {
        at.clock.advance(5_000);
        await at.store.jobs.release('nobody');
        const found = await states(uid);
        expect(found.length).toBeGreaterThan(0);
        expect(found).not.toContain('checking');
        return found;
      },
      { timeout: 60_000, interval: 20 },
    );

  test('that cannot be checked are failed after the last try, and the reading stands', async () => {
    broken = false;
    mapsBroken = true;
    const uid = await send('maps-fail', 'P-maps-fail');
    await until(uid, 'done');
    expect(new Set(await untilChecked(uid))).toEqual(new Set(['failed']));
    const { reading } = await ask(`/v1/studies/${uid}`);
    expect(reading).toMatchObject({ outcome: 'assessed', revision: 1 });
    mapsBroken = false;
  });

  test('are checked from the stored film where the process that read it is gone', async () => {
    mapsBroken = true;
    const uid = await send('maps-again', 'P-maps-again');
    const { reading } = (await until(uid, 'done')) as { reading: { id: string } };
    kept.take(reading.id);
    mapsBroken = false;
    for (const state of await untilChecked(uid)) expect(['available', 'hidden']).toContain(state);
  });
});
