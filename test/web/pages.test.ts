// The pages as a server gives them: one document under a strict policy, files named by their content, packed and cacheable for ever.
import { globSync, readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { type Server, createServer } from '#http/server.ts';
import { webRoutes } from '#web/routes.ts';
import { packedSizes } from '../../benchmarks/pages/packed-sizes.ts';

let app: Server;
beforeAll(async () => {
  const hostRule = { boundTo: '127.0.0.1', allowedHosts: [] };
  app = createServer({ hostRule, identify: identifyOpenly, logLevel: 'silent', metrics: createMetrics() });
  await app.register(webRoutes, { sandbox: false });
});
afterAll(() => app.close());

const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ url, headers: { host: 'localhost', ...headers } });

const ADDRESSES = ['/', '/studies/1.2.3', '/patients/BN-1', '/alerts', '/triage', '/admin', '/help'];

test.each(ADDRESSES)('%s is the same document under a policy that lets nothing in from elsewhere', async (url) => {
  const page = await get(url);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.headers['content-security-policy']).not.toContain('unsafe');
  expect(page.body).toBe((await get('/')).body);
  expect(page.body).not.toMatch(/ style="|<style|<script(?![^>]* src=)| on\w+="/);
  const files = [...page.body.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(([, address]) => address ?? '');
  expect(files.length).toBe(3);
  for (const file of files) expect((await get(file)).statusCode, file).toBe(200);
});

test('the sandbox is no page unless it is switched on', async () => {
  expect((await get('/sandbox')).statusCode).toBe(404);
});

test('a file is packed as the browser asks, and kept for ever where its name holds its content', async () => {
  const [, script = ''] = /src="(\/static\/[^"]+)"/.exec((await get('/')).body) ?? [];
  const plain = await get(script);
  expect(plain.headers['cache-control']).toContain('immutable');
  const br = await get(script, { 'accept-encoding': 'gzip, br' });
  expect(br.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(br.rawPayload).equals(plain.rawPayload)).toBe(true);
  const gzip = await get(script, { 'accept-encoding': 'gzip' });
  expect(gunzipSync(gzip.rawPayload).equals(plain.rawPayload)).toBe(true);
  expect((await get('/static/nothing.js')).statusCode).toBe(404);
});

test('what the worklist needs stays under 60 kB packed, and the viewer with its page under 40 kB', async () => {
  const { main, viewer } = await packedSizes();
  expect(main).toBeGreaterThan(10_000);
  expect(main).toBeLessThan(60_000);
  expect(viewer).toBeGreaterThan(5_000);
  expect(viewer).toBeLessThan(40_000);
});

describe('the sources of the pages', () => {
  const sources = globSync('src/web/pages/**/*.{ts,tsx,css}').map(
    (file) => [file, readFileSync(file, 'utf8')] as const,
  );

  test('name no address elsewhere and never parse text as HTML', () => {
    expect(sources.length).toBeGreaterThan(20);
    for (const [file, text] of sources) {
      expect(text, file).not.toMatch(/https?:\/\//);
      expect(text, file).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
    }
  });

  test('say only words of the catalogue, and every word of it is said', () => {
    const words = Object.keys(JSON.parse(readFileSync('src/messages/en/web.json', 'utf8')));
    const all = sources.map(([, text]) => text).join('\n');
    const families = [...all.matchAll(/`([a-z-]+)\.\$\{/g)].map(([, family]) => `${family}.`);
    const unsaid = words.filter(
      (word) => !all.includes(`'${word}'`) && !families.some((family) => word.startsWith(family)),
    );
    expect(unsaid).toEqual([]);
  });
});

test.each(['vi', 'en'])('the same alert has the same severity here and in HisPro (%s)', (language) => {
  const words = (room: string): Record<string, string> =>
    JSON.parse(readFileSync(`src/messages/${language}/${room}.json`, 'utf8'));
  for (const severity of ['critical', 'warning', 'info'])
    expect(words('hispro')[`severity.${severity}`]).toBe(words('web')[`severity.${severity}`]);
  expect(words('web')['severity.critical']).toBe(words('web')['place.critical']);
});
