import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedUuid } from '#kernel/ids.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../../store/samples.ts';
import { openSite, PUBLIC_URL, type Site, systems } from './site.ts';

/** JSON as it came. */
type Json = ReturnType<typeof JSON.parse>;

describe('the FHIR door', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite('embedded');
  }, 600_000);
  afterAll(() => site.close());

  async function call(
    url: string,
    options: { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; headers?: Record<string, string>; payload?: string } = {},
  ) {
    const { method = 'GET', headers = {}, payload } = options;
    const reply = await site.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
    const json: Json = reply.body === '' ? undefined : JSON.parse(reply.body);
    return { status: reply.statusCode, headers: reply.headers, json };
  }
  const english = { 'accept-language': 'en' };
  const get = async (url: string): Promise<Json> => {
    const { status, json } = await call(url, { headers: english });
    expect(status, JSON.stringify(json)).toBe(200);
    return json;
  };
  const idsOf = (bundle: Json): string[] =>
    (bundle.entry ?? []).filter((one: Json) => one.search.mode === 'match').map((one: Json) => one.resource.id);
  const find = async (query: string): Promise<string[]> => idsOf(await get(`/fhir/${query}`));
  /** What happened to an alert; that this test reads it is in the audit too. */
  const changesOf = async (alertId: string): Promise<Json[]> => {
    const { entry } = await get(`/fhir/AuditEvent?entity=DetectedIssue/${alertId}`);
    return entry.filter(({ resource }: Json) => resource.action !== 'R');
  };

  test('gives all of one person in one Bundle, and nothing of another', async () => {
    const { patientCode } = site.alert.subject;
    const bundle = await get(`/fhir/Patient/${encodeURIComponent(patientCode)}/$everything`);
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: bundle.entry.length });
    const ids = (type: string): string[] =>
      bundle.entry.flatMap(({ resource }: Json) => (resource.resourceType === type ? [resource.id] : [])).toSorted();
    for (const type of ['ImagingStudy', 'DiagnosticReport', 'Observation', 'RiskAssessment', 'DetectedIssue', 'Flag']) {
      const found = await find(`${type}?patient=${encodeURIComponent(patientCode)}&_count=200`);
      expect([type, ids(type)]).toEqual([type, found.toSorted()]);
    }
    expect(ids('DetectedIssue')).toContain(site.alert.id);
    expect(new Set(bundle.entry.map(({ fullUrl }: Json) => fullUrl)).size).toBe(bundle.entry.length);
    // Each model file that is named is in it.
    const named = [...JSON.stringify(bundle).matchAll(/"Device\/([^"]+)"/g)].map(([, id]) => id);
    expect(ids('Device')).toEqual([...new Set(named)].toSorted());
    const noted = await site.store.local.audit.list({ subjectType: 'patient', subjectId: patientCode });
    expect(noted.filter(({ detail }) => detail?.['type'] === 'Patient').map(({ action }) => action)).toEqual([
      'fhir.read',
    ]);
    expect(await get('/fhir/Patient/nobody/$everything')).toMatchObject({ total: 0 });
  });

  test('says what it can do', async () => {
    const { json, headers } = await call('/fhir/metadata');
    expect(headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    expect(json).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', kind: 'instance' });
    expect(json.rest[0].resource.map((one: Json) => one.type)).toEqual([
      'RiskAssessment',
      'DetectedIssue',
      'Observation',
      'DiagnosticReport',
      'ImagingStudy',
      'Provenance',
      'Device',
      'Flag',
      'AuditEvent',
      'Patient',
      'Subscription',
    ]);
    for (const { searchParam = [] } of json.rest[0].resource) {
      const names = searchParam.map((one: Json) => one.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('an alert is a DetectedIssue of the same id, words and severity, labelled as asserted by AI', async () => {
    const issue = await get(`/fhir/DetectedIssue/${site.alert.id}`);
    expect(issue).toMatchObject({
      id: site.alert.id,
      identifier: [{ system: `${PUBLIC_URL}/sid/alert`, value: site.alert.id }],
      status: 'preliminary',
      severity: 'moderate',
      code: { text: site.alert.summary.en },
      patient: { type: 'Patient', identifier: { system: systems.patient, value: 'BN-1' } },
      implicated: [
        { reference: `ImagingStudy/${site.film.studyUid}` },
        { reference: `DiagnosticReport/${site.reading.id}` },
      ],
      evidence: [{ detail: [{ reference: `Observation/${site.reading.id}.Effusion` }] }],
      meta: { security: [{ code: 'AIAST' }] },
    });
    expect(issue.detail).toContain(site.alert.detail.en);
    const vietnamese = await call(`/fhir/DetectedIssue/${site.alert.id}`, { headers: { 'accept-language': 'vi' } });
    expect(vietnamese.json.code.text).toBe(site.alert.summary.vi);
    expect(vietnamese.headers['content-language']).toBe('vi');
    const [observation] = await find(`Observation?_id=${site.reading.id}.Effusion`);
    expect(observation).toBe(`${site.reading.id}.Effusion`);
  });

  test('a finding has its probability as a number of unit 1, its thresholds, and no Device as performer', async () => {
    const observation = await get(`/fhir/Observation/${site.reading.id}.Effusion`);
    expect(observation).toMatchObject({
      status: 'preliminary',
      valueQuantity: { value: 0.91, code: '1' },
      interpretation: [{ coding: [{ code: 'POS' }] }],
      code: { text: 'Pleural effusion', coding: [{ code: 'Effusion' }, { code: '60046008' }] },
      derivedFrom: [{ reference: `ImagingStudy/${site.film.studyUid}` }],
      effectiveDateTime: '2026-02-28T23:30:00+07:00',
    });
    expect(observation.component.map((one: Json) => one.valueQuantity.value)).toEqual([0.62, 0.2, 0.5]);
    expect(observation.performer).toBeUndefined();
    const report = await get(`/fhir/DiagnosticReport/${site.reading.id}`);
    expect(report.performer).toBeUndefined();
    expect(report).toMatchObject({ status: 'preliminary', code: { coding: [{ code: '36554-4' }] } });
    expect(report.conclusion).toContain('Suspected: Pleural effusion (91%).');
  });

  test('a film that was not assessed is a report that says so, and never a negative', async () => {
    const report = await get(`/fhir/DiagnosticReport/${site.refused.id}`);
    expect(report.conclusion).toContain('Not assessed; this is not a negative result.');
    expect(report.conclusion).toContain('Not a chest film.');
    expect(report.result).toBeUndefined();
    expect(report.meta.security.map((one: Json) => one.code)).toEqual(['AIAST', 'HTEST']);
  });

  test('a risk is in percent, its interval a range, points no probability', async () => {
    const risk = await get(`/fhir/RiskAssessment/${site.risk.id}`);
    // 0.214 as a share is 21.4 %: R4 wants percent, 0 to 100.
    expect(risk.prediction[0]).toMatchObject({
      probabilityDecimal: 21.4,
      whenRange: { low: { value: 0, code: 'a' }, high: { value: 10, code: 'a' } },
      qualitativeRisk: { coding: [{ code: 'high' }], text: 'high' },
    });
    expect(risk.prediction[1].probabilityRange).toMatchObject({
      low: { value: 3.1, code: '%' },
      high: { value: 8.9, code: '%' },
    });
    expect(risk.prediction[1].rationale).toContain('Missing or not usable: HDL cholesterol');
    expect(risk.prediction[2]).not.toHaveProperty('probabilityDecimal');
    expect(risk.identifier).toContainEqual({ system: systems.alert, value: site.flag.id });
    expect(risk.note.map((one: Json) => one.text)).toContain('Missing or not usable: HDL cholesterol');
  });

  test('every reference to this server leads somewhere', async () => {
    const seen = new Set<string>();
    const collect = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return;
      if (typeof value.reference === 'string') seen.add(value.reference);
      for (const one of Object.values(value)) collect(one);
    };
    for (const type of [
      'DetectedIssue',
      'Observation',
      'DiagnosticReport',
      'RiskAssessment',
      'Provenance',
      'Flag',
      'AuditEvent',
    ]) {
      collect(await get(`/fhir/${type}`));
    }
    expect(seen.size).toBeGreaterThan(8);
    for (const reference of seen) expect((await call(`/fhir/${reference}`)).status, reference).toBe(200);
  });

  test('search by patient, identifier, date, status and code', async () => {
    const { alert, flag, reading, refused, film, risk } = site;
    expect(await find('DetectedIssue?patient=BN-1')).toEqual([flag.id, alert.id]);
    expect(await find('DetectedIssue?patient=Patient/BN-1&status=preliminary')).toHaveLength(2);
    expect(await find('DetectedIssue?patient=BN-2')).toEqual([]);
    const own = `${PUBLIC_URL}/fhir`;
    for (const one of [`patient=${own}/Patient/BN-1`, 'patient:Patient=BN-1', 'patient:Patient.identifier=BN-1'])
      expect(await find(`DetectedIssue?${one}`), one).toHaveLength(2);
    expect(await find(`Provenance?target=${own}/RiskAssessment/${risk.id}`)).toEqual([risk.id]);
    expect(
      await find(`DetectedIssue?patient:identifier=${encodeURIComponent(`${systems.patient}|BN-1`)}`),
    ).toHaveLength(2);
    expect(await find('DetectedIssue?patient.identifier=http://other|BN-1')).toEqual([]);
    expect(await find(`DetectedIssue?identifier=${alert.id}`)).toEqual([alert.id]);
    expect(await find('DetectedIssue?identifier=1234567')).toEqual([alert.id]);
    expect(await find('DetectedIssue?status=final')).toEqual([]);
    expect(await find(`Flag?subject=BN-1`)).toEqual([flag.id]);
    expect(await find(`RiskAssessment?identifier=${encodeURIComponent(`${systems.alert}|${flag.id}`)}`)).toEqual([
      risk.id,
    ]);
    expect(await find('DiagnosticReport?identifier=1234567')).toEqual([reading.id]);
    expect(await find(`DiagnosticReport?date=lt2026-02-28T16:30:00Z`)).toEqual([]);
    expect(await find(`DiagnosticReport?date=2026-02-28`)).toEqual([reading.id]);
    expect(await find(`DiagnosticReport?patient=study:${refused.studyUid}`)).toEqual([refused.id]);
    expect(await find(`ImagingStudy?identifier=urn:dicom:uid|urn:oid:${film.studyUid}`)).toEqual([film.studyUid]);
    expect(await find(`ImagingStudy?started=ge2026-02-28&patient=BN-1`)).toEqual([film.studyUid]);
    expect(await find('Observation?code=http://snomed.info/sct|60046008')).toEqual([`${reading.id}.Effusion`]);
    expect(await find('Observation?code=Mass')).toEqual([`${reading.id}.Mass`]);
    expect(await find(`Provenance?target=DetectedIssue/${alert.id}`)).toEqual([reading.id]);
    expect(await find(`Provenance?target=RiskAssessment/${risk.id}`)).toEqual([risk.id]);
    expect(await find('Device?model=CXR')).toHaveLength(1);
    expect(await find(`Device?identifier=${'c'.repeat(64)}`)).toEqual([`risk-score2-asia-pacific.${'c'.repeat(12)}`]);
    expect(await changesOf(alert.id)).toHaveLength(1);
    expect((await find('AuditEvent?patient=BN-1')).length).toBeGreaterThan(2);
    expect(await find('DetectedIssue?_lastUpdated=gt2030')).toEqual([]);
  });

  test('pages lead through everything once', async () => {
    for (const type of ['Observation', 'AuditEvent', 'Provenance', 'Device', 'ImagingStudy', 'RiskAssessment']) {
      const all = await find(`${type}?_count=200`);
      const seen: string[] = [];
      let url: string | undefined = `/fhir/${type}?_count=1`;
      while (url !== undefined) {
        const page: Json = await get(url);
        seen.push(...idsOf(page));
        const next = page.link.find((one: Json) => one.relation === 'next');
        url = next?.url.slice(PUBLIC_URL.length);
      }
      expect(seen).toEqual(all);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  test('a parameter that is not known is ignored and named, or refused when strictness is asked for', async () => {
    const lenient = await get('/fhir/DetectedIssue?colour=red');
    expect(idsOf(lenient)).toHaveLength(2);
    expect(lenient.link[0].url).not.toContain('colour');
    const outcome = lenient.entry.find((one: Json) => one.search.mode === 'outcome');
    expect(outcome.resource.issue[0]).toMatchObject({
      severity: 'warning',
      details: { text: expect.stringContaining('colour') },
    });
    const strict = await call('/fhir/DetectedIssue?colour=red', { headers: { prefer: 'handling=strict', ...english } });
    expect(strict).toMatchObject({
      status: 400,
      json: { resourceType: 'OperationOutcome', issue: [{ expression: ['colour'] }] },
    });
  });

  test.each([
    '/fhir/DetectedIssue?identified=yesterday',
    '/fhir/DetectedIssue?identified=2026-02-30',
    '/fhir/DetectedIssue?patient=',
    '/fhir/DetectedIssue?patient=https://his.example/fhir/Patient/1',
    '/fhir/DetectedIssue?patient:missing=true',
    '/fhir/DetectedIssue?patient.name=An',
    '/fhir/DetectedIssue?status:not=preliminary',
    '/fhir/DetectedIssue?_count=-1',
    '/fhir/Provenance?target=Patient/1',
  ])('%s is refused with an OperationOutcome', async (url) => {
    const { status, json } = await call(url);
    expect(status).toBe(400);
    expect(json).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
  });

  test('what is not there, not allowed or not JSON is an OperationOutcome too', async () => {
    const outcome = { resourceType: 'OperationOutcome' };
    expect(await call(`/fhir/DetectedIssue/${derivedUuid('none')}`)).toMatchObject({ status: 404, json: outcome });
    expect(await call('/fhir/DetectedIssue/not_an_id')).toMatchObject({ status: 404, json: outcome });
    expect(await call('/fhir/Patient')).toMatchObject({ status: 404, json: outcome });
    const notSupported = { ...outcome, issue: [{ code: 'not-supported' }] };
    for (const url of ['/fhir', '/fhir?_type=Flag', '/fhir/Flag/_history', '/fhir/Flag/1/_history/2'])
      expect(await call(url)).toMatchObject({ status: 405, json: notSupported });
    for (const accept of ['application/fhir+json;q=0', 'application/fhir+json; fhirVersion=3.0'])
      expect(await call('/fhir/metadata', { headers: { accept } })).toMatchObject({ status: 406, json: notSupported });
    expect(
      await call('/fhir/DetectedIssue', {
        method: 'POST',
        payload: '{}',
        headers: { 'content-type': 'application/fhir+json' },
      }),
    ).toMatchObject({ status: 405, json: outcome });
    expect(await call(`/fhir/DetectedIssue/${site.alert.id}`, { method: 'DELETE' })).toMatchObject({
      status: 405,
      json: outcome,
    });
    expect(await call('/fhir/metadata', { headers: { accept: 'application/fhir+xml' } })).toMatchObject({
      status: 406,
      json: outcome,
    });
    expect(await call('/fhir/metadata?_format=xml')).toMatchObject({ status: 406, json: outcome });
    expect((await call('/fhir/metadata?_format=json', { headers: { accept: 'text/html' } })).status).toBe(200);
    expect(
      await call('/fhir/$assess', {
        method: 'POST',
        payload: '<a/>',
        headers: { 'content-type': 'application/fhir+xml' },
      }),
    ).toMatchObject({ status: 415, json: outcome });
    expect(
      await call('/fhir/$assess', {
        method: 'POST',
        payload: '{',
        headers: { 'content-type': 'application/fhir+json' },
      }),
    ).toMatchObject({ status: 400, json: outcome });
  });

  test('a search may come in the body', async () => {
    const { status, json } = await call('/fhir/DetectedIssue/_search?_count=1', {
      method: 'POST',
      payload: 'patient=BN-1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(status).toBe(200);
    expect(idsOf(json)).toEqual([site.flag.id]);
  });

  test('$assess takes a Bundle and gives RiskAssessments with their Devices', async () => {
    const send = (body: object) =>
      call('/fhir/$assess', {
        method: 'POST',
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/fhir+json', ...english },
      });
    const patient = {
      resourceType: 'Patient',
      gender: 'male',
      birthDate: '1965-01-01',
      identifier: [{ system: systems.patient, value: 'BN-9' }],
    };
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: patient }, { resource: { resourceType: 'Observation' } }],
    };
    const { status, json } = await send(bundle);
    expect(status).toBe(200);
    expect(json.entry.map((one: Json) => one.resource.resourceType)).toEqual([
      'RiskAssessment',
      'Device',
      'OperationOutcome',
    ]);
    expect(json.entry[0].resource.subject.identifier.value).toBe('BN-9');
    expect(
      (await send({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: bundle }] })).status,
    ).toBe(200);
    expect(await send({ ...bundle, entry: [] })).toMatchObject({ status: 422 });
    const born = (birthDate: string) => send({ ...bundle, entry: [{ resource: { ...patient, birthDate } }] });
    expect(await born('1965-02-30')).toMatchObject({
      status: 400,
      json: { issue: [{ expression: ['Bundle.entry[0].resource.birthDate'] }] },
    });
    expect((await born('1965')).status).toBe(200);
    // What says that it is about somebody else is not used, and the answer says so.
    const strange = { resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/q' } };
    const value = { code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: 140, unit: 'mm[Hg]' } };
    const mixed = [{ resource: { ...patient, id: 'p' } }, { resource: { ...strange, ...value } }];
    const [outcome] = (await send({ ...bundle, entry: mixed })).json.entry
      .map((one: Json) => one.resource)
      .filter((one: Json) => one.resourceType === 'OperationOutcome');
    expect(outcome.issue[0].details.text).toContain('1 observation could not be used');
    expect(await send({ resourceType: 'Bundle', type: 'collection', entry: [null] })).toMatchObject({ status: 400 });
    expect(await send({ resourceType: 'Patient' })).toMatchObject({ status: 400 });
  });

  test('what a person did with an alert is its mitigation, and it is no longer preliminary', async () => {
    const at = site.store.clock.now().toISOString();
    const event = {
      id: derivedUuid('e1'),
      alertId: site.alert.id,
      at,
      actor: 'bs.an',
      channel: 'web',
      kind: 'overridden',
      to: 'overridden' as const,
      reasonCode: 'already-known',
    };
    await site.store.local.alerts.record(event, { from: 'new' });
    const issue = await get(`/fhir/DetectedIssue/${site.alert.id}`);
    expect(issue).toMatchObject({
      status: 'cancelled',
      meta: { lastUpdated: at },
      mitigation: [
        {
          date: at,
          author: { identifier: { system: systems.login, value: 'bs.an' } },
          action: { coding: [{ code: 'overridden' }, { code: 'already-known' }] },
        },
      ],
    });
    expect(await find('DetectedIssue?status=preliminary&patient=BN-1')).toEqual([site.flag.id]);
    expect(await changesOf(site.alert.id)).toHaveLength(2);
  });

  test('who reads of a patient leaves an entry: one per read, one per search with what it found, and none for a count', async () => {
    const readsOf = async (): Promise<Json[]> =>
      (await site.store.local.audit.list({ limit: 1_000 })).filter(({ action }) => action === 'fhir.read');
    const before = (await readsOf()).length;
    await get(`/fhir/Observation/${site.reading.id}.Mass`);
    await get('/fhir/DetectedIssue?patient=BN-1');
    await get('/fhir/Flag');
    for (const unlogged of ['DetectedIssue?_summary=count', 'DetectedIssue?patient=BN-nobody', 'AuditEvent', 'Device'])
      await get(`/fhir/${unlogged}`);
    const added = (await readsOf()).slice(before);
    expect(added.map(({ subjectType, subjectId }) => `${subjectType}/${subjectId}`)).toEqual([
      `reading/${site.reading.id}`,
      'patient/BN-1',
      'search/Flag',
    ]);
    expect(added[1].detail).toEqual({
      type: 'DetectedIssue',
      resources: [`DetectedIssue/${site.flag.id}`, `DetectedIssue/${site.alert.id}`],
    });
    const ofReading = await get(`/fhir/AuditEvent?entity=DiagnosticReport/${site.reading.id}`);
    expect(ofReading.entry[0].resource).toMatchObject({ action: 'R', agent: [{ requestor: true }] });
    const ofPatient = await get('/fhir/AuditEvent?patient=BN-1');
    const whom = ofPatient.entry.map((one: Json) => one.resource.entity[0].what.identifier?.value);
    expect(whom).toContain('BN-1');
  });

  test('an alert about a phantom bears the label of test data, as the film and its report do', async () => {
    const film = sampleInstance();
    await site.store.local.intake.accept(film, { actor: 'upload' });
    const reading = sampleReading(film, { notForClinicalUse: true });
    const alert = sampleAlert(reading);
    await site.store.local.readings.commit({
      reading,
      heatmaps: [],
      told: [{ kind: 'alert', alert }],
      outbox: [],
      audit: [],
    });
    for (const address of [`DetectedIssue/${alert.id}`, `DiagnosticReport/${reading.id}`])
      expect((await get(`/fhir/${address}`)).meta.security.map((one: Json) => one.code)).toEqual(['AIAST', 'HTEST']);
    expect((await get(`/fhir/DetectedIssue/${site.alert.id}`)).meta.security).toHaveLength(1);
  });
});
