// The order of work: readings before maps, urgent before routine, whole studies at once; maps are checked once, and never in the place of
// another reading's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, Priority } from '#kernel/finding.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { newUid, sampleInstance, sampleReading } from './samples.ts';

const BOTH = ['read-study', 'explain-study'];
const checking: readonly Finding[] = [
  { code: 'Effusion', probability: 0.9, decision: 'positive', heatmap: { state: 'checking' } },
  { code: 'Mass', probability: 0.1, decision: 'negative' },
];

describe.each(HOSTS)('readings and maps on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  const claim = async (limit = 1, kinds: readonly string[] = BOTH) =>
    at.store.jobs.claim({ kinds, worker: 'w', leaseMs: 1e8, limit });
  const drain = async () => {
    for (const job of await claim(1_000)) await at.store.jobs.complete(job);
  };

  async function accept(studyUid = newUid()) {
    const instance = sampleInstance({ studyUid });
    await at.local.intake.accept(instance, { actor: 'upload' });
    return instance;
  }

  /** A study whose reading is committed and whose maps wait. */
  async function read(priority: Priority, instance?: Awaited<ReturnType<typeof accept>>) {
    const film = instance ?? (await accept());
    const [job] = (await claim(1_000, ['read-study'])).filter(({ key }) => key === film.studyUid);
    const reading = sampleReading(film, { findings: checking, priority });
    await at.local.readings.commit({
      ...(job !== undefined && { job }),
      reading,
      heatmaps: [],
      told: [],
      outbox: [],
      audit: [],
    });
    return reading;
  }

  const picture = (reading: { readonly sopInstanceUids: readonly string[] }) => ({
    findingCode: 'Effusion',
    sopInstanceUid: reading.sopInstanceUids[0] ?? '',
    blob: { sha256: 'b'.repeat(64), bytes: 9 },
    columns: 2,
    rows: 2,
  });

  test('urgent maps before routine ones, films that wait before both, a study that is looked at before routine films', async () => {
    await drain();
    const routine = await read('routine');
    const critical = await read('critical');
    const wanted = await read('routine');
    await at.local.readings.wantMaps(wanted.studyUid);
    const film = await accept();
    const order: string[] = [];
    for (let count = 0; count < 4; count += 1) order.push(...(await claim()).map(({ key }) => key));
    expect(order).toEqual([wanted.studyUid, film.studyUid, critical.studyUid, routine.studyUid]);
  });

  test('after five minutes of waiting they come before routine films', async () => {
    await drain();
    const reading = await read('routine');
    at.clock.advance(5 * 60_000 + 1);
    await accept();
    expect((await claim()).map(({ key }) => key)).toEqual([reading.studyUid]);
    await drain();
  });

  test('wait for no more images of a study that its sender calls whole, and the wait of another study stays', async () => {
    await drain();
    const [whole, other] = [sampleInstance(), sampleInstance()];
    for (const instance of [whole, other])
      await at.local.intake.accept(instance, {
        actor: 'upload',
        completeness: { quietMs: 60_000, maximumWaitMs: 3_600_000, expectedViews: [] },
      });
    expect(await claim(9)).toEqual([]);
    await at.local.readings.startNow(whole.studyUid);
    expect((await claim(9)).map(({ key }) => key)).toEqual([whole.studyUid]);
    await at.local.readings.startNow(other.studyUid);
    await drain();
  });

  test('are kept once with their pictures, and the committed record stays as it was', async () => {
    await drain();
    const reading = await read('urgent');
    const [job] = await claim(1, ['explain-study']);
    expect(job).toMatchObject({ key: reading.studyUid, payload: { readingId: reading.id } });
    if (job === undefined) return;
    expect((await at.local.readings.get(reading.id))?.findings).toEqual(checking);
    expect(await at.local.readings.heatmap(reading.id, 'Effusion')).toBeUndefined();
    const verdicts = { Effusion: { state: 'available', faithfulness: 0.75 } } as const;
    await at.local.readings.keepMaps({ job, readingId: reading.id, verdicts, heatmaps: [picture(reading)] });
    const kept = await at.local.readings.get(reading.id);
    expect(kept?.findings[0]?.heatmap).toEqual(verdicts.Effusion);
    expect(await at.local.readings.heatmap(reading.id, 'Effusion')).toMatchObject({ columns: 2 });
    expect((await at.local.worklist.list({ studyUid: reading.studyUid }))[0]?.reading?.findings[0]?.heatmap).toEqual(
      verdicts.Effusion,
    );
    // A second worker that had lost the job comes too late, and the database itself refuses another verdict.
    await expect(
      at.local.readings.keepMaps({ job, readingId: reading.id, verdicts: {}, heatmaps: [] }),
    ).rejects.toMatchObject({ code: 'store.lease-lost' });
    await expect(at.sql(`update reading set maps = '{}' where id = $1`, [reading.id])).rejects.toThrow(/kept once/);
    expect((await at.local.audit.verify()).intact).toBe(true);
  });

  test('of a reading that a newer one replaced are not checked in its place', async () => {
    await drain();
    const film = await accept();
    const first = await read('routine', film);
    const second = sampleReading(film, {
      findings: checking,
      provenance: { ...first.provenance, inputSha256: 'c'.repeat(64) },
    });
    await at.local.readings.commit({ reading: second, heatmaps: [], told: [], outbox: [], audit: [] });
    const jobs = await claim(9, ['explain-study']);
    expect(jobs.map(({ payload }) => payload)).toEqual([{ readingId: second.id }]);
    expect((await at.local.readings.get(first.id))?.findings[0]?.heatmap).toMatchObject({
      state: 'failed',
      reason: { code: 'store.maps-superseded' },
    });
  });

  test('of readings from before they were checked apart are shown as they were', async () => {
    const reading = await read('routine');
    const [shown, hidden] = [
      { faithfulness: 0.5, shown: true },
      { faithfulness: 0.1, shown: false, reason: { code: 'preread.heatmap-unfaithful', text: { vi: 'x', en: 'x' } } },
    ];
    const old = { ...reading, findings: [shown, hidden].map((heatmap, i) => ({ ...checking[i], heatmap })) };
    await at.sql('alter table reading disable trigger reading_kept');
    await at.sql('update reading set record = $2 where id = $1', [reading.id, canonicalJson(old)]);
    await at.sql('alter table reading enable trigger reading_kept');
    const { findings = [] } = (await at.local.readings.get(reading.id)) ?? {};
    expect(findings.map(({ heatmap }) => heatmap)).toEqual([
      { state: 'available', faithfulness: 0.5 },
      { state: 'hidden', faithfulness: 0.1, reason: hidden?.reason },
    ]);
  });
});
