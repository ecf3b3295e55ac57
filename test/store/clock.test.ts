// A clock that was set back or ahead: studies are read all the same, and a critical alert that nobody answered stays open.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { watchAlerts } from '#alerts/lifecycle/watch.ts';
import { openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

let at: TestStore;
beforeEach(async () => {
  at = await openTestStore('embedded');
});
afterEach(() => at.close());

const HOUR_MS = 3_600_000;
const claim = () => at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 30_000, limit: 10 });

test('an hour back: what was stored before is read at once, also what another process had claimed', async () => {
  await at.local.intake.accept(sampleInstance(), { actor: 'test' });
  at.clock.advance(-HOUR_MS);
  const [job] = await claim();
  expect(job).toBeDefined();
  at.clock.advance(-HOUR_MS);
  // The lease ends in an hour by the clock of now: its holder is not waited for.
  expect(await claim()).toHaveLength(1);
});

test('two days ahead: an unanswered critical alert does not run out where nothing may, and people are told', async () => {
  const now = at.clock.now();
  const alert = sampleAlert(sampleReading(sampleInstance()), {
    id: randomUUID(),
    severity: 'critical',
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + 24 * HOUR_MS).toISOString(),
  });
  await at.local.alerts.raise({ kind: 'alert', alert });
  at.clock.advance(48 * HOUR_MS);
  const pass = (mayExpire: boolean) =>
    watchAlerts(at.local, { now: at.clock.now(), policy: defaultPolicy, mayExpire, messagesFor: () => [] });
  expect(await pass(false)).toMatchObject({ expired: 0, escalated: expect.any(Number) });
  expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'new' });
  expect((await at.local.alerts.events(alert.id)).map(({ kind }) => kind)).toContain('escalated');
  expect(await pass(true)).toMatchObject({ expired: 1 });
});
