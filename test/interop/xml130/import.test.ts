import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Thing, importClaims } from '#interop/xml130/import.ts';
import { loadIndicators } from '#interop/xml130/indicators.ts';

const XML1 = '<TONG_HOP><MA_LK>0001</MA_LK><MA_BN>00042</MA_BN></TONG_HOP>';
const row = (fields: Record<string, string>): string =>
  `<CHI_TIET_CLS>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</CHI_TIET_CLS>`;
const xml4 = (...rows: string[]): string =>
  `<CHITIEU_CHITIET_DICHVUCANLAMSANG><DSACH_CHI_TIET_CLS>${rows.join('')}</DSACH_CHI_TIET_CLS></CHITIEU_CHITIET_DICHVUCANLAMSANG>`;
const glucose = {
  MA_LK: '0001',
  STT: '1',
  MA_CHI_SO: '1010001',
  GIA_TRI: '5,6',
  DON_VI_DO: 'mmol/L',
  NGAY_KQ: '202611220925',
};

const table = (type: string, xml: string): string =>
  `<FILEHOSO><LOAIHOSO>${type}</LOAIHOSO><NOIDUNGFILE>${Buffer.from(`\uFEFF${xml}`).toString('base64')}</NOIDUNGFILE></FILEHOSO>`;
const record = (...tables: string[]): string => `<HOSO>${tables.join('')}</HOSO>`;
const envelope = (declared: number, ...records: string[]): string =>
  `\uFEFF<?xml version="1.0"?><GIAMDINHHS><THONGTINHOSO><SOLUONGHOSO>${declared}</SOLUONGHOSO><DANHSACHHOSO>${records.join('')}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>`;

async function* chunked(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, chunkSize = 4096): Promise<Thing[]> {
  const things: Thing[] = [];
  for await (const thing of importClaims(chunked(text, chunkSize), { file: 'f.xml', indicators: loadIndicators() }))
    things.push(thing);
  return things;
}

const kinds = (things: readonly Thing[]): string[] =>
  things.map((thing) => (thing.kind === 'rejected' ? thing.code : thing.kind));

test('a laboratory row becomes a measurement with its LOINC, and nothing else of the person', async () => {
  expect(await read(envelope(1, record(table('XML1', XML1), table('XML4', xml4(row(glucose))))))).toEqual([
    {
      kind: 'measurement',
      record: '0001',
      patient: '00042',
      code: '1010001',
      loinc: '2345-7',
      value: 5.6,
      comparator: null,
      text: '5,6',
      unit: 'mmol/L',
      time: '2026-11-22T09:25:00+07:00',
    },
    { kind: 'file', file: 'f.xml', declared: 1, records: 1 },
  ]);
});

test('XML1 need not come first', async () => {
  const things = await read(envelope(1, record(table('XML4', xml4(row(glucose))), table('XML1', XML1))));
  expect(kinds(things)).toEqual(['measurement', 'file']);
});

test('a 4210 table without its wrapper is read, its unit stays empty', async () => {
  const { DON_VI_DO: _unit, ...old } = glucose;
  const things = await read(
    envelope(
      1,
      record(
        table('XML1', XML1),
        table('XML4', `<DSACH_CHI_TIET_CLS>${row({ ...old, MA_MAY: 'HH.1' })}</DSACH_CHI_TIET_CLS>`),
      ),
    ),
  );
  expect(things[0]).toMatchObject({ kind: 'measurement', value: 5.6, unit: '' });
});

test('an imaging row becomes a report with its text as written', async () => {
  const report = {
    MA_LK: '0001',
    STT: '1',
    MA_DICH_VU: '18.0119',
    MO_TA: '<![CDATA[Bóng tim\nkhông to.]]>',
    KET_LUAN: 'Bình thường',
    NGAY_KQ: '20261122',
  };
  const things = await read(envelope(1, record(table('XML1', XML1), table('XML4', xml4(row(report))))));
  expect(things[0]).toEqual({
    kind: 'report',
    record: '0001',
    patient: '00042',
    service: '18.0119',
    text: 'Bóng tim\nkhông to.',
    conclusion: 'Bình thường',
    time: '2026-11-22',
  });
});

test('one bad record does not drop the others, and the file says how many were usable', async () => {
  const good = record(table('XML1', XML1), table('XML4', xml4(row(glucose))));
  const bad = [
    record(table('XML4', xml4(row(glucose)))),
    record('<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>@@@</NOIDUNGFILE></FILEHOSO>'),
    '<HOSO><FILEHOSO></HOSO>',
  ];
  const things = await read(envelope(5, good, ...bad, good));
  expect(kinds(things)).toEqual([
    'measurement',
    'xml130.record-without-xml1',
    'xml130.record-without-xml1',
    'xml130.bad-xml',
    'measurement',
    'file',
  ]);
  expect(things.at(-1)).toMatchObject({ declared: 5, records: 2 });
});

