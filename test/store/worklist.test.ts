import type { IncomingInstance } from '#kernel/instance.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reading } from '#kernel/finding.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

describe.each(HOSTS)('worklist on %s', (host) => {
  let at: TestStore;
  const studies: Record<string, string> = {};

  async function arrive(
    name: string,
    parts: Partial<IncomingInstance> = {},
    reading?: Partial<Reading>,
  ): Promise<void> {
    at.clock.advance(60_000);
    const instance = sampleInstance({ patient: { id: `BN-${name}` }, ...parts });
    studies[name] = instance.studyUid;
    await at.local.intake.accept(instance, { actor: 'upload' });
    if (reading === undefined) return;
    const read = sampleReading(instance, reading);
    const told = read.priority === 'routine' ? [] : [{ kind: 'alert' as const, alert: sampleAlert(read) }];
    const job = (await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 1e6, limit: 1 }))[0];
    if (job === undefined) throw new Error('no job');
    await at.local.readings.commit({ job, reading: read, heatmaps: [], told, outbox: [], audit: [] });
  }

  beforeAll(async () => {
    at = await openTestStore(host);
    await arrive('calm', {}, { priority: 'routine', findings: [] });
    await arrive('soon', {}, { priority: 'urgent' });
    await arrive('now', {}, { priority: 'critical' });
    await arrive('odd', { modality: 'CR' }, { outcome: 'not-assessed', priority: 'routine', findings: [] });
    await arrive('soon2', {}, { priority: 'urgent' });
    await arrive('unread');
  });
  afterAll(() => at.close());

  const names = async (...list: Parameters<typeof at.local.worklist.list>): Promise<(string | undefined)[]> => {
    const rows = await at.local.worklist.list(...list);
    return rows.map(({ study }) => Object.keys(studies).find((name) => studies[name] === study.studyUid));
  };

  test('the urgent come first, then the oldest, and what was not read stands among the routine', async () => {
    expect(await names()).toEqual(['now', 'soon', 'soon2', 'calm', 'odd', 'unread']);
    expect(await at.local.worklist.count()).toBe(6);
  });

  test('pages follow on each other', async () => {
    expect(await names({}, { limit: 2 })).toEqual(['now', 'soon']);
    expect(await names({}, { limit: 2, after: studies['soon'] ?? '' })).toEqual(['soon2', 'calm']);
    expect(await names({}, { limit: 9, after: studies['calm'] ?? '' })).toEqual(['odd', 'unread']);
  });

  test('a row holds its reading, its open alert and, while it is not read, its job', async () => {
    const [first] = await at.local.worklist.list();
    expect(first).toMatchObject({
      study: { studyUid: studies['now'], instanceCount: 1, patient: { id: 'BN-now' } },
      reading: { priority: 'critical', revision: 1 },
    });
    expect(first?.job).toBeUndefined();
    expect(first?.openAlertIds).toHaveLength(1);
    const last = (await at.local.worklist.list()).at(-1);
    expect(last?.reading).toBeUndefined();
    expect(last?.job).toMatchObject({ state: 'waiting', kind: 'read-study', key: studies['unread'] });
  });

  test('filters', async () => {
    expect(await names({ priority: 'urgent' })).toEqual(['soon', 'soon2']);
    expect(await names({ outcome: 'not-assessed' })).toEqual(['odd']);
    expect(await names({ modality: 'CR' })).toEqual(['odd']);
    expect(await names({ finding: 'Effusion' })).toEqual(['now', 'soon', 'soon2']);
    expect(await names({ finding: 'Mass' })).toEqual([]);
    expect(await names({ patientId: 'BN-calm' })).toEqual(['calm']);
    expect(await names({ receivedFrom: '2026-03-01T00:06:00Z' })).toEqual(['unread']);
    expect(await names({ receivedTo: '2026-03-01T00:02:00Z' })).toEqual(['calm']);
  });

  test('a study that a person closed leaves the list', async () => {
    await at.local.intake.closed(studies['calm'] ?? '', 'bs.lan');
    expect(await names()).toEqual(['now', 'soon', 'soon2', 'odd', 'unread']);
    expect(await names({ state: 'closed' })).toEqual(['calm']);
    expect(await at.local.worklist.count({ state: 'all' })).toBe(6);
  });
});
