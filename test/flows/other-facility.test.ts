// Every route that names a row, asked by a person of another facility who holds every role: the answer is the one for a row that nobody has, and nothing
// of the row is changed. The routes come from the service itself: one that is not placed here, in one list or the other, fails the test.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ROLES } from '#access/roles.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { openTokens } from '#access/tokens.ts';
import { createClient } from '#client/client.ts';
import type { RouteScope } from '#http/route-scopes.ts';
import { newWebhookSecret } from '#interop/webhooks/sign.ts';
import { systemClock } from '#kernel/clock.ts';
import { allRoutes } from '../../scripts/access-document.ts';
import { filmDicom } from '../fixtures/film.ts';
import { modelsFolder, openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

/** Names of rows of the facility `local`. */
type Names = Readonly<
  Record<
    | 'study'
    | 'series'
    | 'instance'
    | 'reading'
    | 'alert'
    | 'patient'
    | 'login'
    | 'key'
    | 'message'
    | 'grant'
    | 'subscription'
    | 'finding',
    string
  >
>;
type Row = keyof Names;

const OTHER = 'khoa-b';
const PATIENT = 'BN-CUA-LOCAL';

/** What stands for each parameter; a word of `Names` is the row's own name, anything else stands as it is. */
type Values = Readonly<Record<string, Row | `=${string}`>>;
const DICOM: Values = { study: 'study', series: 'series', instance: 'instance', frames: '=1', tag: '=7FE00010' };

/** The beginning of an address → its parameters. The longest beginning counts. */
const ROWS: readonly (readonly [start: string, values: Values])[] = [
  ['/dicomweb/studies/', DICOM],
  ['/fhir/Patient/:id/', { id: 'patient' }],
  ['/fhir/Subscription/:id', { id: 'subscription' }],
  ['/v1/accounts/', { login: 'login' }],
  ['/v1/admin/replay/', { id: 'reading' }],
  ['/v1/alerts/', { id: 'alert' }],
  ['/v1/emergency-access/', { facility: `=${OTHER}`, id: 'grant' }],
  ['/v1/images/', { uid: 'instance' }],
  ['/v1/keys/', { id: 'key' }],
  ['/v1/outbox/', { id: 'message' }],
  ['/v1/readings/', { id: 'reading', finding: 'finding' }],
  ['/v1/risk/assessments/', { patientCode: 'patient' }],
  ['/v1/risk/series/', { patientCode: 'patient' }],
  ['/v1/studies/', { uid: 'study', finding: 'finding' }],
];

/** Records that FHIR shows by id. */
const FHIR: readonly (readonly [type: string, row: Row])[] = [
  ['DiagnosticReport', 'reading'],
  ['DetectedIssue', 'alert'],
  ['ImagingStudy', 'study'],
];

/** Routes whose parameter names no row of a facility, with the reason. */
const NO_ROW: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/ \/cds-services\/:id/, 'names a service of CDS Hooks'],
  [/^POST \/dicomweb\/studies\/:study$/, 'stores into the caller’s own facility'],
  [/ \/(docs|static|ohif)\//, 'a file of the program'],
  [/^GET \/(patients|studies)\/:/, 'a page without data; it asks /v1'],
  [/ \/(health|v1|v2)\/models\//, 'names a model'],
  [/^GET \/fhir\/\*$/, 'what FHIR does not have'],
  [/ \/fhir\/:type(\/_search)?$/, 'names a type; what its lists hold is asked below'],
  [/^(DELETE|PATCH|POST|PUT) \/fhir\/:type\/:id$/, 'not offered, whatever is named'],
];

/** Bodies with which the owner is heard. */
const BODIES: readonly (readonly [pattern: RegExp, body: object])[] = [
  [/override$/, { reasonCode: 'already-treated' }],
  [/^POST \/v1\/alerts\//, {}],
  [/^PUT \/v1\/studies\/:uid\/opinions/, { present: true }],
];

/** It wants nothing, so its messages are dead at once and may be sent again. */
const receiver = createServer((request, response) => {
  request.resume();
  response.writeHead(400).end();
});
const models = modelsFolder();
const EQUATION = 'risk-who_cvd_2019_nonlab_sea';
let service: TestService;
let names: Names;
/** Of the same forms, of nothing. */
let invented: Names;
let [owner, stranger] = ['', ''];

const routes = (await allRoutes()).filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS');
const named = routes.filter(({ url }) => /[:*]/.test(url));
const labelOf = ({ method, url }: RouteScope): string => `${method} ${url}`;
const isNoRow = (route: RouteScope): boolean => NO_ROW.some(([pattern]) => pattern.test(labelOf(route)));
const valuesOf = ({ url }: RouteScope): Values | undefined => ROWS.find(([start]) => url.startsWith(start))?.[1];

interface Question {
  readonly label: string;
  readonly method: string;
  readonly path: (of: Names) => string;
}

const pathOf = (url: string, values: Values) => (of: Names) =>
  url.replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${url}: nothing stands for ${name}`);
    return encodeURIComponent(value.startsWith('=') ? value.slice(1) : of[value as Row]);
  });

const questions: readonly Question[] = [
  ...named
    .filter((route) => !isNoRow(route))
    .flatMap((route) => {
      const { method, url } = route;
      if (url === '/fhir/:type/:id')
        return FHIR.map(([type, row]) => ({
          label: `${method} /fhir/${type}/:id`,
          method,
          path: (of: Names) => `/fhir/${type}/${of[row]}`,
        }));
      return [{ label: labelOf(route), method, path: pathOf(url, valuesOf(route) ?? {}) }];
    }),
  ...FHIR.map(([type]) => ({
    label: `GET /fhir/${type}?patient`,
    method: 'GET',
    path: ({ patient }: Names) => `/fhir/${type}?patient=${patient}`,
  })),
];
const reads = questions.filter(({ method }) => method === 'GET');
/** What takes a row away comes last. */
const writes = questions
  .filter(({ method }) => method !== 'GET')
  .toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));

async function ask(token: string, { method, path, label }: Question, of: Names) {
  const body = BODIES.find(([pattern]) => pattern.test(label))?.[1];
  const answer = await fetch(`${service.address}${path(of)}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Without what differs between two answers of the same meaning. */
function plain({ status, text }: { readonly status: number; readonly text: string }, of: Names) {
  const withoutNames = Object.values(of)
    .toSorted((a, b) => b.length - a.length)
    .reduce((all, name) => all.replaceAll(name, '…').replaceAll(encodeURIComponent(name), '…'), text);
  const said = withoutNames
    .replaceAll(/"requestId":"[^"]*"/g, '')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})/g, 'time');
  return { status, said };
}

const outbox = z.looseObject({ messages: z.array(z.looseObject({ id: z.string(), state: z.string() })) });

async function openNames(): Promise<Names> {
  const client = createClient({ baseUrl: service.address, token: owner });
  const bytes = Uint8Array.from(await filmDicom({ study: 'other-facility', patient: PATIENT }));
  const [study = ''] = (await client.upload([{ name: 'film.dcm', bytes }])).studies;
  const read = await client.waitUntilRead(study, { until: 'maps-checked' });
  const json = async (path: string, body?: object) => {
    const answer = await fetch(`${service.address}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return z.looseObject({}).parse(await answer.json());
  };
  const dicom = await fetch(`${service.address}/dicomweb/studies/${study}/instances`, {
    headers: { authorization: `Bearer ${owner}` },
  });
  const [instance] = z
    .array(z.record(z.string(), z.looseObject({ Value: z.array(z.unknown()).optional() })))
    .parse(await dicom.json());
  const [alert] = (await client.v1.listAlerts({})).data;
  const message = await vi.waitFor(
    async () => {
      const { messages } = outbox.parse(await json('/v1/outbox'));
      const dead = messages.find(({ state }) => state === 'dead');
      if (dead === undefined) throw new Error('no message is dead yet');
      return dead;
    },
    { timeout: 30_000, interval: 100 },
  );
  const subscription = await json('/fhir/Subscription', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'test',
    criteria: 'DetectedIssue?status=preliminary',
    channel: { type: 'rest-hook', endpoint: 'https://his.example/hooks' },
  });
  await json('/v1/accounts', { login: 'bs.cua-local', role: 'nurse' });
  const key = await json('/v1/keys', { name: 'pacs', role: 'his' });
  const grant = await json('/v1/emergency-access', {
    facility: OTHER,
    patientCode: 'BN1',
    reason: 'A test of the other facility',
  });
  await json('/v1/risk/assess', {
    patient: { code: PATIENT, sex: 'male', ageYears: 62 },
    measurements: [
      { code: 'sbp', value: 150, unit: 'mmHg' },
      { code: 'smoker', value: true },
      { code: 'bmi', value: 24, unit: 'kg/m2' },
    ],
    equations: ['who_cvd_2019_nonlab_sea'],
    keep: true,
  });
  const finding = read.reading?.findings.find(({ heatmap }) => heatmap !== null)?.code;
  await fetch(`${service.address}/v1/studies/${study}/opinions/${finding}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
    body: JSON.stringify({ present: true }),
  });
  return {
    study,
    series: String(instance?.['0020000E']?.Value?.[0]),
    instance: String(instance?.['00080018']?.Value?.[0]),
    reading: read.reading?.id ?? '',
    alert: alert?.id ?? '',
    patient: PATIENT,
    login: 'bs.cua-local',
    key: /^hdk_([^_]+)_/.exec(String(key['key']))?.[1] ?? '',
    message: message.id,
    grant: String(grant['id']),
    subscription: String(subscription['id']),
    finding: finding ?? '',
  };
}

beforeAll(async () => {
  cpSync(`models/${EQUATION}`, `${models}/${EQUATION}`, { recursive: true });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  service = await openTestService(
    undefined,
    {
      webhooks: [{ id: 'his', url, secrets: [newWebhookSecret()] }],
      fhir: { subscribers: ['https://his.example'] },
    },
    { HAIDANG_ACCESS: 'login', HAIDANG_MODELS_DIR: models },
  );
  const tokens = await openTokens(await tokenKeyInFolder(service.dataDir), systemClock);
  const tokenIn = (facilityId: string) =>
    tokens.issue({ actor: `moi-vai-tro.${facilityId}`, roles: [...ROLES], facilityId, seconds: 3_000 });
  [owner, stranger] = [await tokenIn('local'), await tokenIn(OTHER)];
  await fetch(`${service.address}/v1/worklist`, { headers: { authorization: `Bearer ${stranger}` } });
  names = await openNames();
  invented = {
    ...Object.fromEntries(Object.keys(names).map((name) => [name, randomUUID()])),
    study: '2.25.1',
    series: '2.25.2',
    instance: '2.25.3',
    patient: 'BN-KHONG-CO',
    login: 'khong.co',
    key: '0123456789ab',
    finding: names.finding,
  } as Names;
});
afterAll(async () => {
  await service.close();
  receiver.close();
  rmSync(models, { recursive: true });
});

test('every route with a parameter is placed, and no place stands for nothing', () => {
  expect(
    named.filter((route) => !isNoRow(route) && route.url !== '/fhir/:type/:id' && valuesOf(route) === undefined),
  ).toEqual([]);
  const labels = named.map(labelOf);
  expect(NO_ROW.filter(([pattern]) => !labels.some((label) => pattern.test(label)))).toEqual([]);
  expect(ROWS.filter(([start]) => !named.some(({ url }) => url.startsWith(start)))).toEqual([]);
  expect(Object.values(names).filter((name) => name === '' || name === 'undefined')).toEqual([]);
});

/** Taking away what is not there is done already. */
const IS_DONE_ALREADY = new Set(['DELETE /v1/studies/:uid/opinions/:finding', 'DELETE /fhir/Subscription/:id']);

describe('another facility', () => {
  const seen = new Map<string, ReturnType<typeof plain>>();
  const refused = new Map<string, number>();

  test('no list names a row', async () => {
    // An emergency access stands in the trails of both facilities.
    const { finding: _, series: __, grant: ___, ...secret } = names;
    const lists = routes.filter(({ method, url, scope }) => method === 'GET' && !/[:*]/.test(url) && scope !== 'link');
    expect(lists.length).toBeGreaterThan(40);
    for (const route of lists) {
      // It never ends; the worklist itself is asked.
      if (route.url === '/v1/worklist/events') continue;
      const { text } = await ask(stranger, { label: labelOf(route), method: 'GET', path: () => route.url }, names);
      expect([route.url, Object.values(secret).filter((name) => text.includes(name))]).toEqual([route.url, []]);
    }
  });

  test.each(reads.map((question) => [question.label, question] as const))('%s', async (_, question) => {
    const [theirs, nothing, own] = [
      plain(await ask(stranger, question, names), names),
      plain(await ask(stranger, question, invented), invented),
      plain(await ask(owner, question, names), names),
    ];
    expect(theirs).toEqual(nothing);
    // Else the question shows nothing.
    expect(own).not.toEqual(theirs);
    seen.set(question.label, own);
  });

  test.each(writes.map((question) => [question.label, question] as const))('%s', async (_, question) => {
    const theirs = plain(await ask(stranger, question, names), names);
    expect(theirs).toEqual(plain(await ask(stranger, question, invented), invented));
    const isRefused = theirs.status >= 400 && theirs.status < 500;
    expect(isRefused || IS_DONE_ALREADY.has(question.label)).toBe(true);
    refused.set(question.label, theirs.status);
  });

  test('has changed nothing', async () => {
    for (const question of reads)
      expect([question.label, plain(await ask(owner, question, names), names)]).toEqual([
        question.label,
        seen.get(question.label),
      ]);
  });

  test.each(writes.map((question) => [question.label, question] as const))(
    '%s does something for its owner',
    async (_, question) => {
      const { status } = await ask(owner, question, names);
      expect(status !== refused.get(question.label) || IS_DONE_ALREADY.has(question.label)).toBe(true);
    },
  );
});