test('a bad row is rejected with its record, its neighbours stay', async () => {
  const rows = [
    row({ ...glucose, NGAY_KQ: '202602300925' }),
    row({ ...glucose, MA_LK: '0002' }),
    row({ ...glucose, MA_CHI_SO: '' }),
    row(glucose),
  ];
  const things = await read(envelope(1, record(table('XML1', XML1), table('XML4', xml4(...rows)))));
  expect(kinds(things)).toEqual([
    'xml130.bad-time',
    'xml130.other-record',
    'xml130.missing-field',
    'measurement',
    'file',
  ]);
  expect(things[0]).toMatchObject({ record: '0001' });
});

test('a table that nobody knows is skipped without fault', async () => {
  const things = await read(envelope(1, record(table('XML1', XML1), table('XML18', '<A/>'))));
  expect(kinds(things)).toEqual(['skipped', 'file']);
});

test('a file cut in the middle of a record says so and keeps the whole records', async () => {
  const good = record(table('XML1', XML1), table('XML4', xml4(row(glucose))));
  const whole = envelope(2, good, good);
  const things = await read(whole.slice(0, whole.lastIndexOf('<FILEHOSO>') + 40));
  expect(kinds(things)).toEqual(['measurement', 'xml130.record-unterminated', 'file']);
  expect(things[1]).toMatchObject({ record: '0001' });
});

test('fewer records than declared is a reason', async () => {
  const things = await read(envelope(3, record(table('XML1', XML1))));
  expect(things.at(-1)).toMatchObject({
    kind: 'file',
    declared: 3,
    records: 1,
    reason: 'SOLUONGHOSO says 3, the file holds 1',
  });
});

test('entity bombs are refused, in the envelope and in a table', async () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  expect((await read(bomb + envelope(1, record(table('XML1', XML1))))).at(-1)).toMatchObject({
    records: 0,
    declared: null,
  });
  const things = await read(envelope(1, record(table('XML1', XML1), table('XML4', bomb + xml4(row(glucose))))));
  expect(kinds(things)).toEqual(['xml130.doctype-refused', 'file']);
});

test('a HOSO inside a comment or CDATA is no record', async () => {
  const things = await read(envelope(1, '<!-- <HOSO></HOSO> -->', record(table('XML1', XML1)), '<![CDATA[<HOSO>]]>'));
  expect(kinds(things)).toEqual(['file']);
});

test('the result does not depend on how the stream is cut', async () => {
  const text = envelope(
    3,
    record(table('XML1', XML1), table('XML4', xml4(row(glucose)))),
    '<HOSO>&</HOSO>',
    record(table('XML1', XML1)),
  );
  const whole = await read(text, text.length);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
      expect(await read(text, size)).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

test('any text ends with one file line and no exception', async () => {
  const soup = fc.array(
    fc.constantFrom(
      '<HOSO>',
      '</HOSO>',
      '<FILEHOSO>',
      '</FILEHOSO>',
      '<LOAIHOSO>XML1</LOAIHOSO>',
      '<GIAMDINHHS>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<',
      '>',
      '&',
      'é',
      table('XML1', XML1),
      '<NOIDUNGFILE>',
      '</NOIDUNGFILE>',
    ),
    { maxLength: 40 },
  );
  const runs = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 500);
  await fc.assert(
    fc.asyncProperty(soup, async (parts) => {
      const things = await read(`<GIAMDINHHS>${parts.join('')}`);
      expect(things.filter(({ kind }) => kind === 'file')).toHaveLength(1);
      expect(things.at(-1)?.kind).toBe('file');
    }),
    { numRuns: runs },
  );
});

const SAMPLES = '../shared/samples/xml130';
describe.skipIf(!existsSync(SAMPLES))('the samples (skipped where ../shared is absent)', () => {
  test('two records with quirks: three measurements and a report each, one unknown table', async () => {
    const things = await read(readFileSync(`${SAMPLES}/GIAMDINHHS_2hoso_quirks.xml`, 'utf8'));
    const one = ['measurement', 'measurement', 'measurement', 'report'];
    expect(kinds(things)).toEqual([...one, ...one, 'skipped', 'file']);
    expect(things.at(-1)).toMatchObject({ declared: 2, records: 2 });
  });
});
