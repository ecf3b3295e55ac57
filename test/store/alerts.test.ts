import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import type { Alert } from '#kernel/alert.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

const fresh = (parts: Partial<Alert> = {}): Alert => {
  const key = randomUUID();
  return sampleAlert(sampleReading(sampleInstance()), {
    id: randomUUID(),
    dedupKey: `m/E:study:${key}:findings`,
    ...parts,
  });
};

const event = (alert: Alert, parts: Partial<AlertEvent> = {}): AlertEvent => ({
  id: randomUUID(),
  alertId: alert.id,
  at: '2026-03-01T00:05:00.000Z',
  actor: 'bs.lan',
  channel: 'web',
  kind: 'seen',
  to: 'seen',
  ...parts,
});

describe.each(HOSTS)('alerts on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  test('the same key is the same alert, also when ten raise it at the same moment', async () => {
    const alert = fresh();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => at.local.alerts.raise({ kind: 'alert', alert: { ...alert, id: randomUUID() } })),
    );
    expect(answers.filter(({ status }) => status === 'raised')).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.alert.id)).size).toBe(1);
    expect(await at.local.alerts.list({ dedupKey: alert.dedupKey })).toHaveLength(1);
  });

  test('an alert comes back as it was raised, with the status that it has now', async () => {
    const alert = fresh();
    await at.local.alerts.raise({ kind: 'alert', alert });
    expect(await at.local.alerts.get(alert.id)).toEqual(alert);
    const seen = event(alert);
    expect(await at.local.alerts.record(seen, { from: 'new' })).toEqual({ ...alert, status: 'seen' });
    expect(await at.local.alerts.get(alert.id)).toEqual({ ...alert, status: 'seen' });
    expect(await at.local.alerts.events(alert.id)).toEqual([seen]);
    const none = randomUUID();
    expect([...(await at.local.alerts.eventsOf([alert.id, none]))]).toEqual([[alert.id, [seen]]]);
  });

  test('the same event sent again changes nothing', async () => {
    const alert = fresh();
    await at.local.alerts.raise({ kind: 'alert', alert });
    const done = event(alert, { kind: 'acknowledged', to: 'acknowledged' });
    await at.local.alerts.record(done, { from: 'new' });
    expect(await at.local.alerts.record(done, { from: 'new' })).toMatchObject({ status: 'acknowledged' });
    expect(await at.local.alerts.events(alert.id)).toHaveLength(1);
  });

  test('of two people who act at the same moment the second is told', async () => {
    const alert = fresh();
    await at.local.alerts.raise({ kind: 'alert', alert });
    const acts = await Promise.allSettled([
      at.local.alerts.record(event(alert, { kind: 'acknowledged', to: 'acknowledged' }), { from: 'new' }),
      at.local.alerts.record(event(alert, { kind: 'overridden', to: 'overridden', reasonCode: 'known' }), {
        from: 'new',
      }),
    ]);
    expect(acts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(acts.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'store.alert-changed' } });
    expect(await at.local.alerts.events(alert.id)).toHaveLength(1);
  });

  test('an event and the message that tells of it are one commit', async () => {
    const alert = fresh();
    await at.local.alerts.raise({ kind: 'alert', alert });
    const outbox = [{ id: randomUUID(), target: 't', topic: 'alert.seen', orderKey: 'BN-1', body: {} }];
    await expect(at.local.alerts.record(event(alert), { from: 'resolved', outbox })).rejects.toMatchObject({
      code: 'store.alert-changed',
    });
    expect(await at.local.outbox.list({ target: 't' })).toEqual([]);
    await at.local.alerts.record(event(alert), { from: 'new', outbox });
    expect(await at.local.outbox.list({ target: 't' })).toHaveLength(1);
    expect(await at.local.audit.list({ subjectType: 'alert', subjectId: alert.id })).toMatchObject([
      { action: 'alert.raised' },
      { action: 'alert.seen', actor: 'bs.lan', detail: { from: 'new', to: 'seen', channel: 'web' } },
    ]);
  });

  test('a newer alert makes the older one give way: marked, and resolved where it was open', async () => {
    const first = fresh();
    await at.local.alerts.raise({ kind: 'alert', alert: first });
    const second = { ...first, id: randomUUID(), severity: 'critical' as const };
    expect(await at.local.alerts.raise({ kind: 'alert', alert: second, supersedes: first.id })).toMatchObject({
      status: 'raised',
    });
    expect(await at.local.alerts.get(first.id)).toMatchObject({ status: 'resolved' });
    expect(await at.local.alerts.events(first.id)).toMatchObject([
      { kind: 'superseded', to: 'resolved', actor: 'system', detail: { by: second.id } },
    ]);
    expect(await at.local.alerts.list({ dedupKey: first.dedupKey })).toEqual([second]);
    expect(await at.local.alerts.list({ dedupKey: first.dedupKey, include: ['superseded'] })).toHaveLength(2);
    const third = { ...first, id: randomUUID(), dedupKey: 'other' };
    await expect(at.local.alerts.raise({ kind: 'alert', alert: third, supersedes: first.id })).rejects.toMatchObject({
      code: 'store.alert-changed',
    });
  });

  test('what a person decided stays decided when the alert is superseded', async () => {
    const first = fresh();
    await at.local.alerts.raise({ kind: 'alert', alert: first });
    await at.local.alerts.record(event(first, { kind: 'overridden', to: 'overridden' }), { from: 'new' });
    await at.local.alerts.raise({ kind: 'alert', alert: { ...first, id: randomUUID() }, supersedes: first.id });
    expect(await at.local.alerts.get(first.id)).toMatchObject({ status: 'overridden' });
  });

  test('suppressed alerts are kept and counted, and shown only when asked for', async () => {
    const reason = { code: 'alerts.budget', text: { vi: 'Đã đủ', en: 'Enough' } };
    const alert = fresh({ suppressedBecause: reason, subject: { patientCode: 'BN-QUIET' } });
    await at.local.alerts.raise({ kind: 'alert', alert });
    expect(await at.local.alerts.list({ patientCode: 'BN-QUIET' })).toEqual([]);
    expect(await at.local.alerts.list({ patientCode: 'BN-QUIET', include: ['suppressed'] })).toEqual([alert]);
  });

  test('alerts are found by patient, treatment, accession, study, source, status and time', async () => {
    const subject = { patientCode: 'BN-F', treatmentCode: 'T-F', accessionNumber: 'A-F', studyUid: '2.25.77' };
    const alert = fresh({ subject });
    await at.local.alerts.raise({ kind: 'alert', alert });
    const ids = async (filter: Parameters<typeof at.local.alerts.list>[0]) =>
      (await at.local.alerts.list(filter)).map(({ id }) => id);
    for (const [name, value] of Object.entries(subject))
      expect([name, await ids({ [name]: value })]).toEqual([name, [alert.id]]);
    expect(await ids({ sourceId: alert.sourceId })).toEqual([alert.id]);
    expect(await ids({ patientCode: 'BN-F', statuses: ['seen'] })).toEqual([]);
    expect(await ids({ patientCode: 'BN-F', statuses: ['new'], severity: 'warning' })).toEqual([alert.id]);
    expect(await ids({ patientCode: 'BN-F', since: '2026-03-02T00:00:00Z' })).toEqual([]);
  });

  test('the inbox begins with what waits, the gravest and oldest first, and counts what its limit leaves out', async () => {
    const { alerts } = await at.store.facility('inbox');
    const raise = async (name: string, severity: Alert['severity'], minute: number) => {
      const alert = fresh({
        facilityId: 'inbox',
        severity,
        createdAt: `2026-03-01T00:0${minute}:00.000Z`,
        subject: { patientCode: name },
      });
      await alerts.raise({ kind: 'alert', alert });
      return alert;
    };
    const names = async (query: Parameters<typeof alerts.inbox>[0]) => {
      const { total, items } = await alerts.inbox(query);
      return [total, items.map(({ subject }) => subject.patientCode)];
    };
    await raise('old critical', 'critical', 0);
    const done = await raise('overridden', 'critical', 1);
    const known = await raise('acknowledged', 'critical', 2);
    await raise('info', 'info', 3);
    await raise('new critical', 'critical', 4);
    await raise('warning', 'warning', 5);
    await alerts.record(event(done, { kind: 'overridden', to: 'overridden' }), { from: 'new' });
    await alerts.record(event(known, { kind: 'acknowledged', to: 'acknowledged' }), { from: 'new' });
    const waiting = ['old critical', 'new critical', 'warning', 'info'];
    expect(await names({ state: 'open', limit: 10 })).toEqual([5, [...waiting, 'acknowledged']]);
    expect(await names({ state: 'open', limit: 2 })).toEqual([5, waiting.slice(0, 2)]);
    expect(await names({ state: 'all', limit: 10 })).toEqual([6, [...waiting, 'acknowledged', 'overridden']]);
  });

  test('an alert that nobody answered is due when its time has run out', async () => {
    const alert = fresh({ expiresAt: '2026-02-01T00:00:00.000Z' });
    await at.local.alerts.raise({ kind: 'alert', alert });
    expect(await at.local.alerts.due(new Date('2026-01-31T23:59:59Z'))).toEqual([]);
    expect(await at.local.alerts.due(new Date('2026-02-01T00:00:00Z'))).toEqual([alert]);
    await at.local.alerts.record(event(alert, { kind: 'expired', to: 'expired' }), { from: 'new' });
    expect(await at.local.alerts.due(new Date('2026-02-01T00:00:00Z'))).toEqual([]);
  });

  test('events are never changed, alerts never deleted or rewritten', async () => {
    await expect(at.sql(`update alert_event set record = '{}'`)).rejects.toThrow('append-only');
    await expect(at.sql('delete from alert')).rejects.toThrow('append-only');
    await expect(at.sql(`update alert set record = '{}'`)).rejects.toThrow('never rewritten');
  });
});
