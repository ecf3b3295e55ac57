import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { feedbackTable } from '#alerts/figures/feedback-table.ts';
import { alertFiguresRoutes } from '#alerts/figures/figures-routes.ts';
import { readHistoryLine } from '#alerts/decide/history.ts';
import { simulate } from '#alerts/figures/simulate.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import type { AlertStatus } from '#kernel/alert.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../store/samples.ts';
import { policy } from './fixtures.ts';

let at: TestStore;
let app: Server;

const heads = [
  { code: 'Effusion', title: { vi: 'Tràn dịch màng phổi', en: 'Effusion' }, priority: 'urgent', explains: true },
  { code: 'Mass', title: { vi: 'Khối mờ', en: 'Mass' }, priority: 'urgent', explains: true },
] as const;

interface Done {
  readonly to: AlertStatus;
  readonly kind?: string;
  readonly reasonCode?: string;
  readonly comment?: string;
  readonly afterMinutes: number;
}

async function read(patientCode: string, done?: Done): Promise<void> {
  const instance = sampleInstance({ patient: { id: patientCode } });
  await at.local.intake.accept(instance, { actor: 'test' });
  const now = at.clock.now();
  const reading = sampleReading(instance);
  const alert = sampleAlert(reading, {
    subject: { patientCode, studyUid: instance.studyUid },
    evidence: [{ code: 'Effusion', text: { vi: 'x', en: 'x' }, value: 0.91 }],
    createdAt: now.toISOString(),
  });
  await at.local.readings.commit({ reading, heatmaps: [], told: [{ kind: 'alert', alert }], outbox: [], audit: [] });
  if (done === undefined) return;
  const { to, kind = to, reasonCode, comment, afterMinutes } = done;
  await at.local.alerts.record(
    {
      id: randomUUID(),
      alertId: alert.id,
      at: new Date(now.getTime() + afterMinutes * 60_000).toISOString(),
      actor: to === 'expired' ? 'system' : 'bs01',
      channel: 'web',
      kind,
      to,
      ...(reasonCode === undefined ? {} : { reasonCode }),
      ...(comment === undefined ? {} : { comment }),
    },
    { from: 'new', outbox: [] },
  );
}

beforeAll(async () => {
  at = await openTestStore('embedded');
  app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  await app.register(alertFiguresRoutes, {
    clock: at.clock,
    heads: () => heads,
    ruleTitle: (rule) => ({ vi: `vi ${rule}`, en: `en ${rule}` }),
    facility: (id) => at.store.facility(id),
  });
  await read('a', { to: 'acknowledged', afterMinutes: 10 });
  await read('b', {
    to: 'overridden',
    reasonCode: 'disagree',
    comment: '=HYPERLINK("x"), "không thấy"',
    afterMinutes: 20,
  });
  await read('c', { to: 'false-positive', afterMinutes: 60 });
  await read('d', { to: 'expired', afterMinutes: 90 });
  await read('e');
});
afterAll(async () => {
  await app.close();
  await at.close();
});

const get = (url: string) => app.inject({ url, headers: { host: '127.0.0.1' } });

describe('what became of alerts', () => {
  test('is counted per rule and model version; no answer is no acceptance', async () => {
    const [row, ...others] = (await get('/v1/alert-figures')).json();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      rule: 'cxr-findings/Effusion',
      title: { vi: 'vi cxr-findings/Effusion', en: 'en cxr-findings/Effusion' },
      modelVersion: '1',
      told: 5,
      suppressed: 0,
      byStatus: { acknowledged: 1, overridden: 1, 'false-positive': 1, expired: 1, new: 1 },
      overrideReasons: { disagree: 1 },
      // Three were answered by a person, after 10, 20 and 60 minutes; one of them was taken on.
      accepted: { value: 1 / 3, n: 3 },
      medianMinutesToAnswer: 20,
    });
  });

  test('is told by how fast it was answered, the waiting one with the time that it waits', async () => {
    const { figures, leastForP90 } = (await get('/v1/alert-response')).json();
    // Answered after 10, 20 and 60 minutes; one ran out after 90, one waits since 0 minutes of the standing clock.
    const [all] = figures;
    expect(leastForP90).toBe(10);
    expect(all).toMatchObject({ group: 'all', told: 5, answered: 3, ended: 1, p90Minutes: null });
    // After 10 min 3/4 of the four still wait, after 20 1/2: half are answered.
    expect(all.medianMinutes).toBe(20);
    expect(all.unanswered[0]).toEqual({ fromMinutes: 0, toMinutes: 15, n: 1 });
    expect(figures.find(({ group }: { group: string }) => group === 'ward')).toMatchObject({ name: 'CDHA', told: 5 });
  });

  test('is a table that a spreadsheet opens and never runs', async () => {
    const reply = await get('/v1/alert-feedback.csv?days=7');
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = reply.body.trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'alert,rule,model,model_version,severity,raised_at,departments,action,reason,comment,user,channel,at',
    );
    expect(lines).toHaveLength(5);
    expect(reply.body).toContain(`overridden,disagree,"'=HYPERLINK(""x""), ""không thấy""",bs01,web,`);
    expect(feedbackTable([])).toBe(`${lines[0]}\r\n`);
  });

  test('becomes a history on which a policy can be tried', async () => {
    const reply = await get('/v1/alert-history.ndjson');
    const rows = reply.body.split('\n').flatMap((line, index) => readHistoryLine(line, index + 1) ?? []);
    expect(rows.map(({ patient }) => patient).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    const truth = Object.fromEntries(rows.map(({ patient, findings }) => [patient, findings[0]?.present]));
    expect(truth).toEqual({ a: true, b: false, c: false, d: undefined, e: undefined });
    const report = simulate(rows, policy());
    // Told five times; of the three whose truth is known one was right.
    expect(report).toMatchObject({ raised: 5, ppv: { value: 1 / 3, n: 3 } });
  });
});
