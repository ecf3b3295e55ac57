// Breaking the glass between two facilities: with a reason, for an hour, one person only, and never unseen; on either database.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { identifyWith } from '#access/identify.ts';
import type { Role } from '#access/roles.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { openTokens, type Tokens } from '#access/tokens.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { systemClock } from '#kernel/clock.ts';
import { emergencyRoutes } from '#worklist/emergency/routes.ts';
import { HOSTS, openTestStore, type TestStore } from '../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../store/samples.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const REASON = 'Bất tỉnh, chuyển viện cấp cứu từ cơ sở B';

describe.each(HOSTS)('emergency access on %s', (host) => {
  let at: TestStore;
  let app: Server;
  let tokens: Tokens;
  const film = sampleInstance();
  const other = sampleInstance();
  const code = film.patient.id ?? '';

  beforeAll(async () => {
    at = await openTestStore(host);
    const there = await at.store.facility('bv-b');
    for (const instance of [film, other]) {
      await there.intake.accept(instance, { actor: 'upload' });
      const reading = sampleReading(instance, { facilityId: 'bv-b' });
      const alert = { ...sampleAlert(reading), facilityId: 'bv-b' };
      await there.readings.commit({ reading, heatmaps: [], told: [{ kind: 'alert', alert }], outbox: [], audit: [] });
    }
    tokens = await openTokens(await tokenKeyInFolder(at.dataDir), systemClock);
    app = createServer({
      hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
      identify: identifyWith({ bearers: [tokens], session: async () => undefined }),
      logLevel: 'silent',
      metrics: createMetrics(),
    });
    await app.register(emergencyRoutes, {
      clock: at.clock,
      facilities: () => at.store.facilities(),
      facility: (id) => at.store.facility(id),
      heads: () => [],
    });
    await app.ready();
  });
  afterAll(async () => {
    await app.close();
    await at.close();
  });

  interface As {
    readonly role?: Role;
    readonly actor?: string;
    readonly facilityId?: string;
  }
  async function asked(
    url: string,
    { role = 'physician', actor = 'bs.tam', facilityId = 'local' }: As = {},
    body?: object,
  ) {
    const token = await tokens.issue({ actor, roles: [role], facilityId, seconds: 600 });
    return app.inject({
      url,
      method: body === undefined ? 'GET' : 'POST',
      headers: { host: 'localhost', authorization: `Bearer ${token}` },
      ...(body !== undefined && { payload: body }),
    });
  }
  const open = (as: As = {}, parts: object = {}) =>
    asked('/v1/emergency-access', as, { facility: 'bv-b', patientCode: code, reason: REASON, ...parts });

  test('shows the films and alerts of that person and of nobody else', async () => {
    const opened = await open();
    expect(opened.statusCode).toBe(201);
    const { id, endsAt } = opened.json();
    expect(Date.parse(endsAt) - at.clock.now().getTime()).toBe(3_600_000);
    const seen = await asked(`/v1/emergency-access/bv-b/${id}`);
    expect(seen.statusCode).toBe(200);
    expect(seen.json().studies.map(({ studyUid }: { studyUid: string }) => studyUid)).toEqual([film.studyUid]);
    expect(seen.json().alerts.length).toBeLessThanOrEqual(1);
    expect(seen.body).not.toContain(other.studyUid);
    expect(seen.body).not.toContain(other.patient.id);
  });

  test('stands with its reason in the audit trails of both facilities, and each look too', async () => {
    const entriesOf = async (id: string) =>
      (await (await at.store.facility(id)).audit.list({ subjectType: 'patient', subjectId: code, limit: 500 }))
        .filter(({ action }) => action.startsWith('emergency.'))
        .map(({ action, actor, detail }) => ({ action, actor, detail }));
    const before = { there: (await entriesOf('bv-b')).length, home: (await entriesOf('local')).length };
    const { id } = (await open()).json();
    await asked(`/v1/emergency-access/bv-b/${id}`);
    const from = { address: '127.0.0.1' };
    const opened = {
      action: 'emergency.opened',
      actor: 'bs.tam',
      detail: expect.objectContaining({ ...from, reason: REASON, from: 'local', to: 'bv-b', grant: id }),
    };
    expect((await entriesOf('bv-b')).slice(before.there)).toEqual([
      opened,
      { action: 'emergency.read', actor: 'bs.tam', detail: { ...from, grant: id, from: 'local' } },
    ]);
    expect((await entriesOf('local')).slice(before.home)).toEqual([opened]);
    const listed = await asked('/v1/emergency-accesses', { role: 'admin', facilityId: 'bv-b' });
    expect(listed.json()[0]).toMatchObject({ actor: 'bs.tam', home: 'local', patientCode: code, reason: REASON });
    expect((await asked('/v1/emergency-accesses', { role: 'admin', facilityId: 'local' })).json()).toEqual([]);
  });

  test('is another person’s, another facility’s or an administrator’s to use: never', async () => {
    const { id } = (await open()).json();
    for (const as of [{ actor: 'bs.khac' }, { facilityId: 'bv-b' }, { facilityId: 'bv-c' }] as const)
      expect((await asked(`/v1/emergency-access/bv-b/${id}`, as)).json()).toMatchObject({ code: 'emergency.ended' });
    for (const role of ['admin', 'his', 'researcher', 'province'] as const) {
      expect((await open({ role })).statusCode).toBe(403);
      expect((await asked(`/v1/emergency-access/bv-b/${id}`, { role })).statusCode).toBe(403);
    }
    for (const role of ['physician', 'nurse', 'radiologist'] as const)
      expect((await open({ role })).statusCode).toBe(201);
    expect((await asked(`/v1/emergency-access/local/${id}`)).json()).toMatchObject({ code: 'emergency.ended' });
  });

  test('asks for a reason and for a facility that is there, and makes none', async () => {
    for (const reason of ['', 'x', '          ', undefined]) expect((await open({}, { reason })).statusCode).toBe(400);
    expect((await open({}, { facility: 'local' })).json()).toMatchObject({ code: 'emergency.own-facility' });
    expect((await open({}, { facility: 'bv-moi' })).json()).toMatchObject({ code: 'emergency.unknown-facility' });
    expect(await at.store.facilities()).not.toContain('bv-moi');
  });

  test('ends after an hour', async () => {
    const { id } = (await open()).json();
    at.clock.advance(3_599_000);
    expect((await asked(`/v1/emergency-access/bv-b/${id}`)).statusCode).toBe(200);
    at.clock.advance(1_000);
    const late = await asked(`/v1/emergency-access/bv-b/${id}`);
    expect([late.statusCode, late.json().code]).toEqual([403, 'emergency.ended']);
    expect(late.json().text.vi).toContain('hết hạn');
  });
});
