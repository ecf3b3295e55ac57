// The CapabilityStatement against the server: what it declares works, and what it does not declare is refused.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, PUBLIC_URL, type Site } from './site.ts';

/** JSON as it came. */
type Json = ReturnType<typeof JSON.parse>;

/** Search and result parameters of R4 for these types: every one that is not declared must be refused where strictness is asked for. */
const R4_NAMES = [
  'patient',
  'subject',
  'identifier',
  'date',
  'identified',
  'started',
  'when',
  'recorded',
  'status',
  'code',
  'category',
  'encounter',
  'performer',
  'author',
  'agent',
  'entity',
  'target',
  'model',
  'type',
  'device',
  'derived-from',
  'result',
  'value-quantity',
  'component-code',
  'condition',
  'method',
  'probability',
  'risk',
  'implicated',
  'basedon',
  'based-on',
  'bodysite',
  'dicom-class',
  'endpoint',
  'instance',
  'modality',
  'reason',
  'series',
  'issued',
  'conclusion',
  'media',
  'specimen',
  'results-interpreter',
  'location',
  'signature-type',
  'device-name',
  'manufacturer',
  'udi-di',
  'url',
  'action',
  'address',
  'altid',
  'outcome',
  'policy',
  'site',
  'source',
  'subtype',
  'criteria',
  'contact',
  'payload',
  '_tag',
  '_security',
  '_profile',
  '_text',
  '_content',
  '_list',
  '_has',
  '_contained',
  '_filter',
  '_query',
];

