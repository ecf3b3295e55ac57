import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CareError } from '#kernel/errors.ts';
import { readFeedback } from '#interop/cds-hooks/feedback.ts';
import { gather } from '#interop/cds-hooks/request/gather.ts';
import { readPrefetched } from '#interop/cds-hooks/request/prefetch.ts';
import { readHookRequest } from '#interop/cds-hooks/request/request.ts';
import { bundle, context, HOOK_INSTANCE, observation, patientResource, patientView } from './requests.ts';

const RUNS = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 300);

/** The key that the refusal names, or null where the request is accepted. */
function refusedKey(read: (value: unknown) => unknown, value: unknown): string | undefined | null {
  try {
    read(value);
    return null;
  } catch (error) {
    if (error instanceof CareError && error.code === 'cds-hooks.bad-request') return error.field;
    throw error;
  }
}

const named = (changes: Record<string, unknown>) => refusedKey(readHookRequest, patientView(changes));
const fhirAuthorization = {
  access_token: 't',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/Observation.read',
  subject: 'cds',
};

describe('a hook request', () => {
  test('of every hook is read', () => {
    const draftOrders = bundle([]);
    const selections = ['MedicationRequest/1'];
    for (const [hook, more] of [
      ['patient-view', {}],
      ['order-select', { draftOrders, selections }],
      ['order-sign', { draftOrders }],
      ['encounter-start', {}],
    ] as const) {
      expect(readHookRequest({ hook, hookInstance: HOOK_INSTANCE, context: { ...context, ...more } })).toMatchObject({
        hook,
        patientId: 'p1',
        prefetch: {},
      });
    }
  });

  test('with extensions and unknown keys anywhere is no fault', () => {
    expect(
      named({ extension: { 'vn.his': null }, somethingNew: [null], context: { ...context, room: null } }),
    ).toBeNull();
  });

  test.each([
    ['hook', { hook: undefined }],
    ['hook', { hook: 'medication-prescribe' }],
    ['hookInstance', { hookInstance: undefined }],
    ['hookInstance', { hookInstance: null }],
    ['hookInstance', { hookInstance: 7 }],
    ['hookInstance', { hookInstance: 'visit-1' }],
    ['extension', { extension: null }],
    ['extension', { extension: 'vn.his' }],
    ['context.extension', { context: { ...context, extension: [] } }],
    ['context.patientId', { context: { ...context, patientId: '..' } }],
    ['context.selections', { hook: 'order-select', context: { ...context, draftOrders: bundle([]), selections: [] } }],
    [
      'context.draftOrders.entry',
      { hook: 'order-sign', context: { ...context, draftOrders: { ...bundle([]), entry: {} } } },
    ],
    [
      'context.draftOrders.entry.0',
      { hook: 'order-sign', context: { ...context, draftOrders: { ...bundle([]), entry: [null] } } },
    ],
    ['context', { context: undefined }],
    ['context', { context: null }],
    ['context', { context: [] }],
    ['context.userId', { context: { patientId: 'p1' } }],
    ['context.patientId', { context: { userId: 'Practitioner/1', patientId: '' } }],
    ['context.patientId', { context: { userId: 'Practitioner/1', patientId: 12 } }],
    ['context.encounterId', { context: { ...context, encounterId: null } }],
    ['fhirServer', { fhirServer: null }],
    ['fhirServer', { fhirServer: 'ftp://his' }],
    ['fhirServer', { fhirAuthorization }],
    [
      'fhirAuthorization.access_token',
      { fhirServer: 'https://his/fhir', fhirAuthorization: { ...fhirAuthorization, access_token: undefined } },
    ],
    [
      'fhirAuthorization.expires_in',
      { fhirServer: 'https://his/fhir', fhirAuthorization: { ...fhirAuthorization, expires_in: '300' } },
    ],
    ['fhirAuthorization', { fhirServer: 'https://his/fhir', fhirAuthorization: null }],
    ['prefetch', { prefetch: null }],
    ['prefetch.labs', { prefetch: { labs: 'none' } }],
    ['prefetch.labs', { prefetch: { labs: [] } }],
    ['prefetch.labs.resourceType', { prefetch: { labs: {} } }],
    ['context.selections', { hook: 'order-select', context: { ...context, draftOrders: bundle([]) } }],
    ['context.draftOrders', { hook: 'order-sign' }],
    [
      'context.draftOrders.resourceType',
      { hook: 'order-sign', context: { ...context, draftOrders: { resourceType: 'Task' } } },
    ],
    ['context.encounterId', { hook: 'encounter-start', context: { userId: 'Practitioner/1', patientId: 'p1' } }],
  ])('is refused with the key %s named', (key, changes) => {
    expect(named(changes)).toBe(key);
  });

  test.each([null, [], 'text', 7, undefined])('that is %j instead of an object is refused', (body) => {
    expect(refusedKey(readHookRequest, body)).toBe('body');
  });
});

