// Every answer of every door says what a browser may do with it: routes with and without credentials, refusals, and what is no request at all.
import { connect } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import type { RouteScope } from '#http/route-scopes.ts';
import { createServer, type Server } from '#http/server.ts';
import { documentedApp } from '../../scripts/openapi-document.ts';

let app: Server;
let closed: Server;
const routes: RouteScope[] = [];
beforeAll(async () => {
  app = await documentedApp('0.0.0', { identify: identifyOpenly, listed: (found) => routes.push(...found) });
  closed = await documentedApp('0.0.0', {
    identify: () => {
      throw new Error('nobody comes in');
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await closed.close();
});

type Headers = Readonly<Record<string, unknown>>;

/** What is missing or contradicts itself. */
function faultsOf(headers: Headers): string[] {
  const text = (name: string): string => String(headers[name] ?? '');
  const policy = text('content-security-policy');
  const ancestors = /frame-ancestors '(none|self)'/.exec(policy)?.[1];
  const frame = { none: 'DENY', self: 'SAMEORIGIN' }[ancestors ?? ''];
  return [
    ...(/default-src '(?:none|self)'/.test(policy) ? [] : ['no policy']),
    ...(frame === undefined || text('x-frame-options') !== frame ? [`frames: ${ancestors}`] : []),
    ...(text('x-content-type-options') === 'nosniff' ? [] : ['no nosniff']),
    ...(text('referrer-policy') === 'no-referrer' ? [] : ['referrer']),
    ...(text('cross-origin-resource-policy') === 'same-origin' ? [] : ['resource policy']),
    ...(text('permissions-policy').includes('camera=()') ? [] : ['permissions']),
    ...(/https?:(?!\/\/)|\*/.test(policy) ? ['a source from elsewhere'] : []),
  ];
}
const addressOf = (url: string): string => url.replaceAll(/:[a-z]+/gi, '1').replace('*', 'nothing.js');

test('every route of every door, answered or refused', async () => {
  expect(routes.length).toBeGreaterThan(150);
  const faults: unknown[] = [];
  for (const { method, url } of routes)
    for (const server of [app, closed]) {
      const { headers, statusCode } = await server.inject({
        method: method as 'GET',
        url: addressOf(url),
        headers: { host: 'localhost' },
      });
      const found = faultsOf(headers);
      if (found.length > 0) faults.push([method, url, statusCode, found]);
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  expect(faults).toEqual([]);
}, 120_000);

test('only the viewer’s files may run inline scripts, and no answer but a page may load anything', async () => {
  const inline: string[] = [];
  const loading: string[] = [];
  for (const { method, url } of routes) {
    const { headers } = await app.inject({
      method: method as 'GET',
      url: addressOf(url),
      headers: { host: 'localhost' },
    });
    const policy = String(headers['content-security-policy']);
    if (/script-src [^;]*unsafe/.test(policy)) inline.push(url);
    const isData = String(headers['content-type'] ?? '').includes('json') && !url.startsWith('/docs');
    if (isData && !policy.includes("default-src 'none'")) loading.push(url);
  }
  expect(loading).toEqual([]);
  expect(inline.filter((url) => !url.startsWith('/ohif'))).toEqual([]);
});

test('an address that does not exist, one that cannot be read and one that is too long', async () => {
  for (const url of ['/nowhere', '/v1/studies/%ff', `/v1/studies/${'1'.repeat(2_000)}`]) {
    const { headers, statusCode, body } = await app.inject({ url, headers: { host: 'localhost' } });
    expect([url.slice(0, 20), faultsOf(headers)]).toEqual([url.slice(0, 20), []]);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(body)).toMatchObject({
      code: expect.stringMatching(/^http\./),
      text: { vi: expect.any(String) },
    });
    expect(body).not.toContain('%ff');
  }
});

describe('what is no request', () => {
  const parsed = (text: string): Headers =>
    Object.fromEntries(
      text
        .split('\r\n')
        .slice(1)
        .flatMap((line) => {
          const [name = '', ...value] = line.split(': ');
          return value.length === 0 ? [] : [[name.toLowerCase(), value.join(': ')]];
        }),
    );
  async function answered(bytes: string): Promise<string> {
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(bytes);
    await once(socket, 'close');
    return text;
  }
  test.each([
    ['broken', 'GET / HTTP/9.9\r\n\r\n', '400'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, '431'],
  ])('%s', async (_name, bytes, status) => {
    const text = await answered(bytes);
    expect(text).toContain(`HTTP/1.1 ${status} `);
    expect(faultsOf(parsed(text))).toEqual([]);
  });
});

describe('under TLS', () => {
  const behindProxy = async (trustProxy: readonly string[]) => {
    const server = createServer({
      hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
      identify: identifyOpenly,
      logLevel: 'silent',
      metrics: createMetrics(),
      trustProxy,
    });
    return server.inject({ url: '/x', headers: { host: 'localhost', 'x-forwarded-proto': 'https' } });
  };
  test('as a trusted proxy says, a browser is told to come back under TLS only', async () => {
    const { headers } = await behindProxy(['127.0.0.1']);
    expect(headers['strict-transport-security']).toMatch(/^max-age=[0-9]{8}; includeSubDomains$/);
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  });
  test('a client that is no proxy of ours is not believed', async () => {
    for (const trusted of [[], ['10.1.2.3']])
      expect((await behindProxy(trusted)).headers['strict-transport-security']).toBeUndefined();
  });
});
