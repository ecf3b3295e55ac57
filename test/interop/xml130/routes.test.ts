import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '#http/metrics.ts';
import { type Server, createServer } from '#http/server.ts';
import { loadIndicators } from '#interop/xml130/indicators.ts';
import { xml130Routes } from '#interop/xml130/routes.ts';
import { systemClock } from '#kernel/clock.ts';
import { type Store, openStore } from '#store/store.ts';

const base64 = (xml: string): string => Buffer.from(xml).toString('base64');
const file = (type: string, xml: string): string =>
  `<FILEHOSO><LOAIHOSO>${type}</LOAIHOSO><NOIDUNGFILE>${base64(xml)}</NOIDUNGFILE></FILEHOSO>`;
const LAB =
  '<CHI_TIET_CLS><MA_LK>L1</MA_LK><MA_CHI_SO>1010001</MA_CHI_SO><GIA_TRI>5,6</GIA_TRI><DON_VI_DO>mmol/L</DON_VI_DO><NGAY_KQ>202611220925</NGAY_KQ></CHI_TIET_CLS>';
const CLAIM = `<GIAMDINHHS><SOLUONGHOSO>1</SOLUONGHOSO><HOSO>${file('XML1', '<TONG_HOP><MA_LK>L1</MA_LK><MA_BN>P1</MA_BN></TONG_HOP>')}${file('XML4', `<DSACH_CHI_TIET_CLS>${LAB}</DSACH_CHI_TIET_CLS>`)}</HOSO></GIAMDINHHS>`;

let store: Store;
let app: Server;
beforeAll(async () => {
  store = await openStore({ dataDir: mkdtempSync(join(tmpdir(), 'haidang-xml130-')), clock: systemClock });
  app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
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