describe('a prefetched value', () => {
  test('tells absent, none, error and data apart', () => {
    expect(readPrefetched(undefined)).toEqual({ state: 'absent' });
    expect(readPrefetched(null)).toEqual({ state: 'none' });
    expect(readPrefetched({ resourceType: 'OperationOutcome' })).toEqual({ state: 'error' });
    expect(readPrefetched({ resourceType: 'Patient' })).toMatchObject({ state: 'data', incomplete: false });
  });

  test('that is one page of several says so, and one with an error inside says that something is missing', () => {
    expect(readPrefetched(bundle([], 'https://his/fhir?page=2'))).toMatchObject({ next: 'https://his/fhir?page=2' });
    expect(readPrefetched(bundle([{ resourceType: 'OperationOutcome' }]))).toEqual({
      state: 'data',
      resources: [],
      incomplete: true,
    });
  });
});

const AS_OF = new Date('2026-11-22T02:00:00Z');

const gathered = (prefetch: Record<string, unknown>) =>
  gather(readHookRequest(patientView({ prefetch })), {
    reader: null,
    patientCodeSystems: ['MA_BN'],
    signal: AbortSignal.timeout(1000),
    asOf: AS_OF,
  });

describe('what is gathered', () => {
  test('one observation under two keys counts once, a panel gives one measurement per component', async () => {
    const panel = {
      resourceType: 'Observation',
      id: 'bp',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
      component: [observation('8480-6', 168, 'mm[Hg]'), observation('8462-4', 95, 'mm[Hg]')],
      effectiveDateTime: '2026-11-22',
    };
    const { measurements } = await gathered({ labs: bundle([panel]), vitals: bundle([panel]) });
    expect(measurements.map(({ code, value, unit, time }) => [code, value, unit, time])).toEqual([
      ['8480-6', 168, 'mm[Hg]', '2026-11-22'],
      ['8462-4', 95, 'mm[Hg]', '2026-11-22'],
    ]);
  });

  test('a bound stays a bound, and what was entered in error is counted and not used', async () => {
    const bound = observation('2093-3', 0.5, 'mmol/L');
    const { measurements, gaps } = await gathered({
      labs: bundle([
        { ...bound, valueQuantity: { ...bound.valueQuantity, comparator: '<' } },
        { ...bound, id: 'x', status: 'entered-in-error' },
      ]),
    });
    expect(measurements).toMatchObject([{ comparator: '<', value: 0.5 }]);
    expect(gaps.map(({ en }) => en)).toContain(
      '1 result could not be used (no code, value or status, or of another patient)',
    );
  });

  test('the gaps are named in the reader’s language', async () => {
    const { gaps } = await gathered({
      labs: { resourceType: 'OperationOutcome' },
      vitals: bundle([], 'https://his/next'),
      social: null,
      conditions: null,
    });
    expect(gaps.map(({ vi }) => vi)).toEqual([
      'Hệ thống bệnh viện không gửi: thông tin hành chính',
      'Hệ thống bệnh viện báo lỗi khi lấy: xét nghiệm',
      'Chỉ nhận được một phần của: dấu hiệu sinh tồn',
    ]);
  });

  test('another patient’s record is not used, and is said', async () => {
    const other = { ...patientResource, id: 'p2' };
    const { person, gaps, came } = await gathered({
      patient: other,
      labs: null,
      vitals: null,
      social: null,
      conditions: null,
    });
    expect([person, came]).toEqual([undefined, true]);
    expect(gaps.map(({ en }) => en)).toEqual([
      'The hospital system does not have: demographics',
      '1 result could not be used (no code, value or status, or of another patient)',
    ]);
  });

  test('without sex or a possible birth date no risk can be judged, and that is said', async () => {
    const patient = { ...patientResource, gender: 'unknown', birthDate: '2060-01-01' };
    const { person, gaps } = await gathered({ patient, labs: null, vitals: null, social: null, conditions: null });
    expect(person).not.toHaveProperty('birthDate');
    expect(gaps.map(({ vi }) => vi)).toEqual([
      'Hệ thống bệnh viện không có: giới tính (nam hoặc nữ)',
      'Hệ thống bệnh viện không có: ngày sinh hợp lệ',
    ]);
  });

  test('a part of a patient that cannot be read takes nothing from the rest', async () => {
    const identifier = [null, { system: 'MA_BN', value: 7 }, { system: 'MA_BN', value: '42' }];
    for (const changes of [{ birthDate: '1-5-1965' }, { birthDate: 1965 }, { birthDate: '1965-02-30' }]) {
      const { person } = await gathered({ patient: { ...patientResource, identifier, ...changes } });
      expect(person).toEqual({ sex: 'male', identifiers: ['42'] });
    }
  });

  test('a bundle whose entries are none is incomplete, not empty', () => {
    expect(readPrefetched({ resourceType: 'Bundle', entry: 'x' })).toMatchObject({ resources: [], incomplete: true });
    expect(readPrefetched({ resourceType: 'Bundle' })).toMatchObject({ resources: [], incomplete: false });
  });

  test('a key that only the client knows is used for what it holds', async () => {
    const { measurements, came } = await gathered({ 'his-labs': bundle([observation('2093-3', 6.9, 'mmol/L')]) });
    expect(measurements).toHaveLength(1);
    expect(came).toBe(true);
  });

  test('conditions keep their status: what counts is decided with the person', async () => {
    const condition = (code: string, clinical: string, verification = 'confirmed') => ({
      resourceType: 'Condition',
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
      clinicalStatus: { coding: [{ code: clinical }] },
      verificationStatus: { coding: [{ code: verification }] },
    });
    const conditions = bundle([condition('J18', 'resolved'), condition('E11', 'active', 'refuted')]);
    const read = (await gathered({ conditions })).conditions;
    expect(read.map(({ clinical, verification }) => [clinical, verification])).toEqual([
      ['resolved', 'confirmed'],
      ['active', 'refuted'],
    ]);
  });
});

