import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cloudEventOf } from '#interop/webhooks/event.ts';
import { webhookSchema } from '#interop/webhooks/sender.ts';
import { isWebhookSecret, newWebhookSecret, signWebhook, verifyWebhook } from '#interop/webhooks/sign.ts';

const now = new Date('2026-11-22T02:00:00Z');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('a signature', () => {
  test('is the one of the Standard Webhooks specification', () => {
    // v1 = base64(HMAC-SHA256(base64-decoded secret, "id.timestamp.body"))
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const expected = createHmac('sha256', key)
      .update(`msg_1.${now.getTime() / 1000}.{"a":1}`)
      .digest('base64');
    expect(signWebhook('msg_1', '{"a":1}', { now, secrets: [secret] })).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1795312800',
      'webhook-signature': `v1,${expected}`,
    });
  });

  test('holds for any body and id, and for nothing that was changed', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (id, body, more) => {
        const headers = { ...signWebhook(id, body, { now, secrets: [secret] }) };
        const options = { now, secrets: [secret] };
        expect(verifyWebhook(headers, body, options)).toBe(true);
        expect(verifyWebhook(headers, body + more, options)).toBe(false);
        expect(verifyWebhook({ ...headers, 'webhook-id': id + more }, body, options)).toBe(false);
        expect(verifyWebhook({ ...headers, 'webhook-timestamp': '1795312801' }, body, options)).toBe(false);
        expect(verifyWebhook(headers, body, { now, secrets: [newWebhookSecret()] })).toBe(false);
      }),
    );
  });

  test('older or newer than five minutes is a replay', () => {
    const headers = { ...signWebhook('1', 'x', { now, secrets: [secret] }) };
    const at = (seconds: number) => verifyWebhook(headers, 'x', { now: later(seconds), secrets: [secret] });
    expect([at(300), at(301), at(-300), at(-301)]).toEqual([true, false, true, false]);
  });

  test('while a key is changed both ends may know either of the two', () => {
    const next = newWebhookSecret();
    const headers = { ...signWebhook('1', 'x', { now, secrets: [next, secret] }) };
    expect(verifyWebhook(headers, 'x', { now, secrets: [secret] })).toBe(true);
    expect(verifyWebhook(headers, 'x', { now, secrets: [next] })).toBe(true);
  });

  test('headers that are missing or nonsense are no signature', () => {
    expect(verifyWebhook({}, 'x', { now, secrets: [secret] })).toBe(false);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature'), fc.string()),
        (headers) => {
          expect(verifyWebhook(headers, 'x', { now, secrets: [secret] })).toBe(false);
        },
      ),
    );
  });
});

test('a configured webhook is https or this machine, with a secret that is long enough', () => {
  const good = { id: 'his', url: 'https://his.example.vn/hook', secrets: [secret] };
  const accepts = (changes: object) => webhookSchema.safeParse({ ...good, ...changes }).success;
  expect(accepts({})).toBe(true);
  expect(accepts({ url: 'http://127.0.0.1:9/hook' })).toBe(true);
  for (const url of ['http://his.example.vn/hook', 'https://u:p@his.example.vn/', 'ftp://x', 'x'])
    expect(accepts({ url })).toBe(false);
  for (const secrets of [[], ['short'], ['whsec_AAAA'], ['whsec_***************************']])
    expect(accepts({ secrets })).toBe(false);
  expect(isWebhookSecret(newWebhookSecret())).toBe(true);
});

test('the envelope is a CloudEvent that names the alert and never the patient', () => {
  const event = cloudEventOf(
    {
      id: 'm1',
      facilityId: 'bv a',
      target: 'webhook:his',
      topic: 'alert.raised',
      orderKey: '0000099901',
      body: { alert: { id: 'a1' } },
      attempt: 3,
      createdAt: '2026-11-22T02:00:00.000Z',
      lease: 'l',
    },
    'https://cds.example.vn',
  );
  expect(event).toEqual({
    specversion: '1.0',
    id: 'm1',
    source: 'https://cds.example.vn/facilities/bv%20a',
    type: 'org.haidang.alert.raised',
    subject: 'a1',
    time: '2026-11-22T02:00:00.000Z',
    datacontenttype: 'application/json',
    data: { alert: { id: 'a1' } },
  });
});
