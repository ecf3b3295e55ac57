// Signed, short-lived addresses: an address holds what may be seen and until when, and proves that this service wrote it.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Key with which links are signed; the first signs, all are believed, so that a key can be changed without breaking open links. */
export interface LinkKey {
  readonly id: string;
  readonly secret: string;
}

/** What a link opens: one alert, or one order line (SERE_SERV.ID), patient and treatment as HisPro knows them. */
export interface LinkSubject {
  readonly alert?: string;
  /** SERE_SERV.ID, the accession number. */
  readonly ss?: string;
  /** PATIENT_CODE. */
  readonly bn?: string;
  /** TREATMENT_CODE. */
  readonly lk?: string;
  /** One picture: kind, reading id and finding, joined by slashes. */
  readonly picture?: string;
}

export const LINK_FIELDS = ['alert', 'ss', 'bn', 'lk', 'picture'] as const;

/** 128 bits of the HMAC are enough against guessing, and keep the address short. */
const TAG_BYTES = 16;

const tagOf = (subject: LinkSubject, until: string, key: LinkKey): Buffer =>
  createHmac('sha256', key.secret)
    .update(JSON.stringify([...LINK_FIELDS.map((field) => subject[field] ?? null), until]))
    .digest()
    .subarray(0, TAG_BYTES);

/** The query string, from `?` on. */
export function signedQuery(subject: LinkSubject, until: Date, keys: readonly LinkKey[]): string {
  const [key] = keys;
  if (key === undefined) throw new Error('no key to sign links with');
  const seconds = String(Math.floor(until.getTime() / 1000));
  const query = new URLSearchParams();
  for (const field of LINK_FIELDS) {
    const value = subject[field];
    if (value !== undefined) query.set(field, value);
  }
  query.set('t', `${key.id}.${seconds}.${tagOf(subject, seconds, key).toString('base64url')}`);
  return `?${query.toString()}`;
}

export const equalSecrets = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => createHmac('sha256', 'compare').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
};

/** False for a token that is missing, forged, for another subject or too old. */
export function isValidLink(subject: LinkSubject, token: string, at: { now: Date; keys: readonly LinkKey[] }): boolean {
  const [keyId = '', until = '', tag = '', ...rest] = token.split('.');
  const key = at.keys.find(({ id }) => id === keyId);
  const given = Buffer.from(tag, 'base64url');
  if (rest.length > 0 || key === undefined || !/^\d{1,12}$/.test(until) || given.length !== TAG_BYTES) return false;
  return timingSafeEqual(given, tagOf(subject, until, key)) && Number(until) * 1000 >= at.now.getTime();
}