describe('feedback', () => {
  const good = {
    card: '4e0a3a1e-3ffa-492e-857f-22ab3de4a2f1',
    outcome: 'overridden',
    overrideReason: { reason: { code: 'disagree' } },
    outcomeTimestamp: '2026-11-22T02:20:00Z',
  };
  const refused = (changes: Record<string, unknown>) =>
    refusedKey(readFeedback, { feedback: [{ ...good, ...changes }] });

  test('that is right is read, with unknown keys and without a reason', () => {
    expect(refused({ extension: {}, overrideReason: undefined })).toBeNull();
  });

  test.each([
    ['feedback.0.card', { card: undefined }],
    ['feedback.0.outcome', { outcome: 'ignored' }],
    ['feedback.0.outcomeTimestamp', { outcomeTimestamp: 'yesterday' }],
    ['feedback.0.outcomeTimestamp', { outcomeTimestamp: null }],
    // fb-2 and fb-3 of the specification
    ['feedback.0.acceptedSuggestions', { outcome: 'accepted' }],
    ['feedback.0.overrideReason', { overrideReason: {} }],
    ['feedback.0.overrideReason', { overrideReason: { userComment: ' ' } }],
  ])('is refused with the key %s named', (key, changes) => {
    expect(refused(changes)).toBe(key);
  });

  test('without a list is refused', () => {
    expect(refusedKey(readFeedback, { feedback: {} })).toBe('feedback');
    expect(refusedKey(readFeedback, null)).toBe('body');
  });
});

describe('whatever is sent', () => {
  const noise = fc.oneof(
    { weight: 3, arbitrary: fc.json().map((text): unknown => JSON.parse(text)) },
    { weight: 1, arbitrary: fc.anything() },
  );
  const mutated = fc
    .tuple(fc.constantFrom('hook', 'hookInstance', 'context', 'prefetch', 'fhirServer'), noise)
    .map(([key, value]) => patientView({ [key]: value }));
  const prefetchNoise = fc
    .dictionary(fc.constantFrom('patient', 'labs', 'vitals', 'x'), noise)
    .map((prefetch) => patientView({ prefetch }));
  const resources = fc.array(
    fc.record(
      {
        resourceType: fc.constantFrom('Observation', 'Patient', 'Condition'),
        code: noise,
        component: noise,
        identifier: noise,
        status: noise,
      },
      { requiredKeys: ['resourceType'] },
    ),
  );
  const bundles = resources.map((list) => patientView({ prefetch: { labs: bundle(list) } }));

  test('a request is read or refused with a key, and what is read can be gathered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, mutated, prefetchNoise, bundles), async (body) => {
        const key = refusedKey(readHookRequest, body);
        expect(key).not.toBeUndefined();
        if (key !== null) return;
        const options = { reader: null, patientCodeSystems: [], signal: AbortSignal.timeout(1000), asOf: AS_OF };
        await gather(readHookRequest(body), options);
      }),
      { numRuns: RUNS },
    );
  }, 1_200_000);

  test('feedback is read or refused with a key', () => {
    const anyEntry = fc.record({
      card: noise,
      outcome: fc.constantFrom('accepted', 'overridden', null),
      overrideReason: noise,
      outcomeTimestamp: noise,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          noise,
          fc.array(anyEntry).map((feedback) => ({ feedback })),
        ),
        (body) => {
          expect(refusedKey(readFeedback, body)).not.toBeUndefined();
        },
      ),
      { numRuns: RUNS },
    );
  }, 1_200_000);
});
