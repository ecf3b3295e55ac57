import { expect, test } from 'vitest';
import { byPatient } from '#interop/fhir-model/subject.ts';

const patient = { resourceType: 'Patient', id: 'p1', identifier: [{ system: 'MA_BN', value: '42' }] };
const of = (subject: object | undefined) => ({ resourceType: 'Observation', ...(subject && { subject }) });

test.each<[string, object | undefined, number]>([
  ['no subject', undefined, 0],
  ['its id', { reference: 'Patient/p1' }, 0],
  ['its address on a server', { reference: 'https://his.example/fhir/Patient/p1/_history/3' }, 0],
  ['its address in the Bundle', { reference: 'urn:uuid:1' }, 0],
  ['its identifier', { identifier: { system: 'MA_BN', value: '42' } }, 0],
  ['a name alone', { display: 'A' }, 0],
  ['another id', { reference: 'Patient/p11' }, 1],
  ['another type', { reference: 'Group/p1' }, 1],
  ['another identifier', { identifier: { system: 'MA_BN', value: '43' } }, 1],
])('a resource about %s', (_what, subject, others) => {
  expect(byPatient([patient, of(subject)], ['urn:uuid:1'])).toMatchObject({ others });
});

test('nothing is told apart where the patient bears no name', () => {
  const nameless = { resourceType: 'Patient' };
  expect(byPatient([nameless, of({ reference: 'Patient/p1' })], []).others).toBe(0);
});
