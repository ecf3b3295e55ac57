// Reads a prefetched value: absent, none, an error, or resources, perhaps the first page only.
import type { FhirResource } from '#interop/fhir-model/resource.ts';
import { z } from 'zod';

export type Prefetched =
  /** The client could not or would not fetch it: nothing is known. */
  | { readonly state: 'absent' }
  /** The client looked and there is no data. */
  | { readonly state: 'none' }
  /** The client's FHIR server answered with an error. */
  | { readonly state: 'error' }
  | {
      readonly state: 'data';
      readonly resources: readonly FhirResource[];
      /** Address of the next page: `resources` is not all there is. */
      readonly next?: string;
      /** The search itself reported a problem beside its results. */
      readonly incomplete: boolean;
    };

const resource = z.looseObject({ resourceType: z.string() });

const entry = z.looseObject({ resource: resource.optional() });

const link = z.looseObject({ relation: z.string(), url: z.string() });

const isResource = (value: unknown): value is FhirResource => resource.safeParse(value).success;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function readBundle(bundle: FhirResource): Prefetched {
  const resources: FhirResource[] = [];
  const entries = bundle['entry'] ?? [];
  let incomplete = !Array.isArray(entries);
  for (const one of listOf(entries)) {
    const inside = entry.safeParse(one);
    if (!inside.success) incomplete = true;
    else if (isResource(inside.data.resource)) resources.push(inside.data.resource);
  }
  const found = resources.filter(({ resourceType }) => resourceType !== 'OperationOutcome');
  const next = listOf(bundle['link']).flatMap((one) => {
    const inside = link.safeParse(one);
    return inside.success && inside.data.relation === 'next' ? [inside.data.url] : [];
  })[0];
  return {
    state: 'data',
    resources: found,
    ...(next === undefined ? {} : { next }),
    incomplete: incomplete || found.length < resources.length,
  };
}

/** `undefined` stands for a key that is not there. */
export function readPrefetched(value: unknown): Prefetched {
  if (value === undefined) return { state: 'absent' };
  if (value === null) return { state: 'none' };
  if (!isResource(value) || value.resourceType === 'OperationOutcome') return { state: 'error' };
  return value.resourceType === 'Bundle' ? readBundle(value) : { state: 'data', resources: [value], incomplete: false };
}
