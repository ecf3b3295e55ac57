// Adds the resources that the matches refer to, and their Provenance (`_include`, `_revinclude`).
import type { FhirFinder } from '#interop/fhir/ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';
import type { Included } from './parse.ts';

/** `Observation/1.Mass` wherever it stands in the element. */
function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'reference' && typeof member === 'string' ? [member] : referencesIn(member),
  );
}

/** Each once, and none that is a match itself. References that lead to no resource of this server (a patient) are passed over. */
export async function includedWith(
  matches: readonly Resource[],
  { elements, provenance }: Included,
  find: FhirFinder,
  context: ViewContext,
): Promise<readonly Resource[]> {
  const wanted = new Map<string, Set<string>>();
  const want = (type: string, id: string): void => {
    if (matches.some((match) => match.resourceType === type && match.id === id)) return;
    wanted.set(type, (wanted.get(type) ?? new Set()).add(id));
  };
  for (const match of matches) {
    for (const reference of elements.flatMap((element) => referencesIn(match[element]))) {
      const [type = '', id = ''] = reference.split('/', 2);
      want(type, id);
    }
    // A Provenance bears the id of the reading or of the risk; a finding's id begins with its reading's.
    if (provenance) want('Provenance', match.id.split('.', 1)[0] ?? '');
  }
  const found = await Promise.all(
    [...wanted].map(async ([type, ids]) => {
      const asked = { ids: [...ids], times: [], updated: [], tokens: [] };
      return (await RESOURCE_TYPES.get(type)?.search(find, { asked, limit: ids.size }, context)) ?? [];
    }),
  );
  return found.flat().map(({ resource }) => resource);
}
