import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decide } from '#alerts/decide/decide.ts';
import { measureLoad, withLoad } from '#alerts/decide/reader-load.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import type { Alert, Severity } from '#kernel/alert.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const HOUR_MS = 3_600_000;
const policy = defaultPolicy;

describe.each(HOSTS)('the load of alerts on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  const load = () => withLoad(at.local, { clock: at.clock, policy }, async (known) => known.load);

  async function film(patient: string | undefined, hoursAgo: number): Promise<void> {
    const now = at.clock.now().getTime();
    const instance = sampleInstance({ patient: patient === undefined ? {} : { id: patient } });
    await at.local.intake.accept(instance, { actor: 'upload' });
    await at.sql('update study set received_at = $1 where study_uid = $2', [
      new Date(now - hoursAgo * HOUR_MS),
      instance.studyUid,
    ]);
  }

  async function raise(code: string, severity: Severity, parts: Partial<Alert> & { hoursAgo: number }): Promise<Alert> {
    const { hoursAgo, ...changes } = parts;
    const reading = sampleReading(sampleInstance());
    const alert = sampleAlert(reading, {
      dedupKey: `cxr-findings/${code}:study:${reading.studyUid}:findings`,
      severity,
      audience: { loginNames: [], departmentCodes: [], roles: ['radiologist'] },
      createdAt: new Date(at.clock.now().getTime() - hoursAgo * HOUR_MS).toISOString(),
      ...changes,
    });
    await at.local.alerts.raise({ kind: 'alert', alert });
    return alert;
  }

  test('is what a count over all alerts gives, with the people filmed or assessed in the window, each once', async () => {
    expect(await load()).toEqual({ raisedLastHour: {}, interruptiveByRole: {}, patients: 0 });
    const suppressedBecause = { code: 'alerts.budget', text: { vi: 'x', en: 'x' } };
    const both = { loginNames: [], departmentCodes: [], roles: ['radiologist', 'physician'] };
    const alerts = [
      await raise('Effusion', 'warning', { hoursAgo: 0 }),
      await raise('Effusion', 'warning', { hoursAgo: 0.5 }),
      await raise('Effusion', 'warning', { hoursAgo: 1 }),
      await raise('Pneumothorax', 'critical', { hoursAgo: 30, audience: both }),
      await raise('Hernia', 'info', { hoursAgo: 0.9 }),
      await raise('Mass', 'warning', { hoursAgo: 0.1, suppressedBecause }),
      await raise('Mass', 'warning', { hoursAgo: 7 * 24 }),
      await raise('Mass', 'warning', { hoursAgo: -1 }),
    ];
    // A, B and one without a patient ID in the window; C has left it.
    for (const [patient, hoursAgo] of [
      ['A', 1],
      ['A', 50],
      ['B', 100],
      ['C', 7 * 24],
      [undefined, 2],
    ] as const)
      await film(patient, hoursAgo);
    await at.local.assessments.append(
      ['B', 'D'].map((patientId) => ({
        id: randomUUID(),
        patientId,
        equationId: 'score2',
        outcome: 'assessed' as const,
        inputs: {},
        result: {},
        provenance: sampleProvenance(),
        assessedAt: at.clock.now().toISOString(),
      })),
    );
    const counted = await load();
    expect(counted).toEqual(measureLoad(alerts, 4, { now: at.clock.now(), policy }));
    expect(counted).toEqual({
      raisedLastHour: { 'cxr-findings/Effusion': 2, 'cxr-findings/Hernia': 1 },
      interruptiveByRole: { radiologist: 4, physician: 1 },
      patients: 4,
    });
    const other = await at.store.facility('other');
    expect(await withLoad(other, { clock: at.clock, policy }, async (known) => known.load)).toEqual({
      raisedLastHour: {},
      interruptiveByRole: {},
      patients: 0,
    });
  });

  test('is seen by one decision at a time: those of the same moment do not take the same last share of it', async () => {
    const CAP = 3;
    let deciding = 0;
    const decisions = Array.from({ length: 8 }, () =>
      withLoad(at.local, { clock: at.clock, policy }, async (known) => {
        deciding += 1;
        expect(deciding).toBe(1);
        if ((known.load.raisedLastHour['cxr-findings/Fibrosis'] ?? 0) < CAP)
          await raise('Fibrosis', 'info', { hoursAgo: 0 });
        deciding -= 1;
      }),
    );
    await Promise.all(decisions);
    expect((await load()).raisedLastHour['cxr-findings/Fibrosis']).toBe(CAP);
    // One that fails lets the next one in.
    await expect(at.local.alerts.turn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await at.local.alerts.turn(async () => 'next')).toBe('next');
  });

  test('is the same in a process that starts later, so the budget binds there too', async () => {
    const before = await load();
    await at.reopen();
    expect(await load()).toEqual(before);
    const now = at.clock.now();
    // Four of radiology's interruptions for four patients: with 40 per 100 patients the budget is used up as soon as it binds.
    const budget = { ...policy.budget, minimumPatients: 4 };
    const decision = decide(
      sampleReading(sampleInstance()),
      {
        now,
        subject: { patientCode: 'E' },
        previous: [],
        heads: [{ code: 'Effusion', title: { vi: 'x', en: 'x' }, priority: 'urgent', explains: true }],
        load: await load(),
      },
      { ...policy, budget },
    );
    expect(decision).toMatchObject({ kind: 'alert', alert: { suppressedBecause: { code: 'alerts.budget' } } });
  });
});