describe('the CapabilityStatement', () => {
  let site: Site;
  let types: { type: string; searchParam: { name: string; type: string }[]; interaction: { code: string }[] }[] = [];
  const declared = new Map<string, Json>();

  async function call(url: string, headers: Record<string, string> = {}): Promise<{ status: number; json: Json }> {
    const reply = await site.app.inject({ method: 'GET', url, headers: { 'accept-language': 'en', ...headers } });
    return { status: reply.statusCode, json: JSON.parse(reply.body) };
  }
  const get = async (url: string): Promise<Json> => {
    const { status, json } = await call(url, { prefer: 'handling=strict' });
    expect(status, `${url} ${JSON.stringify(json).slice(0, 400)}`).toBe(200);
    return json;
  };
  const of = (bundle: Json, mode: string): Json[] =>
    (bundle.entry ?? []).filter((one: Json) => one.search.mode === mode).map((one: Json) => one.resource);
  const idsOf = (bundle: Json): string[] => of(bundle, 'match').map(({ id }) => id);

  beforeAll(async () => {
    site = await openSite('embedded');
    const payload = JSON.stringify({
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'Notify the HIS',
      criteria: 'DetectedIssue?status=preliminary',
      channel: { type: 'rest-hook', endpoint: 'https://his.benhvien.example/hooks' },
    });
    const headers = { 'content-type': 'application/fhir+json' };
    await site.app.inject({ method: 'POST', url: '/fhir/Subscription', headers, payload });
    // Patient has an operation and no resource of its own.
    types = (await call('/fhir/metadata')).json.rest[0].resource.filter(
      ({ interaction }: Json) => interaction !== undefined,
    );
    for (const one of types) declared.set(one.type, one);
  }, 600_000);
  afterAll(() => site.close());

  /** A value that the first resource has, and one that none has. */
  function samplesOf(resource: Json, { name, type }: { name: string; type: string }): [string, string] {
    if (name === '_id') return [resource.id, 'nobody'];
    if (type === 'date') return ['ge2020', 'ge2090'];
    switch (name) {
      case 'patient':
      case 'subject':
        return ['BN-1', 'BN-nobody'];
      case 'identifier':
        return [encodeURIComponent(resource.identifier[0].value), '00000000-0000-4000-8000-000000000099'];
      case 'status':
        return [resource.status, 'final'];
      case 'code':
        return [resource.code.coding[0].code, 'nothing'];
      case 'target':
        return [resource.target[0].reference, 'RiskAssessment/00000000-0000-4000-8000-000000000099'];
      case 'agent':
        return [resource.agent[0].who.identifier.value, 'nobody'];
      case 'entity':
        return [resource.entity[0].what.reference, 'DetectedIssue/00000000-0000-4000-8000-000000000099'];
      case 'model':
        return ['cxr', 'nothing'];
      default:
        throw new Error(`no sample for ${name}: a new parameter needs one here`);
    }
  }

  test('every declared search parameter finds what has the value and nothing else', async () => {
    for (const { type, searchParam } of types) {
      const all = of(await get(`/fhir/${type}?_count=200`), 'match');
      expect(all.length, type).toBeGreaterThan(0);
      for (const parameter of searchParam) {
        const fits = all.find(
          (one: Json) => parameter.name !== 'entity' || one.entity[0].what.reference?.includes('/'),
        );
        const [there, absent] = samplesOf(fits, parameter);
        expect(
          idsOf(await get(`/fhir/${type}?${parameter.name}=${there}&_count=200`)),
          `${type} ${parameter.name}`,
        ).not.toEqual([]);
        expect(idsOf(await get(`/fhir/${type}?${parameter.name}=${absent}`)), `${type} ${parameter.name}`).toEqual([]);
      }
    }
  });

  test('every other parameter is refused when strict; when lenient it is named and absent from the self link', async () => {
    for (const { type, searchParam } of types) {
      const known = new Set(searchParam.map(({ name }) => name));
      for (const name of R4_NAMES.filter((one) => !known.has(one))) {
        const url = `/fhir/${type}?${name}=x`;
        const { status, json } = await call(url, { prefer: 'handling=strict' });
        expect(status, url).toBe(400);
        expect(json.issue[0].expression, url).toEqual([name]);
      }
      const { status, json } = await call(`/fhir/${type}?_contained=true&_count=7`);
      expect(status).toBe(200);
      expect(json.link[0]).toEqual({ relation: 'self', url: `${PUBLIC_URL}/fhir/${type}?_count=7` });
      expect(of(json, 'outcome')[0].issue[0].details.text).toContain('_contained=true');
    }
  });

  test('what is declared to be included comes, once, marked as included; nothing else does', async () => {
    for (const [type, { searchInclude = [], searchRevInclude = [] }] of declared) {
      for (const value of searchInclude) {
        // The newest entries of the audit are these searches themselves.
        const oldest = type === 'AuditEvent' ? '&_sort=date' : '';
        const bundle = await get(`/fhir/${type}?_include=${value}&_count=200${oldest}`);
        const included = of(bundle, 'include');
        expect(included.length, value).toBeGreaterThan(0);
        const matches = JSON.stringify(of(bundle, 'match'));
        for (const { resourceType, id } of included) expect(matches, value).toContain(`${resourceType}/${id}`);
        const seen = bundle.entry.map((one: Json) => one.fullUrl);
        expect(new Set(seen).size).toBe(seen.length);
      }
      for (const value of searchRevInclude) {
        const bundle = await get(`/fhir/${type}?_revinclude=${value}&_count=200`);
        const included = of(bundle, 'include');
        expect(included.length, value).toBeGreaterThan(0);
        const targets = new Set(included.flatMap((one) => one.target.map((target: Json) => target.reference)));
        for (const id of idsOf(bundle)) expect([...targets]).toContain(`${type}/${id}`);
      }
      for (const other of ['Patient:link', `${type}:subject`, `${type}:nothing`, 'DetectedIssue']) {
        const { status } = await call(`/fhir/${type}?_include=${other}`, { prefer: 'handling=strict' });
        expect(status, `${type} ${other}`).toBe(400);
      }
      const { status } = await call(`/fhir/${type}?_revinclude=Provenance:target`, { prefer: 'handling=strict' });
      expect(status, type).toBe(searchRevInclude.length === 0 ? 400 : 200);
    }
    const report = await get(`/fhir/DiagnosticReport?_id=${site.reading.id}&_include=*&_revinclude=Provenance:target`);
    const kinds = of(report, 'include').map(({ resourceType }) => resourceType);
    // The reading of the site has two findings.
    expect(kinds.sort()).toEqual(['Observation', 'Observation', 'Provenance']);
  });

  test('a part of a resource holds what R4 demands and what was asked for, and says that it is a part', async () => {
    const whole = (await get(`/fhir/DiagnosticReport/${site.reading.id}`)) as Json;
    const partsBy = async (query: string): Promise<Json[]> => [
      of(await get(`/fhir/DiagnosticReport?_id=${whole.id}&${query}`), 'match')[0],
      await get(`/fhir/DiagnosticReport/${whole.id}?${query}`),
    ];
    const always = ['resourceType', 'id', 'meta', 'status', 'code'];
    const expected: readonly [string, readonly string[]][] = [
      ['_elements=conclusion,effective', ['conclusion', 'effectiveDateTime']],
      ['_summary=true', ['identifier', 'category', 'subject', 'effectiveDateTime', 'issued']],
      ['_summary=text', []],
      ['_summary=data', Object.keys(whole)],
    ];
    for (const [query, elements] of expected) {
      for (const part of await partsBy(query)) {
        expect(new Set(Object.keys(part)), query).toEqual(new Set([...always, ...elements]));
        expect(part.meta).toMatchObject({ ...whole.meta, tag: [{ code: 'SUBSETTED' }] });
      }
    }
    for (const part of await partsBy('_summary=false')) expect(part).toEqual(whole);
    for (const { type } of types) {
      for (const part of of(await get(`/fhir/${type}?_summary=true&_count=200`), 'match')) {
        expect(part.resourceType).toBe(type);
      }
    }
    const { entry } = await get('/fhir/DiagnosticReport?_elements=status&_include=DiagnosticReport:result');
    const included = entry.find((one: Json) => one.search.mode === 'include').resource;
    expect(included).toHaveProperty('valueQuantity');
    for (const query of ['_summary=some', '_elements=', '_elements=a.b']) {
      const url = `/fhir/DiagnosticReport?${query}`;
      expect((await call(url, { prefer: 'handling=strict' })).status, url).toBe(400);
    }
  });

  test('counting gives the number of all pages, without entries', async () => {
    for (const { type } of types) {
      const all = idsOf(await get(`/fhir/${type}?_count=200`));
      for (const query of ['_summary=count', '_count=0', '_summary=count&_count=1']) {
        const counted = await get(`/fhir/${type}?${query}`);
        expect(counted, `${type} ${query}`).toMatchObject({ type: 'searchset', total: all.length });
        expect(counted.entry).toBeUndefined();
        expect(counted.link.map((one: Json) => one.relation)).toEqual(['self']);
      }
      const page = await get(`/fhir/${type}?_total=accurate&_count=1`);
      expect([page.total, page.entry.length]).toEqual([all.length, 1]);
      expect((await get(`/fhir/${type}?_total=estimate&_count=1`)).total).toBe(all.length);
      expect((await get(`/fhir/${type}?_count=1`)).total).toBeUndefined();
    }
    expect((await get(`/fhir/Observation?_id=${site.reading.id}.Mass,nobody&_summary=count`)).total).toBe(1);
    expect((await get('/fhir/DetectedIssue?patient=BN-nobody&_summary=count')).total).toBe(0);
  });

  const momentOf = (resource: Json, name: string): string =>
    name === '_lastUpdated'
      ? resource.meta.lastUpdated
      : (resource.effectiveDateTime ??
        resource.identifiedDateTime ??
        resource.occurrenceDateTime ??
        resource.recorded ??
        resource.started ??
        resource.period?.start ??
        '');

  test('sorted pages lead through everything once, in order, forwards and backwards', async () => {
    for (const { type, searchParam } of types) {
      const names = searchParam.filter((one) => one.type === 'date').map(({ name }) => name);
      const all = idsOf(await get(`/fhir/${type}?_count=200`)).sort();
      for (const name of names.flatMap((one) => [one, `-${one}`])) {
        const refused =
          type === 'Device' || type === 'Subscription' || (type === 'Provenance' && !name.endsWith('_lastUpdated'));
        const { status } = await call(`/fhir/${type}?_sort=${name}`, { prefer: 'handling=strict' });
        expect(status, `${type} ${name}`).toBe(refused ? 400 : 200);
        if (refused) continue;
        const seen: Json[] = [];
        let url: string | undefined = `/fhir/${type}?_sort=${name}&_count=2`;
        while (url !== undefined) {
          const page: Json = await get(url);
          seen.push(...of(page, 'match'));
          url = page.link.find((one: Json) => one.relation === 'next')?.url.slice(PUBLIC_URL.length);
        }
        expect(seen.map(({ id }) => id).sort(), `${type} ${name}`).toEqual(all);
        const times = seen
          .map((one) => momentOf(one, name.replace(/^-/, '')))
          .map((at) => (at === '' ? 0 : Date.parse(at)));
        const sorted = [...times].sort((a, b) => (name.startsWith('-') ? b - a : a - b));
        expect(times, `${type} ${name}`).toEqual(sorted);
      }
    }
  });

  test('a cursor that is none of ours finds nothing and breaks nothing', async () => {
    for (const { type } of types) {
      for (const cursor of [
        'x',
        '1~',
        '~1',
        '1~x',
        "1~'; drop table alert",
        '9'.repeat(30),
        '1~2026-99-99',
        '_',
        '1_1',
      ]) {
        for (const sort of ['', '&_sort=_lastUpdated']) {
          const { status } = await call(`/fhir/${type}?_cursor=${encodeURIComponent(cursor)}${sort}`);
          expect(status, `${type} ${cursor}${sort}`).toBe(200);
        }
      }
    }
  });

  test('interactions that are not declared are not allowed', async () => {
    for (const { type, interaction } of types) {
      const codes = interaction.map(({ code }) => code);
      const at = async (method: 'POST' | 'PUT' | 'DELETE', url: string) =>
        (await site.app.inject({ method, url, headers: { 'content-type': 'application/fhir+json' }, payload: '{}' }))
          .statusCode;
      const creates = codes.includes('create');
      // Declared, but this body is none: refused as such, and not as an interaction.
      expect(await at('POST', `/fhir/${type}`), type).toBe(creates ? 400 : 405);
      expect(await at('DELETE', `/fhir/${type}/1`), type).toBe(codes.includes('delete') ? 204 : 405);
      // Declared, but there is none of this id, and an update creates none.
      expect(await at('PUT', `/fhir/${type}/1`), type).toBe(codes.includes('update') ? 404 : 405);
      expect(codes).not.toContain('history-instance');
      expect((await call(`/fhir/${type}/1/_history`)).status).toBe(405);
    }
  });
});
