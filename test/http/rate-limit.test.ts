// One caller who asks without end is told to wait, and no other notices.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Identity, NOBODY } from '#access/identity.ts';
import { SCOPES } from '#access/scopes.ts';
import { CareError } from '#kernel/errors.ts';
import { createMetrics } from '#http/metrics.ts';
import { createRateLimiter } from '#http/rate-limit.ts';
import { createServer } from '#http/server.ts';

const LIMITS = { personPerMinute: 60, programPerMinute: 600 };
const caller = (actor: string, known: Identity['known'], facilityId = 'local'): Identity => ({
  facilityId,
  actor,
  roles: [],
  scopes: new Set(SCOPES),
  known,
});

type Limiter = ReturnType<typeof createRateLimiter>;

/** Seconds after which it may come again; 0: let through. */
function waitOf(limiter: Limiter, identity: Identity, ip = '10.0.0.1'): number {
  try {
    limiter.admit({ identity, ip });
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof CareError) || thrown.code !== 'http.too-many-requests') throw thrown;
    return thrown.retryAfterSeconds ?? Number.NaN;
  }
}

/** How many of so many requests are let through. */
const passed = (limiter: Limiter, identity: Identity, times: number, ip?: string): number =>
  Array.from({ length: times }, () => waitOf(limiter, identity, ip)).filter((wait) => wait === 0).length;

test('ten seconds’ worth at once, then evenly; person, key, facility and address are counted apart', () => {
  let now = 0;
  const limiter = createRateLimiter(LIMITS, () => now);
  const [an, key] = [caller('an', 'session'), caller('key:pacs', 'token')];
  expect([passed(limiter, an, 50), passed(limiter, key, 500)]).toEqual([10, 100]);
  expect(passed(limiter, caller('binh', 'session'), 50)).toBe(10);
  expect(passed(limiter, caller('an', 'session', 'khoa-b'), 50)).toBe(10);
  expect(passed(limiter, caller('an', 'token'), 500)).toBe(100);
  expect([passed(limiter, NOBODY, 500), passed(limiter, NOBODY, 500, '10.0.0.2')]).toEqual([100, 100]);
  now += 5_000;
  expect([passed(limiter, an, 50), passed(limiter, key, 500)]).toEqual([5, 50]);
  now += 3_600_000;
  expect(passed(limiter, an, 50)).toBe(10);
});

test('who comes again when told is let through', () => {
  let now = 0;
  const limiter = createRateLimiter({ personPerMinute: 7, programPerMinute: 1 }, () => now);
  const an = caller('an', 'session');
  const waits: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const wait = waitOf(limiter, an);
    waits.push(wait);
    now += wait * 1_000;
    if (wait > 0) waits.push(-waitOf(limiter, an));
  }
  expect(waits.filter((wait) => wait > 0).length).toBeGreaterThan(5);
  expect(waits.every((wait) => wait >= 0)).toBe(true);
});

test('in no span more than the burst and what the span fills', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 }), (waits) => {
      let now = 0;
      const limiter = createRateLimiter(LIMITS, () => now);
      let count = 0;
      for (const wait of waits) {
        now += wait;
        count += passed(limiter, caller('an', 'session'), 3);
      }
      expect(count).toBeLessThanOrEqual(10 + now / 1_000);
    }),
  );
});

test('a limit of 0 is none, and many callers fill no memory', () => {
  const none = createRateLimiter({ personPerMinute: 0, programPerMinute: 0 });
  expect([passed(none, caller('an', 'session'), 5_000), passed(none, NOBODY, 5_000)]).toEqual([5_000, 5_000]);
  const limiter = createRateLimiter(LIMITS, () => 0);
  let through = 0;
  for (let at = 0; at < 100_000; at += 1) through += passed(limiter, NOBODY, 1, `10.${at}`);
  expect(through).toBe(100_000);
});

test('the door answers 429 with Retry-After and a problem in both languages', async () => {
  const app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    logLevel: 'silent',
    metrics: createMetrics(),
    identify: (request) => caller(String(request.headers['x-name']), 'session'),
    rates: { personPerMinute: 12, programPerMinute: 0 },
  });
  app.get('/', { config: { scope: 'signed-in' } }, async () => 'x');
  const ask = (name: string) => app.inject({ url: '/', headers: { host: 'localhost', 'x-name': name } });
  expect([(await ask('an')).statusCode, (await ask('an')).statusCode]).toEqual([200, 200]);
  const refused = await ask('an');
  expect([refused.statusCode, Number(refused.headers['retry-after'])]).toEqual([429, 5]);
  expect(refused.json()).toMatchObject({ code: 'http.too-many-requests', text: { vi: expect.any(String) } });
  expect((await ask('binh')).statusCode).toBe(200);
  await app.close();
});
