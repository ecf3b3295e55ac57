import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Part, headerParameter, readParts } from '#http/multipart.ts';

const LIMITS = { maxPartBytes: 1000, maxParts: 20 };

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(type: string, body: Buffer, options: { size?: number; limits?: typeof LIMITS } = {}) {
  const parts: Part[] = [];
  for await (const part of readParts(type, inPieces(body, options.size ?? 7), options.limits ?? LIMITS))
    parts.push(part);
  return parts;
}

const formBody = (boundary: string, contents: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    ...contents.flatMap((content, index) => [
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="f${index}.dcm"\r\nContent-Type: application/dicom\r\n\r\n`,
      ),
      content,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

describe('multipart', () => {
  test('any bytes in any pieces come out as they went in', async () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(contents, fc.integer({ min: 1, max: 64 }), async (given, size) => {
        const parts = await collect('multipart/form-data; boundary="b-7"', formBody('b-7', given), { size });
        expect(parts.map(({ bytes }) => [...(bytes ?? [])])).toEqual(given.map((bytes) => [...bytes]));
        expect(parts.map(({ filename }) => filename)).toEqual(given.map((_, index) => `f${index}.dcm`));
      }),
    );
  });

  test('a related part needs no Content-Disposition and may have no header at all', async () => {
    const body = Buffer.from(
      'ignored preamble\r\n--x\r\nContent-Type: application/dicom; transfer-syntax=*\r\n\r\nAB\r\n--x\r\n\r\nCD\r\n--x--trailer',
    );
    const parts = await collect('multipart/related; type="application/dicom"; boundary=x', body);
    expect(parts.map(({ contentType, bytes }) => [contentType, bytes?.toString()])).toEqual([
      ['application/dicom', 'AB'],
      ['', 'CD'],
    ]);
  });

  test('a part above the cap is read past and the next one still comes', async () => {
    const body = formBody('b', [new Uint8Array(50), new Uint8Array(51), new Uint8Array(1)]);
    const parts = await collect('multipart/form-data; boundary=b', body, { limits: { maxPartBytes: 50, maxParts: 3 } });
    expect(parts.map(({ bytes }) => bytes?.length)).toEqual([50, undefined, 1]);
  });

  test('a body cut anywhere before its end is refused', async () => {
    const whole = formBody('b', [Buffer.from('first'), Buffer.from('second')]);
    // The closing delimiter is `--b--`; the line break after it may be missing.
    const end = whole.length - 2;
    for (let cut = 0; cut < end; cut += 1) {
      await expect(collect('multipart/form-data; boundary=b', whole.subarray(0, cut)), `cut at ${cut}`).rejects.toThrow(
        'http.broken-multipart',
      );
    }
    expect(await collect('multipart/form-data; boundary=b', whole.subarray(0, end))).toHaveLength(2);
  });

  test('too many parts, no part, no boundary and endless headers are refused', async () => {
    const type = 'multipart/form-data; boundary=b';
    const three = formBody('b', [Buffer.from('1'), Buffer.from('2'), Buffer.from('3')]);
    await expect(collect(type, three, { limits: { maxPartBytes: 10, maxParts: 2 } })).rejects.toThrow('http.too-large');
    await expect(collect(type, Buffer.from('--b--'))).rejects.toThrow('http.broken-multipart');
    await expect(collect('multipart/form-data', three)).rejects.toThrow('http.wrong-media-type');
    await expect(collect('application/json; boundary=b', three)).rejects.toThrow('http.wrong-media-type');
    const endless = Buffer.from(`--b\r\nX: ${'a'.repeat(20_000)}\r\n\r\nbody\r\n--b--`);
    await expect(collect(type, endless, { size: 5000 })).rejects.toThrow('http.broken-multipart');
  });

  test('random bytes never hang and never pass silently', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await expect(collect('multipart/form-data; boundary=bb', Buffer.from(bytes))).rejects.toThrow('http.');
      }),
    );
  });

  test('quoted parameters may hold escaped quotes and semicolons', () => {
    expect(headerParameter('form-data; filename="a\\"b;c.dcm"; name=x', 'filename')).toBe('a"b;c.dcm');
    expect(headerParameter('form-data; name=x', 'filename')).toBeUndefined();
  });
});
