import type { Committed } from '#store/reading/commit-reading.ts';
import type { ReadingCommit } from '#kernel/reading-commit.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reading } from '#kernel/finding.ts';
import type { ClaimedJob } from '#kernel/job.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const facets = { ageYears: 55, sex: 'M', view: 'PA', findings: ['Effusion'], labelSource: 'model' as const };

/** Everything that a pre-read commits: two findings, one heatmap, an embedding, an alert with its message. */
function commitOf(reading: Reading, job?: ClaimedJob): ReadingCommit {
  const alert = sampleAlert(reading);
  return {
    ...(job === undefined ? {} : { job }),
    reading,
    heatmaps: [
      {
        findingCode: 'Effusion',
        sopInstanceUid: reading.sopInstanceUids[0] ?? '',
        blob: { sha256: 'a'.repeat(64), bytes: 12 },
        columns: 20,
        rows: 10,
      },
    ],
    embedding: { vector: Float32Array.of(0.6, 0.8, 0), facets },
    told: [
      {
        kind: 'alert',
        alert,
        outbox: [
          { id: alert.id, target: 'webhook:his', topic: 'alert.created', orderKey: 'BN-1', body: { id: alert.id } },
        ],
      },
    ],
    outbox: [{ id: reading.id, target: 'webhook:his', topic: 'reading.committed', orderKey: 'BN-1', body: {} }],
    audit: [{ actor: 'system', action: 'model.ran', subjectType: 'reading', subjectId: reading.id }],
  };
}

