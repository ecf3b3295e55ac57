// Keeps resources about the patient apart from resources that name somebody else.
import type { FhirResource } from './resource.ts';
import { z } from 'zod';
import { identifierOf } from './person.ts';

const reference = z.looseObject({
  reference: z.string().optional(),
  identifier: identifierOf.optional(),
});
const subjected = z.looseObject({ subject: reference.optional(), patient: reference.optional() });
const identified = z.looseObject({
  id: z.string().optional(),
  identifier: z.array(identifierOf).optional(),
});

export interface ByPatient {
  readonly own: readonly FhirResource[];
  /** How many are about another. */
  readonly others: number;
}

/** `names`: further ids and addresses of the patient. Where the patient has no name at all, nothing can be told apart. */
export function byPatient(resources: readonly FhirResource[], names: readonly string[]): ByPatient {
  const patients = resources.filter(({ resourceType }) => resourceType === 'Patient');
  const known = patients.flatMap((patient) => {
    const { success, data } = identified.safeParse(patient);
    return success ? [data] : [];
  });
  const ids = [...names, ...known.flatMap(({ id }) => id ?? [])];
  const identifiers = known.flatMap(({ identifier = [] }) => identifier);
  const isOwn = (resource: FhirResource): boolean => {
    const { success, data } = subjected.safeParse(resource);
    const subject = success ? (data.subject ?? data.patient) : undefined;
    if (subject === undefined || resource.resourceType === 'Patient') return true;
    if (subject.reference !== undefined && ids.length > 0) {
      const [address = ''] = subject.reference.split('/_history/', 1);
      if (ids.some((id) => address === id || address === `Patient/${id}` || address.endsWith(`/Patient/${id}`)))
        return true;
    }
    const { identifier } = subject;
    if (identifier?.value !== undefined && identifiers.length > 0)
      return identifiers.some(({ system, value }) => value === identifier.value && system === identifier.system);
    return subject.reference === undefined || ids.length === 0;
  };
  const own = resources.filter(isOwn);
  return { own, others: resources.length - own.length };
}
