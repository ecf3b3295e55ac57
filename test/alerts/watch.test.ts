import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { startAlertWatch, watchAlerts } from '#alerts/lifecycle/watch.ts';
import type { Alert } from '#kernel/alert.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../store/samples.ts';

let at: TestStore;
beforeAll(async () => {
  at = await openTestStore('embedded');
});
afterAll(() => at.close());

async function raise(changes: Partial<Alert> = {}): Promise<Alert> {
  const now = at.clock.now();
  const alert = sampleAlert(sampleReading(sampleInstance()), {
    id: randomUUID(),
    severity: 'critical',
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + 24 * 3_600_000).toISOString(),
    ...changes,
  });
  await at.local.alerts.raise({ kind: 'alert', alert });
  return alert;
}

const pass = () =>
  watchAlerts(at.local, {
    now: at.clock.now(),
    policy: defaultPolicy,
    messagesFor: (alert, event) => [
      {
        id: event.id,
        target: 'webhook:his',
        topic: `alert.${event.kind}`,
        orderKey: alert.subject.patientCode,
        body: {},
      },
    ],
  });

describe('when nobody does anything', () => {
  test('a critical alert escalates step by step, once each, and then runs out', async () => {
    const alert = await raise();
    expect(await pass()).toEqual({ expired: 0, escalated: 0 });
    at.clock.advance(15 * 60_000);
    expect(await pass()).toEqual({ expired: 0, escalated: 1 });
    expect(await pass()).toEqual({ expired: 0, escalated: 0 });
    at.clock.advance(30 * 60_000);
    expect(await pass()).toEqual({ expired: 0, escalated: 1 });
    at.clock.advance(24 * 3_600_000);
    expect(await pass()).toEqual({ expired: 1, escalated: 0 });
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'expired' });
    expect((await at.local.alerts.events(alert.id)).map(({ kind }) => kind)).toEqual([
      'escalated',
      'escalated',
      'expired',
    ]);
    expect((await at.local.outbox.list()).map(({ topic }) => topic).sort()).toEqual([
      'alert.escalated',
      'alert.escalated',
      'alert.expired',
    ]);
  });

  test('two watchers at the same moment escalate once', async () => {
    const alert = await raise();
    at.clock.advance(15 * 60_000);
    await Promise.all([pass(), pass()]);
    expect(await at.local.alerts.events(alert.id)).toHaveLength(1);
  });
});

test('a watch goes on after a pass that failed, and stops at once', async () => {
  let passes = 0;
  const faults: unknown[] = [];
  const watch = startAlertWatch(
    async () => {
      passes += 1;
      if (passes === 1) throw new Error('store down');
    },
    5,
    (thrown) => faults.push(thrown),
  );
  await expect.poll(() => passes).toBeGreaterThan(2);
  await watch.stop();
  expect(faults).toHaveLength(1);
});
