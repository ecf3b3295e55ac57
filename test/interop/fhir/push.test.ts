import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedUuid } from '#kernel/ids.ts';
import { createCircuit, DEFAULT_CIRCUIT } from '#delivery/circuit.ts';
import { deliverDue } from '#delivery/deliver.ts';
import { messagesForAlert, messagesForEvent } from '#delivery/alert-messages.ts';
import { DEFAULT_BACKOFF } from '#delivery/backoff.ts';
import type { Sender } from '#delivery/ports.ts';
import { fanOutSender, serverSender, subscriberSender, SUBSCRIPTIONS } from '#interop/fhir/push/senders.ts';
import { clientKeyOf, jwksOf, openTokens } from '#interop/fhir/push/smart.ts';
import { fhirSettings } from '#interop/fhir/settings.ts';
import { createSubscription, updateSubscription } from '#interop/fhir/subscriptions/subscription.ts';
import { type FhirPeer, startFhirPeer } from './fhir-server.ts';
import { heads, openSite, type Site, systems } from './site.ts';

const TOPICS = ['alert.raised', 'alert.changed', 'alert.escalated'] as const;

describe('pushing to a FHIR server', () => {
  let site: Site;
  let peer: FhirPeer;
  let server: Sender;
  let fanOut: Sender;
  let subscriber: Sender;
  let keys: JSONWebKeySet;

  beforeAll(async () => {
    site = await openSite('embedded');
    const { privateKey } = await generateKeyPair('ES384', { extractable: true });
    const key = await clientKeyOf(await exportJWK(privateKey), 'key');
    keys = jwksOf([key]);
    peer = await startFhirPeer(keys, site.store.clock);
    const { clock } = site.store;
    const deps = { facility: (id: string) => site.store.store.facility(id), clock, systems: () => systems, heads };
    const [settings] = fhirSettings.parse({ servers: [{ id: 'his', url: peer.url }] }).servers;
    if (settings === undefined) throw new Error('no server');
    const client = { url: peer.url, clientId: 'haidang', scope: 'system/*.cud', key };
    server = serverSender(settings, openTokens(client, clock), deps);
    fanOut = fanOutSender(deps);
    subscriber = subscriberSender(new URL(peer.url).origin, deps);
  }, 600_000);
  beforeEach(() => {
    peer.received.length = 0;
    peer.fault = undefined;
  });
  afterAll(async () => {
    await peer.close();
    await site.close();
  });

  const deliver = (sender: Sender) =>
    deliverDue(sender, createCircuit(DEFAULT_CIRCUIT), {
      queue: site.store.store.outbox,
      clock: site.store.clock,
      backoff: DEFAULT_BACKOFF,
      timeoutMs: 20_000,
      atOnce: 10,
    });
  const routes = (target: string) => [{ target, topics: [...TOPICS], from: 'info' as const }];
  const states = async () => (await site.store.local.outbox.list({})).map(({ target, state }) => `${target} ${state}`);

  test('only the public part of the key is hosted', () => {
    expect(Object.keys(keys.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'key_ops', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test('a key of another kind, or none, is refused without a word of it', async () => {
    await expect(clientKeyOf({ kty: 'EC', crv: 'P-256', d: 'SECRET' }, 'key')).rejects.toThrow(/P-384 or RSA/);
    await expect(clientKeyOf({ kty: 'EC', crv: 'P-384', d: 'SECRET', x: '1', y: '2' }, 'key')).rejects.not.toThrow(
      /SECRET/,
    );
  });

  test('an alert arrives once with everything that it rests on, however often it is sent', async () => {
    await site.store.local.outbox.enqueue([...messagesForAlert(site.alert, routes(server.target))]);
    expect(await deliver(server)).toBe(1);
    expect(await states()).toEqual(['fhir:his delivered']);
    const types = () => [...peer.resources.keys()].map((search) => search.split('?', 1)[0]).sort();
    const expected = [
      'DetectedIssue',
      'Device',
      'DiagnosticReport',
      'ImagingStudy',
      'Observation',
      'Observation',
      'Provenance',
    ];
    expect(types()).toEqual(expected);
    const [message] = await site.store.local.outbox.list({});
    if (message === undefined) throw new Error('no message');
    const again = { ...message, attempt: 2, lease: 'x' };
    expect(await server.send(again, AbortSignal.timeout(20_000))).toEqual({ kind: 'delivered' });
    expect(types()).toEqual(expected);
    // One discovery, one token for both.
    expect(peer.tokensGiven).toBe(1);
    const bundles = peer.received.filter(({ url }) => url === '/fhir').map(({ body }) => body);
    expect(bundles[0]).toBe(bundles[1]);
  });

  test('inside the Bundle every reference leads to an entry', async () => {
    const body = JSON.parse(peer.received.find(({ url }) => url === '/fhir')?.body ?? '{"entry":[]}');
    const urls = new Set(body.entry.map((one: { fullUrl: string }) => one.fullUrl));
    for (const [, reference] of JSON.stringify(body).matchAll(/"reference":"([^"]*)"/g))
      expect(urls).toContain(reference);
  });

  test('a change replaces the issue, a late first message does not undo it', async () => {
    const { alert, store } = site;
    const at = store.clock.now().toISOString();
    const event = {
      id: derivedUuid('fp'),
      alertId: alert.id,
      at,
      actor: 'bs.an',
      channel: 'web',
      kind: 'false-positive',
      to: 'false-positive' as const,
    };
    const changed = { ...alert, status: 'false-positive' as const };
    await store.local.alerts.record(event, {
      from: 'new',
      outbox: [...messagesForEvent(changed, event, routes(server.target))],
    });
    expect(await deliver(server)).toBe(1);
    const issue = () => [...peer.resources].find(([search]) => search.startsWith('DetectedIssue?'))?.[1];
    expect(issue()).toMatchObject({ status: 'entered-in-error' });
    const first = (await store.local.outbox.list({})).find(({ topic }) => topic === 'alert.raised');
    if (first === undefined) throw new Error('no message');
    await server.send({ ...first, attempt: 3, lease: 'x' }, AbortSignal.timeout(20_000));
    expect(issue()).toMatchObject({ status: 'entered-in-error' });
    expect([...peer.resources.keys()].filter((search) => search.startsWith('DetectedIssue?'))).toHaveLength(1);
  });

  test('a server that is down is tried later, one that refuses goes to a person, a revoked token is renewed', async () => {
    const [message] = await site.store.local.outbox.list({});
    if (message === undefined) throw new Error('no message');
    const send = () => server.send({ ...message, attempt: 1, lease: 'x' }, AbortSignal.timeout(20_000));
    peer.fault = 503;
    expect(await send()).toMatchObject({ kind: 'later', reason: 'HTTP 503' });
    peer.fault = 422;
    expect(await send()).toMatchObject({ kind: 'refused', reason: 'HTTP 422' });
    peer.fault = undefined;
    peer.revoke();
    expect(await send()).toMatchObject({ kind: 'later', reason: 'HTTP 401' });
    expect(await send()).toEqual({ kind: 'delivered' });
    site.store.clock.advance(301_000);
    const before = peer.tokensGiven;
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(peer.tokensGiven).toBe(before + 1);
    expect(
      await server.send({ ...message, body: {}, attempt: 1, lease: 'x' }, AbortSignal.timeout(1_000)),
    ).toMatchObject({ kind: 'refused' });
  });

  test('a server that gives no token is tried later, and the reason says so', async () => {
    const { privateKey } = await generateKeyPair('RS384', { extractable: true });
    const key = await clientKeyOf(await exportJWK(privateKey), 'key');
    expect(key.algorithm).toBe('RS384');
    const [settings] = fhirSettings.parse({ servers: [{ id: 'his', url: peer.url }] }).servers;
    const [message] = await site.store.local.outbox.list({});
    if (settings === undefined || message === undefined) throw new Error('no server or no message');
    const { clock } = site.store;
    const tokenUrl = `${peer.url}/nowhere`;
    peer.fault = 403;
    const refused = openTokens({ url: peer.url, clientId: 'haidang', scope: 'x', key, tokenUrl }, clock);
    const deps = { facility: (id: string) => site.store.store.facility(id), clock, systems: () => systems, heads };
    expect(
      await serverSender(settings, refused, deps).send(
        { ...message, attempt: 1, lease: 'x' },
        AbortSignal.timeout(5_000),
      ),
    ).toEqual({ kind: 'later', reason: 'token HTTP 403' });
  });

  test('a subscriber is told of what it asked for, once, with a payload as an update of the resource', async () => {
    const origin = new URL(peer.url).origin;
    const subscribe = (criteria: string, channel: object) =>
      createSubscription(
        site.store.local,
        {
          resourceType: 'Subscription',
          status: 'requested',
          reason: 'HIS',
          criteria,
          channel: { type: 'rest-hook', endpoint: `${origin}/hook`, ...channel },
        },
        { actor: 'his', subscribers: [origin] },
      );
    await subscribe('DetectedIssue?status=preliminary', {
      payload: 'application/fhir+json',
      header: ['Authorization: Bearer geheim'],
    });
    await subscribe('DetectedIssue?status=preliminary&patient=BN-1', {});
    await subscribe('DetectedIssue?patient=BN-2', {});
    // Kept by an earlier version that judged less: it holds up nobody.
    const kept = { reason: 'HIS', criteria: 'Patient?name=An', endpoint: `${origin}/hook` };
    await site.store.local.records.put('fhir-subscription', derivedUuid('old'), kept);
    await site.store.local.outbox.enqueue([...messagesForAlert(site.flag, routes(SUBSCRIPTIONS))]);
    expect(await deliver(fanOut)).toBe(1);
    // Both are about one patient: in order, so one after the other.
    while ((await deliver(subscriber)) > 0);
    const calls = peer.received
      .map(({ method, url, body }) => [method, url, body === '' ? '' : JSON.parse(body).id])
      .sort();
    expect(calls).toEqual([
      ['POST', '/hook', ''],
      ['PUT', `/hook/DetectedIssue/${site.flag.id}`, site.flag.id],
    ]);
    expect(peer.received.find(({ method }) => method === 'PUT')?.headers.authorization).toBe('Bearer geheim');
    // The fan-out died after its work and runs again: the same messages, so nobody is told twice.
    const message = (await site.store.local.outbox.list({})).find(({ target }) => target === SUBSCRIPTIONS);
    if (message === undefined) throw new Error('no message');
    await fanOut.send({ ...message, attempt: 2, lease: 'x' }, AbortSignal.timeout(1_000));
    expect(await deliver(subscriber)).toBe(0);
    const { json } = { json: JSON.parse((await site.app.inject('/fhir/Subscription')).body) };
    expect(JSON.stringify(json)).not.toContain('geheim');
    for (const { resource } of json.entry) {
      expect((await site.app.inject({ method: 'DELETE', url: `/fhir/Subscription/${resource.id}` })).statusCode).toBe(
        204,
      );
    }
    expect(JSON.parse((await site.app.inject('/fhir/Subscription?_summary=count')).body).total).toBe(0);
  });

  test('a Subscription says that its receiver fails, recovers with it, and is turned off and on by an update', async () => {
    const origin = new URL(peer.url).origin;
    const by = { actor: 'his', subscribers: [origin] };
    const wanted = (parts: object) => ({
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'HIS',
      criteria: 'DetectedIssue',
      channel: { type: 'rest-hook', endpoint: `${origin}/hook`, header: ['Authorization: Bearer geheim'] },
      extension: [{ url: 'https://his.example/ward', valueString: 'K01' }],
      ...parts,
    });
    const { id } = await createSubscription(site.store.local, wanted({}), by);
    const read = async (): Promise<Record<string, unknown>> =>
      JSON.parse((await site.app.inject(`/fhir/Subscription/${id}`)).body);
    const notice = {
      id: derivedUuid('notice'),
      facilityId: 'local',
      target: subscriber.target,
      topic: 'alert.raised',
      orderKey: 'BN-1',
      body: { alertId: site.flag.id, subscriptionId: id },
      attempt: 1,
      createdAt: '2026-03-01T00:00:00Z',
      lease: 'x',
    };
    const send = () => subscriber.send(notice, AbortSignal.timeout(5_000));
    peer.fault = 503;
    expect(await send()).toMatchObject({ kind: 'later' });
    expect(await read()).toMatchObject({ status: 'error', error: 'HTTP 503' });
    peer.fault = undefined;
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(await read()).toMatchObject({ status: 'active' });
    expect(await read()).not.toHaveProperty('error');

    const change = (body: object) => updateSubscription(site.store.local, id, { ...by, body });
    await change({ ...(await read()), status: 'off' });
    expect(await read()).toMatchObject({ status: 'off', criteria: 'DetectedIssue' });
    peer.received.length = 0;
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(peer.received).toEqual([]);
    // The header was shown masked, and comes back as it was.
    await change({ ...(await read()), status: 'active' });
    await send();
    expect(peer.received[0]?.headers.authorization).toBe('Bearer geheim');
    await expect(change(wanted({}))).rejects.toMatchObject({ code: 'fhir.bad-resource', field: 'Subscription.id' });
    const off = await createSubscription(site.store.local, wanted({ status: 'off' }), by);
    expect(JSON.parse((await site.app.inject(`/fhir/Subscription/${off.id}`)).body)).toMatchObject({ status: 'off' });
    for (const one of [id, off.id]) await site.app.inject({ method: 'DELETE', url: `/fhir/Subscription/${one}` });
  });

  test.each([
    [
      'an address that the site did not name',
      { channel: { type: 'rest-hook', endpoint: 'https://evil.example/x' } },
      422,
    ],
    ['plain http', { channel: { type: 'rest-hook', endpoint: 'http://his.benhvien.example/x' } }, 422],
    ['another resource', { criteria: 'Patient?name=An' }, 422],
    ['a criterion that nobody checks', { criteria: 'DetectedIssue?severity=high' }, 422],
    ['a status that no issue ever has', { criteria: 'DetectedIssue?status=final' }, 422],
    ['an empty criterion', { criteria: 'DetectedIssue?status=' }, 422],
    ['an extension that changes what it means', { modifierExtension: [{ url: 'https://x.example' }] }, 400],
    ['another channel', { channel: { type: 'websocket' } }, 400],
    ['an element that R4 does not know', { colour: 'red' }, 400],
    ['no criteria', { criteria: undefined }, 400],
  ])('a Subscription with %s is refused', async (_what, parts, status) => {
    const payload = JSON.stringify({
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'HIS',
      criteria: 'DetectedIssue?status=preliminary',
      channel: { type: 'rest-hook', endpoint: 'https://his.benhvien.example/hook' },
      ...parts,
    });
    const headers = { 'content-type': 'application/fhir+json' };
    const reply = await site.app.inject({ method: 'POST', url: '/fhir/Subscription', payload, headers });
    expect([reply.statusCode, JSON.parse(reply.body).resourceType]).toEqual([status, 'OperationOutcome']);
  });
});
