// Limit of requests: each person, key, system or unknown address has a bucket that fills evenly, so that one caller in a loop takes no time from the
// others. Whoever has used it up is told when to come again.
import { MINUTE_MS } from '#kernel/clock.ts';
import type { FastifyRequest } from 'fastify';
import { httpErrors } from './errors.ts';

export interface RateLimits {
  /** Of somebody at the pages; 0: no limit. */
  readonly personPerMinute: number;
  /** Of a key, a token or a system, and of an address whose callers are not known; 0: no limit. */
  readonly programPerMinute: number;
}

export interface RateLimiter {
  /** Throws `http.too-many-requests` (429, Retry-After). */
  admit(request: Pick<FastifyRequest, 'identity' | 'ip'>): void;
}

interface Bucket {
  /** Requests that may come at once. */
  left: number;
  filledAt: number;
  readonly perMs: number;
  readonly most: number;
}

/** A page opens with many requests at once, a viewer with hundreds: so many seconds' worth may come together. */
const BURST_MS = 10_000;
const MOST_BUCKETS = 20_000;

function fill(bucket: Bucket, now: number): void {
  bucket.left = Math.min(bucket.most, bucket.left + (now - bucket.filledAt) * bucket.perMs);
  bucket.filledAt = now;
}

function callerOf({ identity, ip }: Pick<FastifyRequest, 'identity' | 'ip'>) {
  if (identity.known === 'open') return { name: `address ${ip}`, isPerson: false };
  return { name: `${identity.facilityId} ${identity.actor}`, isPerson: identity.known === 'session' };
}

/** `now`: milliseconds that only grow. */
export function createRateLimiter(limits: RateLimits, now: () => number = () => performance.now()): RateLimiter {
  const buckets = new Map<string, Bucket>();

  function open(perMinute: number): Bucket {
    const perMs = perMinute / MINUTE_MS;
    const most = Math.max(1, perMs * BURST_MS);
    return { left: most, filledAt: now(), perMs, most };
  }

  /** A full bucket is what a new one would be; where none is full, the ones that were used longest ago go. */
  function makeRoom(): void {
    for (const [name, bucket] of buckets) {
      fill(bucket, now());
      if (bucket.left >= bucket.most) buckets.delete(name);
    }
    for (const name of buckets.keys()) {
      if (buckets.size < MOST_BUCKETS / 2) break;
      buckets.delete(name);
    }
  }

  return {
    admit(request) {
      const { name, isPerson } = callerOf(request);
      const perMinute = isPerson ? limits.personPerMinute : limits.programPerMinute;
      if (perMinute === 0) return;
      const key = `${isPerson ? 'person' : 'program'} ${name}`;
      const bucket = buckets.get(key) ?? open(perMinute);
      if (buckets.size >= MOST_BUCKETS && !buckets.has(key)) makeRoom();
      buckets.set(key, bucket);
      fill(bucket, now());
      if (bucket.left < 1)
        throw httpErrors.error('too-many-requests', {
          retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.left) / bucket.perMs / 1_000)),
        });
      bucket.left -= 1;
    },
  };
}
