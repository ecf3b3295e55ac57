import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importClaims } from '#interop/xml130/import.ts';
import { onlyTold } from '#interop/xml130/keep.ts';
import type { Thing } from '#interop/xml130/read/import-lines.ts';
import { loadIndicators } from '#interop/xml130/read/indicators.ts';

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
  const found = importClaims(chunked(text, chunkSize), { file: 'f.xml', indicators: loadIndicators() });
  for await (const thing of onlyTold(found)) things.push(thing);
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

test('a comment whose end comes in another piece than the one before it is searched to its own end', async () => {
  const comments = `<!--${'x'.repeat(2000)}-->`;
  const whole = record(table('XML1', XML1), comments, '<!-- y -->', table('XML4', xml4(row(glucose))));
  for (const size of [1, 7, 300, 2050])
    expect(kinds(await read(envelope(2, whole, '<!--z-->', whole), size))).toEqual([
      'measurement',
      'measurement',
      'file',
    ]);
});

test('a record without a patient is told with its MA_LK', async () => {
  const things = await read(
    envelope(
      2,
      record(table('XML1', XML1.replace('00042', '')), table('XML4', xml4(row(glucose)))),
      record(table('XML1', XML1)),
    ),
  );
  expect(things).toMatchObject([
    { record: '0001', code: 'xml130.missing-field' },
    { kind: 'file', records: 1 },
  ]);
});

const many = (text: string): string => text.repeat(Math.ceil(2_000_000 / text.length));

// Where the work grew with the square of the length, each of these took minutes or hours: the runner's own limit would end it.
test.each([
  '<!--',
  '<![CDATA[',
  '<a ',
  '<HOSO ',
  '<FILEHOSO>',
  '<SOLUONGHOSO ',
  '</',
  '<',
  '&',
  '&#',
  '<?',
  '<!',
  ' ',
  ']]>',
  '<a b="',
])(
  'two million characters of %j are refused in their place without end',
  async (part) => {
    const inTable = await read(envelope(2, record(table('XML1', XML1), table('XML4', many(part))), good), 65_536);
    expect(inTable.at(-1)).toMatchObject({ records: 2 });
    expect(inTable[0]).toMatchObject({ kind: 'rejected', record: '0001' });
    const broken = `<HOSO>${table('XML1', XML1)}${many(part)}`;
    expect((await read(envelope(2, broken, good), 65_536)).at(-1)?.kind).toBe('file');
    expect((await read(`<GIAMDINHHS>${many(part)}`, 65_536)).at(-1)?.kind).toBe('file');
    expect(
      (await read(`<GIAMDINHHS><SOLUONGHOSO>${part.repeat(200_000).slice(0, 900_000)}`, 65_536)).at(-1)?.kind,
    ).toBe('file');
  },
  20_000,
);

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

test('any text ends with one file line and no exception, however the stream is cut', async () => {
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
    fc.asyncProperty(soup, fc.integer({ min: 1, max: 300 }), async (parts, size) => {
      const text = `<GIAMDINHHS>${parts.join('')}`;
      const things = await read(text);
      expect(await read(text, size)).toEqual(things);
      expect(things.filter(({ kind }) => kind === 'file')).toHaveLength(1);
      expect(things.at(-1)?.kind).toBe('file');
    }),
    { numRuns: runs },
  );
});

const raw = (type: string, content: string): string =>
  `<FILEHOSO><LOAIHOSO>${type}</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO>`;
const laboratory = (fields: Record<string, string>): string =>
  envelope(1, record(table('XML1', XML1), table('XML4', xml4(row({ ...glucose, ...fields })))));
const good = record(table('XML1', XML1), table('XML4', xml4(row(glucose))));

test.each(['&#60;0,5', '&#x3C;0,5', '&lt;0,5', '<![CDATA[<0,5]]>'])('%s is under 0.5', async (value) => {
  expect((await read(laboratory({ GIA_TRI: value })))[0]).toMatchObject({ value: 0.5, comparator: '<', text: '<0,5' });
});

test('what stands in CDATA is text, also where it looks like an entity, a character reference or a document type', async () => {
  const text = '&lt;5 &#60; &amp; <!DOCTYPE html><!ENTITY a "b">';
  const things = await read(laboratory({ GIA_TRI: '', MO_TA: `<![CDATA[${text}]]>` }));
  expect(things[0]).toMatchObject({ kind: 'report', text });
});

