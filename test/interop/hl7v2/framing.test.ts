// Frames however they are cut and ended, and a message in UTF-16: the same messages come out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeframer } from '#interop/hl7v2/wire/framing.ts';
import { openMessage } from '#interop/hl7v2/wire/header.ts';

const frame = (text: string, end: readonly number[]): Buffer =>
  Buffer.concat([Buffer.of(0x0b), Buffer.from(text), Buffer.of(0x1c, ...end)]);

function deframed(bytes: Buffer, size: number): readonly string[] {
  const deframer = createDeframer(10_000);
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const { messages, fault } = deframer.push(bytes.subarray(at, at + size));
    expect(fault).toBeUndefined();
    out.push(...messages.map(String));
  }
  expect(deframer.inside()).toBe(false);
  return out;
}

test('0x1C alone ends a frame, wherever the network cuts and whatever line end follows', () => {
  const text = fc.string({ maxLength: 12 }).filter((one) => !one.includes('\u000b') && !one.includes('\u001c'));
  const end = fc.constantFrom([], [0x0d], [0x0a], [0x0d, 0x0a]);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, end), { maxLength: 4 }), fc.integer({ min: 1, max: 30 }), (frames, size) => {
      const bytes = Buffer.concat(frames.map(([one, ending]) => frame(one, ending)));
      expect(deframed(bytes, size)).toEqual(frames.map(([one]) => one));
    }),
  );
});

const message = (charset: string): string =>
  [
    `MSH|^~\\&|LAB|H|CDS|H|20260301080000||ADT^A08|1|P|2.5.1||||||${charset}`,
    'EVN|A08|20260301080000',
    'PID|1||BN^^^H^MR||NGUYỄN^THỊ GIẢ LẬP||1966|F',
  ].join('\r');

test.each([
  ['little end first', (text: string) => Buffer.from(text, 'utf16le')],
  ['little end first, with a mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['big end first, with a mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
])('UTF-16, %s, opens as the same message in UTF-8', (_, written) => {
  for (const charset of ['UNICODE UTF-16', '', 'UNICODE UTF-8']) {
    const wide = openMessage(written(message(charset)));
    expect(wide.faults).toEqual([]);
    expect(wide.message?.segments.slice(1)).toEqual(
      openMessage(Buffer.from(message('UNICODE UTF-8'))).message?.segments.slice(1),
    );
  }
});

test('a header that says UTF-16 over bytes that are not is refused by its field', () => {
  expect(openMessage(Buffer.from(message('UNICODE UTF-16'))).faults).toMatchObject([
    { name: 'table-value', place: { segment: 'MSH', field: 18 } },
  ]);
});
