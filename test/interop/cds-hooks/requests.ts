// Requests as a hospital's system sends them, all data invented.
export const HOOK_INSTANCE = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea';

export const patientResource = {
  resourceType: 'Patient',
  id: 'p1',
  gender: 'male',
  birthDate: '1965',
  identifier: [{ system: 'http://fhir.ehealth.gov.vn/core/sid/patient-internal-id', value: '0000099901' }],
};

export const observation = (loinc: string, value: number, unit: string) => ({
  resourceType: 'Observation',
  id: `o-${loinc}`,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
  valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  effectiveDateTime: '2026-11-20T08:00:00+07:00',
});

export const bundle = (resources: readonly object[], next?: string) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
  ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
});

export const context = { userId: 'Practitioner/bs01', patientId: 'p1', encounterId: 'e1' };

export const patientView = (changes: Record<string, unknown> = {}) => ({
  hook: 'patient-view',
  hookInstance: HOOK_INSTANCE,
  context,
  prefetch: {
    patient: patientResource,
    labs: bundle([observation('2093-3', 6.9, 'mmol/L')]),
    vitals: bundle([]),
    conditions: null,
  },
  ...changes,
});
