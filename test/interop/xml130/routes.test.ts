import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { type Server, createServer } from '#http/server.ts';
import { loadIndicators } from '#interop/xml130/read/indicators.ts';
import { xml130Routes } from '#interop/xml130/routes.ts';
import { systemClock } from '#kernel/clock.ts';
import { type Store, openStore } from '#store/store.ts';

const base64 = (xml: string): string => Buffer.from(xml).toString('base64');
const file = (type: string, xml: string): string =>
  `<FILEHOSO><LOAIHOSO>${type}</LOAIHOSO><NOIDUNGFILE>${base64(xml)}</NOIDUNGFILE></FILEHOSO>`;
const lab = (fields: Record<string, string>): string =>
  `<CHI_TIET_CLS>${Object.entries({
    MA_LK: 'L1',
    MA_CHI_SO: '1010001',
    GIA_TRI: '5,6',
    DON_VI_DO: 'mmol/L',
    NGAY_KQ: '202611220925',
    ...fields,
  })
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</CHI_TIET_CLS>`;
const claim = (patient: string, ...rows: string[]): string =>
  `<GIAMDINHHS><SOLUONGHOSO>1</SOLUONGHOSO><HOSO>${file('XML1', `<TONG_HOP><MA_LK>L1</MA_LK><MA_BN>${patient}</MA_BN></TONG_HOP>`)}${file('XML4', `<DSACH_CHI_TIET_CLS>${rows.join('')}</DSACH_CHI_TIET_CLS>`)}</HOSO></GIAMDINHHS>`;
const CLAIM = claim('P1', lab({}));

let store: Store;
let app: Server;
beforeAll(async () => {
  store = await openStore({ dataDir: mkdtempSync(join(tmpdir(), 'haidang-xml130-')), clock: systemClock });
  app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  await app.register(xml130Routes, { indicators: loadIndicators(), facility: (id: string) => store.facility(id) });
});
afterAll(async () => {
  await app.close();
  await store.close();
});

const post = (body: string, query = '') =>
  app.inject({
    method: 'POST',
    url: `/v1/import/xml130${query}`,
    headers: { 'content-type': 'application/xml' },
    payload: body,
  });

test('a claim file is answered with one line per thing, and its measurement is stored once however often it comes', async () => {
  const dry = await post(CLAIM, '?dryRun=true');
  const { measurements } = await store.facility('local');
  expect(await measurements.ofPatient('P1')).toEqual([]);
  const first = await post(CLAIM);
  const again = await post(CLAIM);
  expect([dry.statusCode, first.statusCode, again.statusCode]).toEqual([200, 200, 200]);
  const kinds = first.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind);
  expect(kinds).toEqual(['measurement', 'file']);
  expect(dry.body).toBe(first.body);
  expect(await measurements.ofPatient('P1')).toMatchObject([
    { code: '2345-7', value: 5.6, unit: 'mmol/L', recordId: 'L1' },
  ]);
});

test('what is no claim file is refused with code, field and reason, and nothing is stored', async () => {
  const answer = await post('<html></html>');
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({ code: 'xml130.not-a-claim-file', field: 'body' });
});

test('an unknown query field is refused by name', async () => {
  const answer = await post(CLAIM, '?dry=true');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ field: 'dry' });
});

const valuesOf = async (patient: string): Promise<unknown[]> =>
  (await (await store.facility('local')).measurements.ofPatient(patient)).map(({ value }) => value).toSorted();

test('a corrected file takes the place of what the first one said; a row that it no longer has is withdrawn', async () => {
  const other = lab({ MA_CHI_SO: '1000001', GIA_TRI: '4.5', DON_VI_DO: 'T/L' });
  const report = (text: string): string => lab({ MA_DICH_VU: '18.1', GIA_TRI: '', MO_TA: text, KET_LUAN: 'k' });
  await post(claim('P2', lab({}), other, report('a')));
  await post(claim('P2', lab({ GIA_TRI: '6,5' }), report('b')));
  expect(await valuesOf('P2')).toEqual([6.5]);
  const { measurements } = await store.facility('local');
  expect((await measurements.reportsOfPatient('P2')).map(({ text }) => text)).toEqual(['b']);
  await post(claim('P2', lab({}), other));
  expect(await valuesOf('P2')).toEqual([4.5, 5.6]);
});

test('a file with a row that cannot be read withdraws no other', async () => {
  const other = lab({ MA_CHI_SO: '1000001', GIA_TRI: '4.5', DON_VI_DO: 'T/L' });
  await post(claim('P2B', lab({}), other));
  await post(claim('P2B', lab({ GIA_TRI: '6,5' }), lab({ MA_CHI_SO: '', GIA_TRI: '7' })));
  expect(await valuesOf('P2B')).toEqual([4.5, 6.5]);
  await post(claim('P2B', lab({ GIA_TRI: '6,5' })));
  expect(await valuesOf('P2B')).toEqual([6.5]);
});