test('character references are characters, other entities stay as written, and nothing is decoded twice', async () => {
  const things = await read(laboratory({ GIA_TRI: '', MO_TA: 'a&#xD;&#10;&#x1EA3; &amp;#60; &nbsp; &#0; &#x110000;' }));
  expect(things[0]).toMatchObject({ text: 'a\r\nả &#60; &nbsp; &#0; &#x110000;' });
});

test('a table of many megabytes is read, inline or in base64', async () => {
  const text = 'x'.repeat(5_000_000);
  const things = await read(
    envelope(1, record(table('XML1', XML1), table('XML4', xml4(row({ ...glucose, GIA_TRI: '', MO_TA: text }))))),
    65_536,
  );
  expect(kinds(things)).toEqual(['report', 'file']);
  expect(things[0]).toMatchObject({ text });
});

test('base64 with line breaks written as character references, without its padding, is read', async () => {
  const content = Buffer.from(xml4(row(glucose)))
    .toString('base64')
    .replace(/=+$/, '')
    .replace(/(.{76})/g, '$1&#xD;\n');
  expect(kinds(await read(envelope(1, record(table('XML1', XML1), raw('XML4', content)))))).toEqual([
    'measurement',
    'file',
  ]);
});

test('a record that is not well-formed is told with its MA_LK where its XML1 is whole', async () => {
  const bad = `<HOSO>${table('XML1', XML1.replace('0001', '0007'))}<FILEHOSO><LOAIHOSO>XML4</HOSO>`;
  const withPrefix = bad.replace(/<(\/?)(?=FILEHOSO)/g, '<$1n:');
  const things = await read(envelope(4, good, bad, withPrefix, good));
  expect(kinds(things)).toEqual(['measurement', 'xml130.bad-xml', 'xml130.bad-xml', 'measurement', 'file']);
  expect(things[1]).toMatchObject({ record: '0007' });
  expect(things[2]).toMatchObject({ record: '0007' });
});

test.each(['<![CDATA[', '<!--', '<!DOCTYPE x [<!ENTITY a "b">]>'])(
  'a record broken by %s does not take the next one with it',
  async (broken) => {
    const things = await read(envelope(3, good, record(table('XML1', XML1.replace('0001', '0007')), broken), good), 97);
    expect(kinds(things).filter((kind) => kind === 'measurement')).toHaveLength(2);
    expect(things[1]).toMatchObject({ kind: 'rejected', record: '0007' });
    expect(things.at(-1)).toEqual({ kind: 'file', file: 'f.xml', declared: 3, records: 2 });
  },
);

test('the readable one of two XML1 says whose record it is', async () => {
  const things = await read(
    envelope(1, record(raw('XML1', '@@'), table('XML1', XML1), table('XML4', xml4(row(glucose))))),
  );
  expect(kinds(things)).toEqual(['xml130.bad-base64', 'measurement', 'file']);
});

test.each([
  ['XML4', '<CHITIEU_CHITIET_DICHVUCANLAMSANG />'],
  ['XML4', '<DSACH_CHI_TIET_CLS/>'],
  ['XML3', '<CHITIEU_CHITIET_DVKT_VTYT></CHITIEU_CHITIET_DVKT_VTYT>'],
])('an %s without rows, %s, is no fault', async (type, xml) => {
  expect(kinds(await read(envelope(1, record(table('XML1', XML1), table(type, xml)))))).toEqual(['file']);
});

test('a table that holds another table is refused', async () => {
  const things = await read(envelope(1, record(table('XML1', XML1), table('XML4', '<CHITIEU_CHITIET_DVKT_VTYT/>'))));
  expect(kinds(things)).toEqual(['xml130.wrong-table', 'file']);
});

const XRAY = `<DSACH_CHI_TIET_DVKT><CHI_TIET_DVKT><MA_DICH_VU>18.1</MA_DICH_VU><MA_NHOM>2</MA_NHOM></CHI_TIET_DVKT></DSACH_CHI_TIET_DVKT>`;

