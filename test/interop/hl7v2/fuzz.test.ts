// Random and damaged messages: answered or refused, never a fault, and read again as they were written.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeframer, framed } from '#interop/hl7v2/wire/framing.ts';
import { openMessage } from '#interop/hl7v2/wire/header.ts';
import { readDelimiters, textOf } from '#interop/hl7v2/wire/message.ts';
import { takeMessage } from '#interop/hl7v2/in/take.ts';
import { isoTime } from '#interop/hl7v2/wire/time.ts';
import { escapedText } from '#interop/hl7v2/wire/write.ts';
import { lines, verdictOf } from './peer.ts';

/** HAIDANG_FUZZ_RUNS=10000 for a long run. */
const numRuns = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 300);

const GOOD = lines(
  'MSH|^~\\&|LIS|BV|HAIDANG|BV|20260301080000+0700||ORU^R01^ORU_R01|1|P|2.5.1||||||UNICODE UTF-8',
  'PID|1||BN-1^^^HIS^MR~9^^^VN^NI||NGUYỄN^VĂN||19650131|M',
  'PV1|1|I|||||||||||||||||MALK1',
  'ORC|RE|P1',
  'OBR|1|P1||GLU^Glucose^L|||20260301070000',
  'OBX|1|NM|2345-7^Glucose^LN||5.5|mmol/L|||||F',
  'OBX|2|SN|2160-0^Crea^LN||<^10|umol/L|||||F',
  'OBX|3|TX|R^Report^L||a\\T\\b~c||||||F',
);

let kept = 0;
const deps = {
  address: '127.0.0.1',
  store: {
    incoming: {
      take: async ({ answers }: { readonly answers: readonly string[] }) => {
        kept += 1;
        return { status: 'stored' as const, answers };
      },
    },
    refusals: { record: async () => undefined },
  },
  clock: { now: () => new Date('2026-03-01T00:00:00Z') },
  language: 'vi' as const,
  indicators: new Map<string, string>(),
  fault: (_event: string, thrown: unknown) => {
    throw thrown;
  },
};

const damage = fc.record({
  at: fc.nat(GOOD.length),
  remove: fc.nat(30),
  insert: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('|', '^', '~', '\\', '&', '\r', '""', '\r\n', '\\X00\\', '||||||', 'OBX|', '-1', '1e999', 'MSH|'),
  ),
});
const damaged = fc
  .array(damage, { minLength: 1, maxLength: 4 })
  .map((all) =>
    all.reduce((text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove), GOOD),
  );

test('a damaged message is kept and accepted, or refused with its place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, fc.string({ unit: 'binary' }), damaged), async (text) => {
      const before = kept;
      const answers = await takeMessage(Buffer.from(text), deps);
      const verdicts = answers.map(verdictOf);
      const accepted = verdicts.some(({ code }) => code === 'AA' || code === 'CA');
      expect(accepted && kept !== before + 1).toBe(false);
      for (const { code, errors } of verdicts) {
        expect(code).toMatch(/^[AC][AER]$/);
        expect(errors.length > 0).toBe(!code.endsWith('A'));
      }
      for (const answer of answers) expect(openMessage(Buffer.from(answer)).message).toBeDefined();
    }),
    { numRuns },
  );
});

test('random bytes are answered too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, headed) => {
      const message = headed ? Buffer.concat([Buffer.from('MSH|^~\\&|A|B|||2026||'), bytes]) : Buffer.from(bytes);
      const [answer] = await takeMessage(message, deps);
      expect(answer).toContain('\rMSA|A');
    }),
    { numRuns },
  );
});

test('frames come out as they went in, however the network cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'grapheme' }).filter((text) => !['\u000b', '\u001c'].some((mark) => text.includes(mark))),
        { maxLength: 5 },
      ),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
      (messages, cuts) => {
        const stream = Buffer.concat(messages.map(framed));
        const deframer = createDeframer(100_000);
        const got: string[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const length = cuts[cut % cuts.length] ?? 1;
          const { messages: whole, fault } = deframer.push(stream.subarray(at, at + length));
          expect(fault).toBeUndefined();
          got.push(...whole.map((one) => one.toString()));
          at += length;
        }
        expect(got).toEqual(messages);
      },
    ),
    { numRuns },
  );
});

test('what is escaped is read back', () => {
  const delimiters = readDelimiters('MSH|^~\\&|');
  if ('place' in delimiters) throw new Error('no delimiters');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const clean = text.replaceAll(/\p{Cc}/gu, ' ');
      const written = escapedText(clean);
      expect(written).not.toMatch(/[|^~&\r]/);
      expect(textOf({ delimiters, charset: 'utf8', segments: [] }, written)).toBe(clean);
    }),
    { numRuns },
  );
});

test('a time is one that a calendar has', () => {
  expect(isoTime('20260228')).toBe('2026-02-28');
  expect(isoTime('20260229')).toBeUndefined();
  expect(isoTime('2026')).toBe('2026');
  expect(isoTime('202602281730')).toBe('2026-02-28T17:30:00+07:00');
  expect(isoTime('20260228173000.12+0530')).toBe('2026-02-28T17:30:00.12+05:30');
  fc.assert(
    fc.property(fc.stringMatching(/^\d{0,16}([+-]\d{4})?$/), (text) => {
      const time = isoTime(text);
      expect(Number.isNaN(Date.parse(time ?? '2026'))).toBe(false);
    }),
    { numRuns },
  );
});

test('a message of nothing but separators, as large as one may be, is answered', async () => {
  for (const filler of ['|', '^', '\\', '\r', 'A\r', 'OBX|\r', '~'])
    expect(
      await takeMessage(Buffer.from(GOOD + 'OBX|9|TX|1||' + filler.repeat(500_000 / filler.length)), deps),
    ).toHaveLength(1);
});
