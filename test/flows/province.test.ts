// A province over two facilities: counts and sums, on either database, and never a person; other roles are refused.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { identifyWith } from '#access/identify.ts';
import type { Role } from '#access/roles.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { openTokens, type Tokens } from '#access/tokens.ts';
import { totalsRoutes } from '#alerts/figures/totals-routes.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { systemClock } from '#kernel/clock.ts';
import type { FacilityStore } from '#store/store.ts';
import { HOSTS, openTestStore, type TestStore } from '../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../store/samples.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.each(HOSTS)('a province on %s', (host) => {
  let at: TestStore;
  let app: Server;
  let tokens: Tokens;
  const NAMES: string[] = [];

  /** A film that is read five minutes after it came, and raises an alert. */
  async function film(store: FacilityStore, { alert, read }: { alert: boolean; read: boolean }): Promise<void> {
    const instance = sampleInstance({ notForClinicalUse: false });
    NAMES.push(
      instance.studyUid,
      instance.sopInstanceUid,
      ...(instance.patient.id === undefined ? [] : [instance.patient.id]),
    );
    await store.intake.accept(instance, { actor: 'upload' });
    if (!read) return;
    at.clock.advance(5 * 60_000);
    const { facilityId } = store;
    const reading = sampleReading(instance, { facilityId, notForClinicalUse: false });
    const told = alert
      ? [
          {
            kind: 'alert' as const,
            alert: { ...sampleAlert(reading), facilityId, createdAt: at.clock.now().toISOString() },
          },
        ]
      : [];
    await store.readings.commit({ reading, heatmaps: [], told, outbox: [], audit: [] });
  }

  beforeAll(async () => {
    at = await openTestStore(host);
    const [a, b] = [await at.store.facility('bv-a'), await at.store.facility('bv-b')];
    await film(a, { alert: true, read: true });
    await film(a, { alert: false, read: true });
    await film(b, { alert: true, read: true });
    await film(b, { alert: false, read: false });
    tokens = await openTokens(await tokenKeyInFolder(at.dataDir), systemClock);
    app = createServer({
      hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
      identify: identifyWith({ bearers: [tokens], session: async () => undefined }),
      logLevel: 'silent',
      metrics: createMetrics(),
    });
    await app.register(totalsRoutes, {
      clock: at.clock,
      facilities: () => at.store.facilities(),
      facility: (id) => at.store.facility(id),
    });
    await app.ready();
  });
  afterAll(async () => {
    await app?.close();
    await at?.close();
  });

  const asked = async (role: Role, query = '') =>
    app.inject({
      url: `/v1/facilities/totals${query}`,
      headers: {
        host: 'localhost',
        authorization: `Bearer ${await tokens.issue({ actor: 'so-y-te', roles: [role], facilityId: 'so-y-te', seconds: 60 })}`,
      },
    });

  test('sees the counts of each facility and their sums', async () => {
    const answer = await asked('province');
    expect(answer.statusCode).toBe(200);
    const { facilities, sums } = answer.json();
    const of = (id: string) => facilities.find((one: { facility: string }) => one.facility === id);
    expect(of('bv-a')).toEqual({
      facility: 'bv-a',
      studies: { received: 2, assessed: 2, notAssessed: 0, failed: 0 },
      turnaround: { n: 2, medianMinutes: 5, p90Minutes: 5 },
      alerts: { raised: 1, answered: 0, overridden: 0, suppressed: 0, bySeverity: expect.any(Object) },
    });
    expect(of('bv-b')).toMatchObject({ studies: { received: 2, assessed: 1 }, alerts: { raised: 1 } });
    expect(of('local')).toMatchObject({ studies: { received: 0 }, turnaround: { n: 0, medianMinutes: null } });
    expect(sums).toMatchObject({ facilities: 3, studies: { received: 4, assessed: 3 }, alerts: { raised: 2 } });
    expect(Object.values(sums.alerts.bySeverity)).toEqual([2]);
  });

  test('sees no person, study or film', async () => {
    const { body } = await asked('province');
    expect(NAMES.length).toBeGreaterThan(7);
    for (const name of NAMES) expect(body).not.toContain(name);
  });

  test('what came before the span is not counted', async () => {
    at.clock.advance(2 * 86_400_000);
    expect((await asked('province', '?days=1')).json().sums.studies.received).toBe(0);
    expect((await asked('province', '?days=366')).json().sums.studies.received).toBe(4);
    expect((await asked('province', '?days=0')).statusCode).toBe(400);
  });

  test('nobody else sees it, an administrator of a facility included', async () => {
    for (const role of ['radiologist', 'physician', 'nurse', 'researcher', 'his', 'admin'] as const)
      expect([role, (await asked(role)).statusCode]).toEqual([role, 403]);
  });
});
