// Writes every kind of FHIR resource that we send into a folder, from a store with a morning's records, for a validator to judge.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transactionOf } from '#interop/fhir/push/bundle.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';
import { heads, openSite, systems } from '../test/interop/fhir/site.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder to write into');
mkdirSync(folder, { recursive: true });

const write = (name: string, resource: unknown): void =>
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(resource, null, 1));

const site = await openSite('embedded');
const at = site.store.clock.now().toISOString();
await site.store.local.alerts.record(
  {
    id: '00000000-0000-4000-8000-000000000001',
    alertId: site.alert.id,
    at,
    actor: 'bs.an',
    channel: 'web',
    kind: 'overridden',
    to: 'overridden',
    reasonCode: 'already-known',
  },
  { from: 'new' },
);

async function ask(name: string, url: string, body?: unknown): Promise<void> {
  const headers = { 'content-type': 'application/fhir+json' };
  const reply = await site.app.inject(
    body === undefined ? { method: 'GET', url } : { method: 'POST', url, headers, payload: JSON.stringify(body) },
  );
  write(name, JSON.parse(reply.body));
}

for (const type of RESOURCE_TYPES.keys()) {
  await ask(`search-${type}`, `/fhir/${type}?_count=100`);
  const first: { entry: { resource: { id: string } }[] } = JSON.parse(
    (await site.app.inject({ method: 'GET', url: `/fhir/${type}` })).body,
  );
  // An entry of a Bundle is judged with it; the single resource as it is read is judged by itself.
  await ask(`read-${type}`, `/fhir/${type}/${first.entry[0]?.resource.id}`);
}
await ask('everything', `/fhir/Patient/${site.alert.subject.patientCode}/$everything`);
await ask('metadata', '/fhir/metadata');
await ask('operation', '/fhir/OperationDefinition/assess');
await ask('outcome', '/fhir/DetectedIssue?patient=');
await ask('lenient', '/fhir/DetectedIssue?colour=red');
await ask('included', '/fhir/DiagnosticReport?_include=DiagnosticReport:result&_revinclude=Provenance:target');
await ask('counted', '/fhir/DetectedIssue?_summary=count');
await ask('sorted', '/fhir/Observation?_sort=-date&_count=1&_total=accurate');
await ask('empty', '/fhir/DetectedIssue?patient=nobody');
await ask('subscription', '/fhir/Subscription', {
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'Notify the HIS of new issues',
  criteria: 'DetectedIssue?status=preliminary',
  channel: { type: 'rest-hook', endpoint: 'https://his.benhvien.example/hooks', payload: 'application/fhir+json' },
});
await ask('subscriptions', '/fhir/Subscription');
await ask('assess', '/fhir/$assess', {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Patient', gender: 'male', birthDate: '1965-01-01' } },
    { resource: { resourceType: 'Observation' } },
  ],
});
for (const patients of ['logical', 'conditional'] as const) {
  const context = { language: 'vi', systems, heads, patients } as const;
  for (const [name, alert, topic] of [
    ['imaging', site.alert, 'alert.raised'],
    ['risk', site.flag, 'alert.changed'],
  ] as const) {
    write(`push-${name}-${patients}`, await transactionOf(alert.id, topic, { find: site.store.local.find, context }));
  }
}
await site.close();
