// Signatures over webhooks as the Standard Webhooks specification writes them (webhook-id, webhook-timestamp, webhook-signature).
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** `whsec_` and base64, at least 24 bytes. */
export type WebhookSecret = string;

const PREFIX = 'whsec_';
const LEAST_BYTES = 24;

export const newWebhookSecret = (): WebhookSecret => `${PREFIX}${randomBytes(32).toString('base64')}`;

export const isWebhookSecret = (text: string): boolean =>
  text.startsWith(PREFIX) &&
  /^[A-Za-z0-9+/]+={0,2}$/.test(text.slice(PREFIX.length)) &&
  Buffer.from(text.slice(PREFIX.length), 'base64').length >= LEAST_BYTES;

const keyOf = (secret: WebhookSecret): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

export interface SignedHeaders {
  readonly 'webhook-id': string;
  /** Seconds since 1970. */
  readonly 'webhook-timestamp': string;
  /** `v1,` and base64, one per key in use, separated by blanks. */
  readonly 'webhook-signature': string;
}

const tagOf = (id: string, seconds: string, body: string, secret: WebhookSecret): Buffer =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest();

/** Signed with every secret in use: while a key is changed, the receiver may know the old one or the new one. */
export function signWebhook(
  id: string,
  body: string,
  at: { readonly now: Date; readonly secrets: readonly WebhookSecret[] },
): SignedHeaders {
  if (at.secrets.length === 0) throw new Error('no secret to sign with');
  const seconds = String(Math.floor(at.now.getTime() / 1000));
  const signatures = at.secrets.map((secret) => `v1,${tagOf(id, seconds, body, secret).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}

export interface VerifyOptions {
  readonly now: Date;
  readonly secrets: readonly WebhookSecret[];
  /** Older or newer than this is a replay, whatever its signature. */
  readonly toleranceSeconds?: number;
}

/** For receivers and tests: genuine and fresh. A receiver also remembers ids for the tolerance, and takes each once. */
export function verifyWebhook(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  { now, secrets, toleranceSeconds = 300 }: VerifyOptions,
): boolean {
  const id = headers['webhook-id'] ?? '';
  const seconds = headers['webhook-timestamp'] ?? '';
  if (id === '' || !/^\d{1,12}$/.test(seconds)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(seconds)) > toleranceSeconds) return false;
  const given = (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice('v1,'.length), 'base64'));
  return secrets.some((secret) => {
    const genuine = tagOf(id, seconds, body, secret);
    return given.some((tag) => tag.length === genuine.length && timingSafeEqual(tag, genuine));
  });
}
