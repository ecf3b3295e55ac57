// Downloads against a server that breaks off, ignores ranges or sends the wrong bytes.
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fetchFile } from '#research/dataset/fetch.ts';
import { sha256Hex } from '#kernel/ids.ts';

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const sha256 = sha256Hex(CONTENT);
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/file`;
}

const withRanges: RequestListener = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= CONTENT.length) return void response.writeHead(416).end();
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': CONTENT.length - from }).end(CONTENT.subarray(from));
};

const folder = () => mkdtempSync(join(tmpdir(), 'haidang-fetch-'));
const quiet = { onProgress: () => undefined };

test('a broken download goes on where it stopped, and says how far it is', async () => {
  const to = folder();
  const part = join(to, 'a/films.zip.part');
  let asked = 0;
  const ranges: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    ranges.push(request.headers.range);
    asked += 1;
    if (asked > 1) return withRanges(request, response);
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 100_000));
    // The connection breaks when a part has reached the disk.
    const waiting = setInterval(() => {
      if (!existsSync(part) || statSync(part).size === 0) return;
      clearInterval(waiting);
      response.destroy();
    }, 5);
  });
  const file = { path: 'a/films.zip', url, sha256, bytes: CONTENT.length };
  await expect(fetchFile(to, file, quiet)).rejects.toMatchObject({ code: 'evaluation.not-fetched' });
  const seen: number[] = [];
  expect(await fetchFile(to, file, { onProgress: ({ done }) => void seen.push(done) })).toBe('fetched');
  expect(readFileSync(join(to, 'a/films.zip')).equals(CONTENT)).toBe(true);
  expect(ranges[0]).toBeUndefined();
  expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  expect(seen.at(-1)).toBe(CONTENT.length);
  expect(await fetchFile(to, file, quiet)).toBe('there');
});

test('a server that ignores ranges is read from the start', async () => {
  const url = await serve((_, response) => void response.writeHead(200).end(CONTENT));
  const to = folder();
  writeFileSync(join(to, 'films.zip.part'), 'what was there');
  await fetchFile(to, { path: 'films.zip', url, sha256 }, quiet);
  expect(readFileSync(join(to, 'films.zip')).equals(CONTENT)).toBe(true);
});

test('a file that is not the recorded one is not kept', async () => {
  const url = await serve(withRanges);
  const to = folder();
  await expect(fetchFile(to, { path: 'films.zip', url, sha256: 'a'.repeat(64) }, quiet)).rejects.toThrow(
    'are not the recorded ones',
  );
  expect(existsSync(join(to, 'films.zip'))).toBe(false);
  expect(existsSync(join(to, 'films.zip.part'))).toBe(false);
});

test('an answer that is no file, and a path that leaves the folder, are refused', async () => {
  const url = await serve((_, response) => void response.writeHead(404).end());
  await expect(fetchFile(folder(), { path: 'x', url }, quiet)).rejects.toThrow('answered 404');
  await expect(fetchFile(folder(), { path: '../x', url }, quiet)).rejects.toThrow('leaves the folder');
});
