// Posts one message to a configured address, signed; the status of the answer decides what becomes of it.
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import type { Delivery, Sender } from '#delivery/ports.ts';
import { cloudEventOf } from './event.ts';
import { isWebhookSecret, signWebhook } from './sign.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Patient data leaves only encrypted, except to this machine. */
const isSafeAddress = (address: string): boolean => {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
};

export const webhookSchema = z.strictObject({
  /** Names it in the outbox as `webhook:<id>`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  url: z
    .string()
    .refine(isSafeAddress, { error: 'must be https (http only to this machine), without a password in it' }),
  /** The first is the newest; all sign, so that a key is changed without a gap. */
  secrets: z
    .array(z.string().refine(isWebhookSecret, { error: 'must be whsec_ and at least 24 bytes as base64' }))
    .min(1),
});
export type Webhook = z.infer<typeof webhookSchema>;

/** The body itself cannot be taken: sending it again will not help. Everything else may be mended at the other end. */
const HOPELESS = new Set([400, 405, 410, 413, 415, 422]);
const MAX_WAIT_S = 3_600;

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, MAX_WAIT_S) * 1000 : undefined;
}

function verdict(response: Response): Delivery {
  if (response.ok) return { kind: 'delivered' };
  const reason = `HTTP ${response.status}`;
  if (HOPELESS.has(response.status)) return { kind: 'refused', reason };
  const wait = retryAfterMs(response);
  return { kind: 'later', reason, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

export function webhookSender(webhook: Webhook, site: { readonly publicUrl: string; readonly clock: Clock }): Sender {
  return {
    target: `webhook:${webhook.id}`,
    async send(message, signal) {
      const body = JSON.stringify(cloudEventOf(message, site.publicUrl));
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          ...signWebhook(message.id, body, { now: site.clock.now(), secrets: webhook.secrets }),
        },
        body,
        // A redirect would carry patient data to an address that nobody configured.
        redirect: 'error',
        signal,
      });
      await response.body?.cancel();
      return verdict(response);
    },
  };
}