test('two results of one code and minute in one record are both kept, the same row twice is one', async () => {
  await post(claim('P3', lab({}), lab({ GIA_TRI: '7' }), lab({})));
  await post(claim('P3', lab({}), lab({ GIA_TRI: '7' }), lab({})));
  expect(await valuesOf('P3')).toEqual([5.6, 7]);
});

test('rows beyond one transaction of a record are no correction of those before them', async () => {
  const rows = Array.from({ length: 1_200 }, (_, at) => lab({ GIA_TRI: String(at) }));
  await post(claim('P4', ...rows));
  expect(await valuesOf('P4')).toHaveLength(1_000);
  expect(await (await store.facility('local')).measurements.ofPatient('P4', { limit: 2_000 })).toHaveLength(1_200);
});

test('the same MA_LK with another patient is another result', async () => {
  await post(claim('P5', lab({})));
  await post(claim('P6', lab({})));
  expect([await valuesOf('P5'), await valuesOf('P6')]).toEqual([[5.6], [5.6]]);
});

test('a code that no table knows is kept as the sender’s own, even where it looks like a LOINC code', async () => {
  await post(claim('P7', lab({ MA_CHI_SO: '2160-0' })));
  const { measurements } = await store.facility('local');
  expect((await measurements.ofPatient('P7')).map(({ code }) => code)).toEqual(['ma-chi-so:2160-0']);
  expect(await measurements.ofPatient('P7', { codes: ['2160-0'] })).toEqual([]);
});

test('identifiers longer than a key can be are refused, and the other rows are stored', async () => {
  const long = '8'.repeat(5_000);
  const answer = await post(claim('P8', lab({ MA_CHI_SO: long }), lab({})));
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('"code":"xml130.field-too-long"');
  expect(await valuesOf('P8')).toEqual([5.6]);
  expect((await post(claim(long, lab({})))).body).toContain('"code":"xml130.field-too-long"');
});

test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'image/png'])(
  'a body of type %s is refused with 415',
  async (type) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/import/xml130',
      headers: { 'content-type': type },
      payload: type === 'application/json' ? '{}' : CLAIM,
    });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'http.wrong-media-type' });
  },
);

test('a body announced as too large is refused before it is read', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/import/xml130',
    headers: { 'content-type': 'application/xml', 'content-length': String(257 * 1024 * 1024) },
    payload: CLAIM,
  });
  expect(answer.statusCode).toBe(413);
  expect(answer.json()).toMatchObject({ code: 'xml130.file-too-large', field: 'body' });
});

test.each([
  ['<!DOCTYPE x>', 'xml130.doctype-refused', 'DOCTYPE'],
  ['', 'xml130.not-a-claim-file', 'body'],
  ['<GIAMDINHHS></GIAMDINHHS>', 'xml130.not-a-claim-file', 'body'],
])('%j is refused as %s', async (body, code, field) => {
  const answer = await post(body);
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({ code, field });
});

test('the diagnoses of a record are kept with their system and its admission, and a record sent again takes back what it no longer names', async () => {
  const withDiagnoses = (fields: string): string =>
    `<GIAMDINHHS><SOLUONGHOSO>1</SOLUONGHOSO><HOSO>${file('XML1', `<TONG_HOP><MA_LK>L1</MA_LK><MA_BN>P-ICD</MA_BN>${fields}</TONG_HOP>`)}</HOSO></GIAMDINHHS>`;
  const diagnoses = async () =>
    (await (await store.facility('local')).measurements.ofPatient('P-ICD'))
      .map(({ code, system, value, time, recordId }) => [code, system, value, time, recordId])
      .toSorted();
  const admitted = '<NGAY_VAO>202611200815</NGAY_VAO>';
  const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
  const first = await post(
    withDiagnoses(`<MA_BENH_CHINH>J18.9</MA_BENH_CHINH><MA_BENH_KT>E11.9; I63.9;</MA_BENH_KT>${admitted}`),
  );
  // A contract fixes the lines: results, and the file.
  expect(first.body.trim().split('\n')).toHaveLength(1);
  expect(await diagnoses()).toEqual(
    ['E11.9', 'I63.9', 'J18.9'].map((code) => [code, ICD10, true, '2026-11-20T08:15:00+07:00', 'L1']),
  );
  // QĐ 4210 names the fields otherwise.
  await post(withDiagnoses(`<MA_BENH>J18.9</MA_BENH><MA_BENHKHAC>E11.9</MA_BENHKHAC>${admitted}`));
  expect((await diagnoses()).map(([code]) => code)).toEqual(['E11.9', 'J18.9']);
});