test('an imaging row keeps its report when a stray value stands beside it without a code', async () => {
  const fields = {
    ...glucose,
    MA_DICH_VU: '18.1',
    MA_CHI_SO: '',
    GIA_TRI: '.',
    MO_TA: 'Phổi sáng',
    KET_LUAN: 'Bình thường',
  };
  const things = await read(
    envelope(1, record(table('XML1', XML1), table('XML3', XRAY), table('XML4', xml4(row(fields))))),
  );
  expect(kinds(things)).toEqual(['xml130.missing-field', 'report', 'file']);
});

test('a field that stands twice with different contents, or holds elements, is not chosen from', async () => {
  const twice = (name: string, value: string): string =>
    row(glucose).replace(`<${name}>`, `<${name}>${value}</${name}><${name}>`);
  const rows = [
    twice('DON_VI_DO', 'mg/dL'),
    twice('GIA_TRI', '7'),
    row({ ...glucose, GIA_TRI: '5<b/>6' }),
    twice('GIA_TRI', '5,6'),
  ];
  const things = await read(envelope(1, record(table('XML1', XML1), table('XML4', xml4(...rows)))));
  expect(kinds(things)).toEqual([
    'xml130.unclear-field',
    'xml130.unclear-field',
    'xml130.unclear-field',
    'measurement',
    'file',
  ]);
});

test('a name with signs in it, or a whole file of it, harms nothing', async () => {
  for (const name of ['H-Hen Niê (A+B) [*] \\\\d/', 'An An', `a ${'b'.repeat(100_000)}`]) {
    const person = XML1.replace('<MA_BN>', `<HO_TEN>${name}</HO_TEN><MA_BN>`);
    const fields = { ...glucose, GIA_TRI: '', MO_TA: `Gan anh; ${name}.` };
    const [report] = await read(envelope(1, record(table('XML1', person), table('XML4', xml4(row(fields))))));
    expect(report).toMatchObject({ text: name.length > 200 ? fields.MO_TA : 'Gan anh; ***.' });
  }
});

test('no name is told: not from a report, not from a field that stands where a number belongs', async () => {
  const name = 'NGUYỄN VĂN MẬT';
  const person = XML1.replace('<MA_BN>', `<HO_TEN><![CDATA[${name}]]></HO_TEN><MA_BN>`);
  const things = await read(
    envelope(
      1,
      record(
        table('XML1', person),
        table(name, '<A/>'),
        table(
          'XML4',
          xml4(
            row({ ...glucose, STT: name, NGAY_KQ: name }),
            row({ ...glucose, GIA_TRI: '', MO_TA: `Họ tên: Nguyễn  Văn Mật, chụp phổi`, KET_LUAN: name }),
          ),
        ),
      ),
    ),
  );
  expect(kinds(things)).toEqual(['skipped', 'xml130.bad-time', 'report', 'file']);
  expect(JSON.stringify(things)).not.toMatch(/mật/i);
  expect(things[2]).toMatchObject({ text: 'Họ tên: ***, chụp phổi', conclusion: '***' });
});

test.each([
  ['<SOLUONGHOSO xmlns="urn:x">3</SOLUONGHOSO>', 3],
  ['<SOLUONGHOSO><!-- all -->3</SOLUONGHOSO>', 3],
  ['<!-- <SOLUONGHOSO>9</SOLUONGHOSO> -->', null],
  ['<SOLUONGHOSO></SOLUONGHOSO>', null],
  ['<SOLUONGHOSO>ba</SOLUONGHOSO>', null],
])('%s declares %s', async (count, declared) => {
  const things = await read(envelope(1, good).replace('<SOLUONGHOSO>1</SOLUONGHOSO>', count));
  expect(things.at(-1)).toMatchObject({ declared });
});

test('a file that is cut between records and declares no count says that it is cut', async () => {
  const uncounted = envelope(1, good).replace('<SOLUONGHOSO>1</SOLUONGHOSO>', '');
  expect((await read(uncounted)).at(-1)).not.toHaveProperty('reason');
  expect((await read(uncounted.replace('</GIAMDINHHS>', ''))).at(-1)).toMatchObject({
    records: 1,
    reason: 'the file ends before GIAMDINHHS does',
  });
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
