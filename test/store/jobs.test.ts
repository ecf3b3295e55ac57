import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClaimedJob } from '#kernel/job.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleInstance } from './samples.ts';

const REASON = { code: 'inference.crashed', text: { vi: 'Hỏng', en: 'Broken' } };

describe.each(HOSTS)('jobs on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  beforeEach(() => at.sql('delete from job'));
  afterAll(() => at.close());

  const claim = (worker = 'w1', limit = 10): Promise<readonly ClaimedJob[]> =>
    at.store.jobs.claim({ kinds: ['read-study'], worker, leaseMs: 30_000, limit });

  async function send(studyUid?: string, settleMs = 0): Promise<string> {
    const patient = { id: 'BN-JOB' };
    const instance = sampleInstance(studyUid === undefined ? { patient } : { patient, studyUid });
    const completeness = { quietMs: settleMs, maximumWaitMs: 60_000, expectedViews: [] };
    await at.local.intake.accept(instance, { actor: 'upload', completeness });
    return instance.studyUid;
  }

  test('images that keep coming do not put off a study beyond the maximum wait of its rule', async () => {
    const patient = { id: 'BN-TRICKLE' };
    const completeness = { quietMs: 1_000, maximumWaitMs: 2_500, expectedViews: [] };
    const first = sampleInstance({ patient });
    for (const wait of [0, 800, 800, 800]) {
      at.clock.advance(wait);
      const instance = sampleInstance({ patient, studyUid: first.studyUid });
      await at.local.intake.accept(instance, { actor: 'upload', completeness });
      expect(await claim()).toEqual([]);
    }
    // 2,400 ms after the first image, 0 after the last.
    at.clock.advance(100);
    expect(await claim()).toMatchObject([{ key: first.studyUid }]);
  });

  test('a study waits for a view that belongs to it, and no longer than its rule says', async () => {
    const patient = { id: 'BN-VIEWS' };
    const completeness = {
      quietMs: 200,
      maximumWaitMs: 60_000,
      expectedViews: [
        ['PA', 'AP'],
        ['LL', 'RL'],
      ],
    };
    const arrives = async (view: string, studyUid?: string): Promise<string> => {
      const instance = sampleInstance({ patient, view, ...(studyUid !== undefined && { studyUid }) });
      await at.local.intake.accept(instance, { actor: 'upload', completeness });
      return instance.studyUid;
    };
    const whole = await arrives('AP');
    const lone = await arrives('PA');
    at.clock.advance(1_000);
    expect(await claim()).toEqual([]);
    await arrives('LL', whole);
    at.clock.advance(200);
    const ready = await claim();
    expect(ready).toMatchObject([{ key: whole }]);
    for (const job of ready) await at.store.jobs.complete(job);
    at.clock.advance(58_799);
    expect(await claim()).toEqual([]);
    at.clock.advance(1);
    expect(await claim()).toMatchObject([{ key: lone }]);
  });

  test('a job is claimed once, by one of many workers', async () => {
    await Promise.all(Array.from({ length: 12 }, () => send()));
    const claims = await Promise.all(Array.from({ length: 6 }, (_, n) => claim(`w${n}`, 4)));
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(new Set(ids).size).toBe(12);
    expect(await at.store.jobs.counts()).toMatchObject({ waiting: 0, running: 12 });
  });

  test('a study is never read by two workers, and what arrives while it is read is read afterwards', async () => {
    const studyUid = await send();
    const [first] = await claim();
    await send(studyUid);
    await send(studyUid);
    expect(await claim('w2')).toEqual([]);
    if (first === undefined) throw new Error('no job');
    await at.store.jobs.complete(first);
    expect(await claim('w2')).toMatchObject([{ key: studyUid, attempt: 1 }]);
  });

  test('a study that is still arriving waits until it has settled', async () => {
    const studyUid = await send(undefined, 2_000);
    expect(await claim()).toEqual([]);
    at.clock.advance(1_500);
    await send(studyUid, 2_000);
    at.clock.advance(1_500);
    expect(await claim()).toEqual([]);
    at.clock.advance(500);
    expect(await claim()).toMatchObject([{ key: studyUid }]);
  });

  test('a failed job comes back after 2, 4, 8 and 16 seconds, and is dead after the fifth try', async () => {
    await send();
    for (const seconds of [2, 4, 8, 16]) {
      const [job] = await claim();
      if (job === undefined) throw new Error('no job');
      expect(await at.store.jobs.fail(job, REASON)).toBe('waiting');
      at.clock.advance(seconds * 1_000 - 1);
      expect(await claim()).toEqual([]);
      at.clock.advance(1);
    }
    const [last] = await claim();
    if (last === undefined) throw new Error('no job');
    expect(last.attempt).toBe(5);
    expect(await at.store.jobs.fail(last, REASON)).toBe('dead');
    expect(await at.store.jobs.counts()).toMatchObject({ waiting: 0, dead: 1 });
  });

  test('the job of a worker that died goes to another one, and the dead one can no longer end it', async () => {
    await send();
    const [lost] = await claim('dead');
    if (lost === undefined) throw new Error('no job');
    at.clock.advance(29_999);
    expect(await claim('w2')).toEqual([]);
    at.clock.advance(1_001);
    const [found] = await claim('w2');
    expect(found).toMatchObject({ id: lost.id, attempt: 2, worker: 'w2' });
    await expect(at.store.jobs.complete(lost)).rejects.toMatchObject({ code: 'store.lease-lost' });
    await expect(at.store.jobs.heartbeat(lost, 30_000)).rejects.toMatchObject({ code: 'store.lease-lost' });
    await expect(at.store.jobs.fail(lost, REASON)).rejects.toMatchObject({ code: 'store.lease-lost' });
  });

  test('a job that kills its workers is given out once more after its last attempt, to be given up, and is dead then', async () => {
    await send();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      expect(await claim()).toMatchObject([{ attempt }]);
      at.clock.advance(30_001);
    }
    expect(await claim()).toEqual([]);
    expect(await at.store.jobs.counts()).toMatchObject({ dead: 1 });
  });

  test('a dead job is done with as soon as its study is asked for again', async () => {
    const studyUid = await send();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await claim();
      at.clock.advance(30_001);
    }
    await claim();
    await at.local.intake.requestReading(studyUid, 'doctor');
    expect(await at.store.jobs.counts()).toMatchObject({ dead: 0, waiting: 1 });
  });

  test('a heartbeat keeps the lease', async () => {
    await send();
    let [job] = await claim();
    if (job === undefined) throw new Error('no job');
    at.clock.advance(20_000);
    job = await at.store.jobs.heartbeat(job, 30_000);
    at.clock.advance(20_000);
    expect(await claim('w2')).toEqual([]);
    await at.store.jobs.complete(job);
  });

  test('a worker that stops gives its jobs back without losing a try', async () => {
    await send();
    await claim('stopping');
    expect(await at.store.jobs.release('stopping')).toBe(1);
    expect(await claim('w2')).toMatchObject([{ attempt: 1 }]);
  });

  test('a waiting worker is woken by the commit, not by a poll', async () => {
    const woken = at.store.jobs.waitForWork({ kinds: ['read-study'], timeoutMs: 30_000 });
    await send();
    await woken;
    expect(await claim()).toHaveLength(1);
  });

  test('waiting ends with its signal, and at once when there is work already', async () => {
    await at.store.jobs.waitForWork({ kinds: ['read-study'], timeoutMs: 30_000, signal: AbortSignal.abort() });
    const controller = new AbortController();
    const wait = at.store.jobs.waitForWork({ kinds: ['read-study'], timeoutMs: 30_000, signal: controller.signal });
    controller.abort();
    await wait;
    await send();
    await at.store.jobs.waitForWork({ kinds: ['read-study'], timeoutMs: 30_000 });
    expect(await claim()).toHaveLength(1);
  });

  test('a study can be asked to be read again', async () => {
    const studyUid = await send();
    const [job] = await claim();
    if (job === undefined) throw new Error('no job');
    await at.store.jobs.complete(job);
    await at.local.intake.requestReading(studyUid, 'bs.lan');
    expect(await claim()).toMatchObject([{ key: studyUid, payload: { requestedBy: 'bs.lan' } }]);
    await expect(at.local.intake.requestReading('2.25.9', 'bs.lan')).rejects.toMatchObject({ code: 'store.not-found' });
  });
});

test('on the embedded host a restart gives back at once what the process before had claimed', async () => {
  const at = await openTestStore('embedded');
  await at.local.intake.accept(sampleInstance(), { actor: 'upload' });
  expect(await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 3_600_000, limit: 1 })).toHaveLength(
    1,
  );
  await at.reopen();
  expect(await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 1, limit: 1 })).toMatchObject([
    { attempt: 2 },
  ]);
  await at.close();
});
