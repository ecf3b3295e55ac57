// STOW-RS bodies that are cut, changed or sent slowly: answered or cut off, never half-stored, and the next request is served.
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { stowRoutes } from '#interop/dicomweb/stow-rs.ts';
import { CareError } from '#kernel/errors.ts';
import { filmDicom } from '../../fixtures/film.ts';
import { identifyOpenly } from '#access/identity.ts';

/** HAIDANG_FUZZ_RUNS=10000 for a long run. */
const RUNS = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 300);

let app: Server;
let film: Buffer;
const taken = new Map<string, Buffer>();

beforeAll(async () => {
  film = await filmDicom({ study: 'stow-fuzz', size: 32 });
  app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    logLevel: 'silent',
    metrics: createMetrics(),
    identify: identifyOpenly,
  });
  await app.register(stowRoutes, {
    maxInstanceBytes: 200_000,
    judged: () => undefined,
    publicUrl: () => 'http://127.0.0.1',
    async take(bytes) {
      try {
        const { studyInstanceUid, sopInstanceUid } = readTags(parseDicom(bytes ?? Buffer.alloc(0)));
        taken.set(sopInstanceUid, bytes ?? Buffer.alloc(0));
        return { status: 'stored', studyUid: studyInstanceUid, sopInstanceUid };
      } catch (error) {
        if (error instanceof CareError) return { status: 'refused', error };
        throw error;
      }
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

const TYPE = 'multipart/related; type="application/dicom"; boundary=b';
const bodyOf = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'), bytes, Buffer.from('\r\n--b--\r\n')]);
const store = (payload: Buffer) =>
  app.inject({ method: 'POST', url: '/dicomweb/studies', headers: { 'content-type': TYPE }, payload });

test('changed and cut bodies are answered with a status of the standard, and what is stored is what a whole part held', async () => {
  const valid = bodyOf(film);
  const place = fc.oneof(fc.nat(60), fc.nat({ max: 700 }), fc.nat(valid.length - 1));
  const mutation = fc.array(fc.record({ at: place, value: fc.nat(255) }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(mutation, fc.option(fc.nat(valid.length), { freq: 2 }), async (changes, cut) => {
      taken.clear();
      const body = Buffer.from(valid);
      for (const { at, value } of changes) body[at] = value;
      const { statusCode } = await store(body.subarray(0, cut ?? body.length));
      expect([200, 202, 400, 409, 415]).toContain(statusCode);
      // A body without its end marker holds no whole part.
      expect(cut !== null && cut < valid.length - 4 ? taken.size : 0).toBe(0);
    }),
    { numRuns: RUNS },
  );
  expect((await store(valid)).statusCode).toBe(200);
});

test('a sender that stops in the middle stores nothing and holds nobody up', async () => {
  taken.clear();
  const address = app.server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const slow = Array.from({ length: 20 }, () => connect(port, '127.0.0.1'));
  for (const socket of slow) {
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const body = bodyOf(film);
    socket.write(
      `POST /dicomweb/studies HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, body.length / 2));
  }
  for (const socket of slow) socket.destroy();
  expect((await store(bodyOf(film))).statusCode).toBe(200);
  expect(taken.size).toBe(1);
});
