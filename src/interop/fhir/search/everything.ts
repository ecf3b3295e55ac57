// All that is stored of one person as one Bundle: films, reports, findings, risks, issues, flags, where each comes from and by which model file.
import type { FhirFinder } from '#interop/fhir/ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';
import type { Asked } from './parse.ts';

/** What says something of a person, in the order of reading. */
const OF_A_PERSON = [
  'ImagingStudy',
  'DiagnosticReport',
  'Observation',
  'RiskAssessment',
  'DetectedIssue',
  'Flag',
  'Provenance',
];
const PAGE = 200;

async function allOf(type: string, asked: Asked, find: FhirFinder, context: ViewContext): Promise<Resource[]> {
  const all: Resource[] = [];
  for (let after: string | undefined; ;) {
    const page = { asked, limit: PAGE, ...(after !== undefined && { after }) };
    const shown = (await RESOURCE_TYPES.get(type)?.search(find, page, context)) ?? [];
    all.push(...shown.map(({ resource }) => resource));
    after = shown.at(-1)?.key;
    if (after === undefined) return all;
  }
}

/** `Device/…` wherever it stands. */
function devicesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.startsWith('Device/') ? [value.slice('Device/'.length)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(devicesIn);
}

/** Of each record as it counts now: what was superseded is read by its id. The patient code is as the hospital writes it. */
export async function everythingOf(patient: string, find: FhirFinder, context: ViewContext): Promise<Resource[]> {
  const token = { asks: 'patient' as const, name: 'patient', anyOf: [{ value: patient }] };
  const asked = { times: [], updated: [], tokens: [token] };
  const resources: Resource[] = [];
  for (const type of OF_A_PERSON) resources.push(...(await allOf(type, asked, find, context)));
  const ids = [...new Set(resources.flatMap(devicesIn))];
  if (ids.length === 0) return resources;
  return [...resources, ...(await allOf('Device', { ids, times: [], updated: [], tokens: [] }, find, context))];
}

/** A searchset, as R4 has it for `$everything`. */
export const everythingBundle = (resources: readonly Resource[], address: string, base: string): object => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  link: [{ relation: 'self', url: address }],
  ...(resources.length > 0 && {
    entry: resources.map((resource) => ({
      fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
      resource,
      search: { mode: 'match' },
    })),
  }),
});
