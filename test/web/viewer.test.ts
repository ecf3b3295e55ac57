// The viewer's files under /ohif: what is installed is served, nothing else of the disk, and without it the answer says how to get it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { viewerRoutes } from '#web/viewer-routes.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-ohif-'));
const folder = join(root, 'ohif');
let app: Server;
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.json'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'app.bundle.0f6159c501addfe9.js'), 'run()');
  writeFileSync(join(folder, 'assets', 'a.png'), 'png');
  app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  await app.register(viewerRoutes, { folder });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  rmSync(root, { recursive: true });
});

const get = (url: string) => app.inject({ method: 'GET', url, headers: { host: '127.0.0.1' } });

test.each(['/ohif', '/ohif/viewer?StudyInstanceUIDs=1.2.3', '/ohif/segmentation'])('%s is the page', async (url) => {
  const { statusCode, headers, body } = await get(url);
  expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html>']);
  expect(headers['content-security-policy']).toContain("connect-src 'self'");
});

test('files have their types, and bundles stay in the cache', async () => {
  const bundle = await get('/ohif/app.bundle.0f6159c501addfe9.js');
  expect(bundle.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(bundle.headers['cache-control']).toContain('immutable');
  expect((await get('/ohif/assets/a.png')).headers['content-type']).toBe('image/png');
});

test('the data source is this service', async () => {
  expect((await get('/ohif/app-config.js')).body).toContain("qidoRoot: '/dicomweb'");
});

test.each(['/ohif/../secret.json', '/ohif/%2e%2e/secret.json', '/ohif/..%2fsecret.json', '/ohif/missing.js'])(
  '%s is not there',
  async (url) => {
    const { statusCode, body } = await get(url);
    expect(statusCode).toBe(404);
    expect(body).not.toContain('secret"');
  },
);

test('without an installed viewer the answer says how to install it', async () => {
  rmSync(join(folder, 'index.html'));
  const { statusCode, body } = await get('/ohif');
  expect(statusCode).toBe(404);
  expect(body).toContain('haidang viewer install');
});
