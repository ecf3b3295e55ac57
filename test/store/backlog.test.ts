import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

describe.each(HOSTS)('the backlog on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  test('an empty store has nothing waiting', async () => {
    const zero = await at.store.backlog();
    expect(new Set(Object.values(zero))).toEqual(new Set([0]));
  });

  test('it counts what waits and its age, what gave up, and only critical alerts that nobody answered', async () => {
    const instance = sampleInstance();
    await at.local.intake.accept(instance, { actor: 'upload' });
    await at.local.outbox.enqueue([{ id: randomUUID(), target: 't', topic: 'x', orderKey: 'k', body: {} }]);
    for (const severity of ['critical', 'warning'] as const)
      await at.local.alerts.raise({
        kind: 'alert',
        alert: sampleAlert(sampleReading(instance), {
          id: randomUUID(),
          dedupKey: `backlog:${severity}`,
          severity,
          createdAt: at.clock.now().toISOString(),
          expiresAt: new Date(at.clock.now().getTime() + 86_400_000).toISOString(),
        }),
      });
    at.clock.advance(60_000);
    expect(await at.store.backlog()).toMatchObject({
      studiesWaiting: 1,
      messagesWaiting: 1,
      messageOldestSeconds: 60,
      messagesDead: 0,
      criticalAlertsUnanswered: 1,
      criticalAlertOldestSeconds: 60,
    });
    const [message] = await at.store.outbox.claim({ leaseMs: 1e6, limit: 1 });
    if (message === undefined) throw new Error('no message');
    await at.store.outbox.dead(message, 'gone');
    const [job] = await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 1e6, limit: 1 });
    if (job === undefined) throw new Error('no job');
    expect(await at.store.backlog()).toMatchObject({ studiesWaiting: 0, messagesWaiting: 0, messagesDead: 1 });
    at.clock.advance(2 * 86_400_000);
    expect(await at.store.backlog()).toMatchObject({ criticalAlertsUnanswered: 0, criticalAlertOldestSeconds: 0 });
  });
});
