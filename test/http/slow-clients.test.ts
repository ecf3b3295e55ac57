// Real sockets against a small server: who is slow is cut off, who is not is answered.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { createUploads, wholeBody } from '#http/uploads.ts';

let app: Server;
let port: number;
const uploads = createUploads(1024 * 1024);

beforeEach(async () => {
  app = createServer({
    identify: identifyOpenly,
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    logLevel: 'silent',
    metrics: createMetrics(),
    clientLimits: { mostOfOneAddress: 20, progressMs: 300, leastBytes: 64, refusedBodyMs: 200 },
  });
  app.addContentTypeParser('application/dicom', (_request, _payload, done) => done(null));
  app.post('/films', { config: { scope: 'public' } }, (request) =>
    uploads.take(request, async ({ body, judge }) => {
      const bytes = await wholeBody(body, 1024 * 1024);
      return judge(async () => ({ length: bytes?.length ?? null }));
    }),
  );
  app.post('/refused', { config: { scope: 'public' } }, async (_request, reply) => reply.code(422).send('no'));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  app.server.closeAllConnections();
  await app.close();
});

const head = (path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/dicom\r\nContent-Length: ${length}\r\n\r\n`;

async function opened(first: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(first);
  return socket;
}

/** What was answered before the server closed. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await closed(socket);
  return text;
}

const upload = () =>
  fetch(`http://127.0.0.1:${port}/films`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: Buffer.alloc(100_000),
  });

/** A connection that is cut off with unread bytes ends with ECONNRESET before it closes: that is an end like any other. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });

test('uploads that stall take no place from others, and are ended', async () => {
  const stalled = await Promise.all(Array.from({ length: 12 }, () => opened(`${head('/films', 5000)}begin`)));
  const ends = stalled.map(heard);
  expect(await (await upload()).json()).toEqual({ length: 100_000 });
  for (const text of await Promise.all(ends)) expect(text).toContain('408');
  expect(await (await upload()).json()).toEqual({ length: 100_000 });
});

test('an upload that comes in small pieces all the time is taken', async () => {
  const socket = await opened(head('/films', 1000));
  const answered = once(socket, 'data');
  for (let sent = 0; sent < 1000; sent += 100) {
    socket.write(Buffer.alloc(100));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect(String((await answered)[0])).toContain('200 OK');
  socket.destroy();
});

test('one address gets so many connections and no more; those that end make room', async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, () => opened('')));
  const late = await opened('');
  await closed(late);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await upload().catch(() => undefined))?.status).toBe(200);
});

test('a refused body is read past, and its connection serves the next request', async () => {
  const socket = await opened(head('/refused', 300_000));
  const chunks: string[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  socket.write(Buffer.alloc(300_000));
  socket.write(`${head('/films', 3)}abc`);
  await expect.poll(() => chunks.join('')).toContain('"length":3');
  expect(chunks.join('')).toContain('422');
  socket.destroy();
});

test('a client that was refused and goes on sending is cut off', async () => {
  const socket = await opened(head('/refused', 1_000_000));
  socket.on('error', () => undefined);
  const answered = once(socket, 'data');
  const sending = setInterval(() => socket.write(Buffer.alloc(1_000)), 20);
  expect(String((await answered)[0])).toContain('422');
  await closed(socket);
  clearInterval(sending);
});

test('an injected request that is refused ends without a fault', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/refused',
    headers: { 'content-type': 'application/dicom' },
    payload: 'x',
  });
  expect(answer.statusCode).toBe(422);
  await new Promise((resolve) => setTimeout(resolve, 300));
});