describe.each(HOSTS)('readings on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  async function accepted(parts: Partial<IncomingInstance> = {}): Promise<IncomingInstance> {
    const instance = sampleInstance(parts);
    await at.local.intake.accept(instance, { actor: 'upload' });
    return instance;
  }
  async function jobOf(studyUid: string): Promise<ClaimedJob> {
    const jobs = await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 30_000, limit: 1_000 });
    const job = jobs.find(({ key }) => key === studyUid);
    if (job === undefined) throw new Error('no job');
    return job;
  }
  async function rows(studyUid: string): Promise<Record<string, number> | undefined> {
    const [row] = await at.sql<Record<string, number>>(
      `with r as (select id from reading where study_uid = $1)
       select (select count(*)::int from r) as readings,
         (select count(*)::int from finding where reading_id in (select id from r)) as findings,
         (select count(*)::int from heatmap where reading_id in (select id from r)) as heatmaps,
         (select count(*)::int from embedding where study_uid = $1) as embeddings,
         (select count(*)::int from alert where study_uid = $1) as alerts,
         (select count(*)::int from outbox where id in (select id from r)
            or id in (select id from alert where study_uid = $1)) as messages,
         (select count(*)::int from audit where subject_id in (select id::text from r)) as entries,
         (select count(*)::int from job where key = $1 and state = 'done') as done`,
      [studyUid],
    );
    return row;
  }
  const ONCE = { readings: 1, findings: 2, heatmaps: 1, embeddings: 1, alerts: 1, messages: 2, entries: 2, done: 1 };

  test('a reading, its heatmap, embedding, alert, messages, audit and the end of its job are one commit', async () => {
    const instance = await accepted();
    const reading = sampleReading(instance);
    const committed = await at.local.readings.commit(commitOf(reading, await jobOf(instance.studyUid)));
    expect(committed).toEqual({
      status: 'committed',
      readingId: reading.id,
      revision: 1,
      alertIds: [sampleAlert(reading).id],
    });
    expect(await rows(instance.studyUid)).toEqual(ONCE);
    expect(await at.local.readings.get(reading.id)).toEqual({ ...reading, revision: 1 });
    expect(await at.local.readings.currentOfStudy(instance.studyUid)).toEqual({ ...reading, revision: 1 });
    expect(await at.local.readings.heatmap(reading.id, 'Effusion')).toEqual(commitOf(reading).heatmaps[0]);
    // Half precision keeps 11 significant bits: 0.6 and 0.8 come back within 2^-11 of themselves.
    const vector = [...((await at.local.embeddings.vectorOf(reading.id, reading.provenance)) ?? [])];
    expect(vector[0]).toBeCloseTo(0.6, 3);
    expect(vector[1]).toBeCloseTo(0.8, 3);
    expect(vector[2]).toBe(0);
  });

  test('the same reading computed again, under another id, changes nothing and gives the first back', async () => {
    const instance = await accepted();
    const first = sampleReading(instance);
    const committed = await at.local.readings.commit(commitOf(first, await jobOf(instance.studyUid)));
    const again = await at.local.readings.commit(commitOf({ ...first, id: randomUUID() }));
    expect(again).toEqual({ ...committed, status: 'known' });
    expect(await rows(instance.studyUid)).toEqual(ONCE);
  });

  test('ten commits of one reading at the same moment leave one reading, one alert, one message each', async () => {
    const instance = await accepted();
    await jobOf(instance.studyUid);
    const reading = sampleReading(instance);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => at.local.readings.commit(commitOf({ ...reading, id: randomUUID() }))),
    );
    expect(answers.filter(({ status }) => status === 'committed')).toHaveLength(1);
    expect(new Set(answers.map(({ readingId }) => readingId)).size).toBe(1);
    expect(new Set(answers.flatMap(({ alertIds }) => alertIds)).size).toBe(1);
    expect(await rows(instance.studyUid)).toEqual({ ...ONCE, done: 0 });
  });

  test('a worker that lost its lease commits nothing', async () => {
    const instance = await accepted();
    const lost = await jobOf(instance.studyUid);
    at.clock.advance(30_001);
    await jobOf(instance.studyUid);
    await expect(at.local.readings.commit(commitOf(sampleReading(instance), lost))).rejects.toMatchObject({
      code: 'store.lease-lost',
    });
    expect(await rows(instance.studyUid)).toMatchObject({ readings: 0, alerts: 0, messages: 0, embeddings: 0 });
  });

  test('a commit that fails at its last step leaves nothing, and its job stays claimed', async () => {
    const instance = await accepted();
    const job = await jobOf(instance.studyUid);
    const reading = sampleReading(instance);
    const broken = commitOf(reading, job);
    const commit = { ...broken, audit: [{ ...broken.audit[0], detail: { value: Number.NaN } }] } as ReadingCommit;
    await expect(at.local.readings.commit(commit)).rejects.toThrow('not finite');
    expect(await rows(instance.studyUid)).toEqual(Object.fromEntries(Object.keys(ONCE).map((name) => [name, 0])));
    expect(await at.local.readings.commit(commitOf(reading, job))).toMatchObject({ status: 'committed' });
  });

  test('another image or another model version gives the next revision, and the older one is superseded', async () => {
    const instance = await accepted();
    const first = sampleReading(instance);
    await at.local.readings.commit(commitOf(first));
    const lateral = await accepted({ studyUid: instance.studyUid, patient: instance.patient });
    const second = sampleReading(instance, {
      sopInstanceUids: [instance.sopInstanceUid, lateral.sopInstanceUid],
      priority: 'critical',
    });
    expect(await at.local.readings.commit({ ...commitOf(second), told: [] })).toMatchObject({ revision: 2 });
    expect(await at.local.readings.ofStudy(instance.studyUid)).toEqual([
      { ...second, revision: 2 },
      { ...first, revision: 1, supersededBy: second.id },
    ]);
    const third = sampleReading(instance, { provenance: sampleProvenance({ modelVersion: '2' }) });
    expect(await at.local.readings.commit({ ...commitOf(third), told: [] })).toMatchObject({ revision: 3 });
  });

  test('a reading by another model takes the place of the one before: a study has one current reading', async () => {
    const instance = await accepted();
    const first = sampleReading(instance);
    await at.local.readings.commit(commitOf(first));
    const second = sampleReading(instance, { provenance: sampleProvenance({ modelId: 'cxr-findings-tiny' }) });
    expect(await at.local.readings.commit({ ...commitOf(second), told: [] })).toMatchObject({ revision: 2 });
    expect(await at.local.readings.ofStudy(instance.studyUid)).toEqual([
      { ...second, revision: 2 },
      { ...first, revision: 1, supersededBy: second.id },
    ]);
  });

  test('a failed reading gives way to a later one of the same images, and never replaces one that did not fail', async () => {
    const instance = await accepted();
    const failed = sampleReading(instance, { outcome: 'failed', findings: [], priority: 'routine' });
    const bare = { heatmaps: [], told: [], outbox: [], audit: [] };
    expect(await at.local.readings.commit({ ...bare, reading: failed })).toMatchObject({ status: 'committed' });
    const good = sampleReading(instance);
    expect(await at.local.readings.commit({ ...bare, reading: good })).toMatchObject({
      status: 'committed',
      revision: 2,
    });
    const later = { ...failed, id: randomUUID() };
    expect(await at.local.readings.commit({ ...bare, reading: later })).toMatchObject({
      status: 'known',
      readingId: good.id,
    });
    expect(await at.local.readings.currentOfStudy(instance.studyUid)).toMatchObject({ outcome: 'assessed' });
  });

  test('a silence is kept with its reason', async () => {
    const instance = await accepted();
    const reading = sampleReading(instance, { outcome: 'not-assessed', findings: [], priority: 'routine' });
    const reason = { code: 'preread.lateral', text: { vi: 'Phim nghiêng', en: 'Lateral film' } };
    const told = [{ kind: 'silence' as const, sourceId: reading.id, reason }];
    await at.local.readings.commit({ reading, heatmaps: [], told, outbox: [], audit: [] });
    expect(await at.local.alerts.silences({ sourceId: reading.id })).toEqual([
      { sourceId: reading.id, reason, at: at.clock.now().toISOString() },
    ]);
  });

  test('a reading of an unknown study or of another facility is refused', async () => {
    const stranger = sampleReading(sampleInstance());
    await expect(at.local.readings.commit(commitOf(stranger))).rejects.toMatchObject({ code: 'store.not-found' });
    const instance = await accepted();
    const foreign = sampleReading(instance, { facilityId: 'elsewhere' });
    await expect(at.local.readings.commit(commitOf(foreign))).rejects.toMatchObject({ code: 'store.wrong-facility' });
  });

  test('an embedding that is not finite, has no direction or another length is refused', async () => {
    const instance = await accepted();
    const reading = sampleReading(instance, { provenance: sampleProvenance({ modelSha256: 'b'.repeat(64) }) });
    const withVector = (vector: Float32Array): Promise<Committed> =>
      at.local.readings.commit({ ...commitOf(reading), embedding: { vector, facets } });
    await expect(withVector(Float32Array.of(1, Number.NaN))).rejects.toMatchObject({ code: 'store.not-finite' });
    await expect(withVector(Float32Array.of(1, 70_000))).rejects.toMatchObject({ code: 'store.not-finite' });
    await expect(withVector(new Float32Array(2))).rejects.toMatchObject({ code: 'store.not-finite' });
    await expect(withVector(Float32Array.of(1, 0, 0))).rejects.toMatchObject({ code: 'store.wrong-dimensions' });
    expect(await withVector(Float32Array.of(1, 0))).toMatchObject({ status: 'committed' });
  });

  test('the same study sent and read any number of times, in any order, is one reading and one alert', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('send', 'read'), { minLength: 4, maxLength: 12 }), async (steps) => {
        const instance = sampleInstance();
        const act = async (step: string): Promise<unknown> => {
          if (step === 'send') return at.local.intake.accept(instance, { actor: 'upload' });
          const jobs = await at.store.jobs.claim({
            kinds: ['read-study'],
            worker: randomUUID(),
            leaseMs: 30_000,
            limit: 1_000,
          });
          const job = jobs.find(({ key }) => key === instance.studyUid);
          if (job === undefined) return undefined;
          return at.local.readings.commit(commitOf(sampleReading(instance), job));
        };
        await Promise.all(['send', ...steps].map(act));
        await act('read');
        expect(await rows(instance.studyUid)).toMatchObject({
          readings: 1,
          alerts: 1,
          messages: 2,
          embeddings: 1,
          done: 1,
        });
      }),
      { numRuns: 15 },
    );
  });
});
