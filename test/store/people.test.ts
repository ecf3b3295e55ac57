import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '#kernel/assessment.ts';
import { appendQuietly } from '#store/host/append-quietly.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import { openTenancy } from '#store/host/tenancy.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const assessment = (parts: Partial<Assessment> = {}): Assessment => ({
  id: randomUUID(),
  patientId: 'BN-1',
  equationId: 'who-2019',
  outcome: 'assessed',
  value: 0.123,
  category: 'moderate',
  inputs: { age: 55, sbp: 142.5 },
  result: { interval: [0.1, 0.2] },
  provenance: sampleProvenance(),
  assessedAt: '2026-03-01T00:00:00.000Z',
  ...parts,
});

describe.each(HOSTS)('assessments, measurements, records and refusals on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  test('assessments of one person form a series, oldest first', async () => {
    const patientId = 'BN-SERIES';
    const [late, early] = [
      assessment({ patientId, assessedAt: '2026-03-01T00:00:00.000Z' }),
      assessment({ patientId, assessedAt: '2025-03-01T00:00:00.000Z' }),
    ];
    const other = assessment({ patientId, equationId: 'score2', assessedAt: '2025-06-01T00:00:00.000Z' });
    await at.local.assessments.append([late, early, other]);
    const of = at.local.assessments.ofPatient;
    expect(await of(patientId)).toEqual([early, other, late]);
    expect(await of(patientId, { equationId: 'who-2019' })).toEqual([early, late]);
    expect(await of(patientId, { since: '2025-05-01T00:00:00Z' })).toEqual([other, late]);
    expect(await of(patientId, { limit: 1 })).toEqual([late]);
    expect(await at.local.assessments.get(late.id)).toEqual(late);
  });

  test('an assessment, its alert and its message are one commit, and a second sending changes nothing', async () => {
    const one = assessment({ patientId: 'BN-ALERT' });
    const alert = sampleAlert(sampleReading(sampleInstance()), {
      id: randomUUID(),
      dedupKey: `risk/who-2019:patient:BN-ALERT:risk`,
      sourceId: one.id,
      subject: { patientCode: 'BN-ALERT' },
    });
    const also = { told: [{ kind: 'alert' as const, alert }], actor: 'api' };
    expect(await at.local.assessments.append([one], also)).toEqual({ alertIds: [alert.id] });
    expect(await at.local.assessments.append([one], also)).toEqual({ alertIds: [] });
    expect(await at.local.alerts.list({ patientCode: 'BN-ALERT' })).toEqual([alert]);
    expect(await at.local.audit.list({ subjectType: 'assessment', subjectId: one.id })).toHaveLength(1);
  });

  test('risks without an alert are one statement: the same rows and the same chain as a transaction writes', async () => {
    const patientId = 'BN-QUIET-RISK';
    const reason = { code: 'alerts.below', text: { vi: 'Dưới ngưỡng “x”\n', en: 'Below “x”\n' } };
    const [one, two] = [assessment({ patientId }), assessment({ patientId, equationId: 'score2' })];
    const silence = { kind: 'silence' as const, sourceId: one.id, reason };
    await at.local.assessments.append([one, two, one], { told: [silence], actor: 'cds-hooks' });
    // By itself it succeeds: nothing had to fall back to a transaction.
    const scope = openTenancy(at.database, 'local', at.clock);
    await appendQuietly(scope, { assessments: [two, one], silences: [silence], entries: ['{}', '{}'] });
    expect(await at.local.audit.list({ subjectType: 'assessment', subjectId: two.id })).toHaveLength(1);
    expect(await at.local.assessments.ofPatient(patientId)).toEqual([one, two]);
    expect(await at.local.alerts.silences({ sourceId: one.id })).toMatchObject([{ reason }]);
    const three = assessment({ patientId });
    const entry = {
      actor: 'cds-hooks',
      action: 'assessment.committed',
      subjectType: 'assessment',
      subjectId: three.id,
    };
    const detail = { digest: digestOf(three), outcome: three.outcome };
    await appendQuietly(scope, {
      assessments: [one, three],
      silences: [],
      entries: ['{}', canonicalJson({ ...entry, detail, at: at.clock.now().toISOString() })],
    });
    for (const { id } of [one, two, three]) {
      expect(await at.local.audit.list({ subjectType: 'assessment', subjectId: id })).toMatchObject([
        { actor: 'cds-hooks', action: 'assessment.committed', detail: { outcome: 'assessed' } },
      ]);
    }
    expect((await at.local.audit.verify()).intact).toBe(true);
  });

  test('many at the same moment, with and without an alert, hang on one chain', async () => {
    const before = (await at.local.audit.verify()).entries;
    const write = async (number: number): Promise<void> => {
      const one = assessment({ patientId: `BN-MANY-${number}` });
      const alert = sampleAlert(sampleReading(sampleInstance()), {
        id: randomUUID(),
        dedupKey: one.id,
        sourceId: one.id,
      });
      const reason = { code: 'alerts.below', text: { vi: 'x', en: 'x' } };
      const told =
        number % 3 === 0 ? { kind: 'alert' as const, alert } : { kind: 'silence' as const, sourceId: one.id, reason };
      await at.local.assessments.append([one], { told: [told], actor: 'cds-hooks' });
    };
    await Promise.all(Array.from({ length: 60 }, (_, number) => write(number)));
    // Sixty assessments, and twenty of them with an alert.
    expect(await at.local.audit.verify()).toMatchObject({ intact: true, entries: before + 80 });
  });

  test('the messages of an alert leave with it; where the alert is there already, nothing is sent again', async () => {
    const told = () => {
      const one = assessment({ patientId: 'BN-TOLD' });
      const alert = sampleAlert(sampleReading(sampleInstance()), {
        id: randomUUID(),
        dedupKey: 'risk/who-2019:patient:BN-TOLD:risk',
        sourceId: one.id,
        subject: { patientCode: 'BN-TOLD' },
      });
      const message = {
        id: randomUUID(),
        target: 'webhook:told',
        topic: 'alert.raised',
        orderKey: 'BN-TOLD',
        body: { alert: { id: alert.id } },
      };
      return { one, alert, message, also: { told: [{ kind: 'alert' as const, alert, outbox: [message] }] } };
    };
    const [first, second] = [told(), told()];
    expect(await at.local.assessments.append([first.one], first.also)).toEqual({ alertIds: [first.alert.id] });
    // Two assessments at the same moment: each decided on an alert before it could see the other's.
    expect(await at.local.assessments.append([second.one], second.also)).toEqual({ alertIds: [first.alert.id] });
    expect(await at.local.assessments.append([first.one], first.also)).toEqual({ alertIds: [] });
    expect((await at.local.outbox.list({ target: 'webhook:told' })).map(({ id }) => id)).toEqual([first.message.id]);
  });

  test('a measurement imported twice is there once, newest first, and kept as it was written', async () => {
    const row = (dedupKey: string, time: string) => ({
      patientId: 'BN-LAB',
      recordId: 'LK1',
      dedupKey,
      code: '2345-7',
      value: '<0,01',
      comparator: '<' as const,
      unit: 'mmol/L',
      time,
    });
    const measurements = [
      row('a', '2026-01-01T08:00:00+07:00'),
      row('b', '2026-02-01'),
      row('a', '2026-01-01T08:00:00+07:00'),
    ];
    const report = {
      patientId: 'BN-LAB',
      recordId: 'LK1',
      service: '18.0028.0028',
      text: 'Bóng tim không to',
      conclusion: 'Bình thường',
      dedupKey: 'r',
    };
    const rows = { measurements, reports: [report], actor: 'xml130' };
    expect(await at.local.measurements.import(rows)).toEqual({ stored: 3, known: 1 });
    expect(await at.local.measurements.import(rows)).toEqual({ stored: 0, known: 4 });
    expect(await at.local.measurements.ofPatient('BN-LAB')).toEqual([measurements[1], measurements[0]]);
    expect(await at.local.measurements.ofPatient('BN-LAB', { codes: ['718-7'] })).toEqual([]);
    expect(await at.local.measurements.ofPatient('BN-LAB', { since: '2026-01-15' })).toEqual([measurements[1]]);
    expect(await at.local.measurements.reportsOfPatient('BN-LAB')).toEqual([report]);
  });

  test('of two that write a record first, one wins', async () => {
    const wins = await Promise.all([1, 2, 3, 4].map((n) => at.local.records.putFirst('hl7v2', 'MSG-1', { n })));
    expect(wins.filter(Boolean)).toHaveLength(1);
    expect((await at.local.records.get('hl7v2', 'MSG-1'))?.value).toEqual({ n: wins.indexOf(true) + 1 });
  });

  test('records are written, listed by prefix and removed, each room and facility for itself', async () => {
    await at.local.records.put('hispro', 'session/1', { step: 1 });
    await at.local.records.put('hispro', 'session/1', { step: 2 });
    await at.local.records.put('hispro', 'session/%', 'x');
    await at.local.records.put('hispro', 'policy', [1]);
    expect((await at.local.records.list('hispro', { prefix: 'session/' })).map(({ key }) => key).sort()).toEqual([
      'session/%',
      'session/1',
    ]);
    expect(await at.local.records.get('hispro', 'session/1')).toMatchObject({ value: { step: 2 } });
    expect(await at.local.records.get('other', 'session/1')).toBeUndefined();
    expect(await (await at.store.facility('other')).records.get('hispro', 'policy')).toBeUndefined();
    await at.local.records.remove('hispro', 'policy');
    expect(await at.local.records.get('hispro', 'policy')).toBeUndefined();
  });

  test('of a refused upload only the reason and the hash are kept', async () => {
    await at.local.refusals.record({
      code: 'dicom.truncated',
      field: '(7FE0,0010)',
      reason: 'cut',
      sha256: 'a'.repeat(64),
    });
    await at.local.refusals.record({ code: 'http.too-large', reason: 'more than 10 bytes' });
    const now = at.clock.now().toISOString();
    expect(await at.local.refusals.list()).toEqual([
      { code: 'http.too-large', reason: 'more than 10 bytes', at: now },
      { code: 'dicom.truncated', field: '(7FE0,0010)', reason: 'cut', sha256: 'a'.repeat(64), at: now },
    ]);
  });

  test('an id that is no UUID finds nothing', async () => {
    const id = 'nobody';
    expect(await at.local.readings.get(id)).toBeUndefined();
    expect(await at.local.readings.heatmap(id, 'Effusion')).toBeUndefined();
    expect(await at.local.embeddings.vectorOf(id, sampleProvenance())).toBeUndefined();
    expect(await at.local.alerts.get(id)).toBeUndefined();
    expect(await at.local.alerts.events(id)).toEqual([]);
    expect(await at.local.alerts.list({ sourceId: id })).toEqual([]);
    expect(await at.local.alerts.silences({ sourceId: id })).toEqual([]);
    expect(await at.local.assessments.get(id)).toBeUndefined();
    await expect(at.local.outbox.resend(id, 'admin')).rejects.toMatchObject({ code: 'store.not-found' });
    const event = { id: 'e', alertId: id, at: '2026-03-01T00:00:00Z', actor: 'a', channel: 'web', kind: 'note' };
    await expect(at.local.alerts.record(event, { from: 'new' })).rejects.toMatchObject({ code: 'store.not-found' });
  });
});
