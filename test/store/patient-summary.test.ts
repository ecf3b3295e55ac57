import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alert } from '#kernel/alert.ts';
import type { Reading } from '#kernel/finding.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

describe.each(HOSTS)('the picture of one person on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  const claim = async () =>
    (await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 1e6, limit: 1 }))[0];

  async function film(id: string, reading?: Partial<Reading>, alert?: Partial<Alert>): Promise<string> {
    at.clock.advance(60_000);
    const instance = sampleInstance({ patient: { id } });
    await at.local.intake.accept(instance, { actor: 'upload' });
    if (reading === undefined) return instance.studyUid;
    const read = sampleReading(instance, reading);
    const told =
      alert === undefined
        ? []
        : [
            {
              kind: 'alert' as const,
              alert: sampleAlert(read, { subject: { patientCode: id, studyUid: read.studyUid }, ...alert }),
            },
          ];
    const job = await claim();
    if (job === undefined) throw new Error('no job');
    await at.local.readings.commit({ job, reading: read, heatmaps: [], told, outbox: [], audit: [] });
    return instance.studyUid;
  }

  test('holds the newest alert first, the suppressed too, and none of another person', async () => {
    const first = await film('BN-A', {}, {});
    const second = await film('BN-A', {}, { suppressedBecause: { code: 'budget', text: { vi: 'x', en: 'x' } } });
    await film('BN-B', {}, {});
    const { alerts } = await at.local.picture(['BN-A']);
    expect(alerts.map(({ subject }) => subject.studyUid)).toEqual([second, first]);
  });

  test('leaves out an alert that another one replaced, and shows the status that counts', async () => {
    const [alert] = (await at.local.picture(['BN-B'])).alerts;
    if (alert === undefined) throw new Error('no alert');
    const next = { ...alert, id: randomUUID() };
    await at.local.alerts.raise({ kind: 'alert', alert: next, supersedes: alert.id });
    await at.local.alerts.record(
      {
        id: randomUUID(),
        alertId: next.id,
        at: at.clock.now().toISOString(),
        actor: 'bs01',
        channel: 'api',
        kind: 'seen',
        to: 'seen',
      },
      { from: 'new' },
    );
    expect((await at.local.picture(['BN-B'])).alerts).toEqual([{ ...next, status: 'seen' }]);
  });

  test('tells a film that was read, one that could not be assessed and one that waits apart', async () => {
    const reasons = [{ code: 'gate.view', text: { vi: 'Không phải phim thẳng', en: 'Not a frontal view' } }];
    const urgent = await film('BN-C', { priority: 'urgent' });
    const refused = await film('BN-C', { outcome: 'not-assessed', priority: 'routine', findings: [], reasons });
    const waiting = await film('BN-C');
    const { studies } = await at.local.picture(['BN-C']);
    expect(studies).toMatchObject([
      { studyUid: urgent, reading: { outcome: 'assessed', reasons: [] } },
      { studyUid: refused, reading: { outcome: 'not-assessed', reasons } },
      { studyUid: waiting, job: { state: 'waiting' } },
    ]);
    expect(studies[2]).not.toHaveProperty('reading');
    const job = await claim();
    if (job === undefined) throw new Error('no job');
    const why = { code: 'inference.timeout', text: { vi: 'Quá giờ', en: 'Too late' } };
    for (let attempt = job.attempt, state = await at.store.jobs.fail(job, why); state !== 'dead'; attempt += 1) {
      at.clock.advance(600_000);
      const again = await claim();
      if (again === undefined || attempt > 20) throw new Error('no job');
      state = await at.store.jobs.fail(again, why);
    }
    expect((await at.local.picture(['BN-C'])).studies[2]).toMatchObject({ job: { state: 'dead', lastError: why } });
  });

  test('a closed study is history', async () => {
    const studyUid = await film('BN-D', { priority: 'routine' });
    await at.local.intake.closed(studyUid, 'bs01');
    expect(await at.local.picture(['BN-D'])).toEqual({ alerts: [], studies: [], diagnoses: [] });
  });

  test('one question covers all numbers of the person, and odd ones find nothing', async () => {
    const both = await at.local.picture(['BN-A', 'BN-C', 'BN-nobody', 'a\0b', "'; drop table alert"]);
    expect([both.alerts.length, both.studies.length]).toEqual([2, 5]);
    expect(await at.local.picture([])).toEqual({ alerts: [], studies: [], diagnoses: [] });
  });
});
