// Reads sex, birth date and the hospital's keys of a FHIR Patient. Never a name.
import type { FhirResource } from './resource.ts';
import { z } from 'zod';
import { isCalendarDate } from '#terminology/moment.ts';

export interface Person {
  readonly sex?: 'male' | 'female';
  /** YYYY, YYYY-MM or YYYY-MM-DD, as sent. */
  readonly birthDate?: string;
  /** In the order of the systems that the site trusts. */
  readonly identifiers: readonly string[];
}

export const identifierOf = z.looseObject({ system: z.string().optional(), value: z.string().optional() });

/** A part that cannot be read is left out, such as a day that no calendar has; the rest of the person is read all the same. */
const patient = z.looseObject({
  resourceType: z.literal('Patient'),
  gender: z.string().optional().catch(undefined),
  birthDate: z
    .string()
    .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
    .refine(isCalendarDate)
    .optional()
    .catch(undefined),
  identifier: z.array(identifierOf.catch({})).optional().catch(undefined),
});

/** Draft Vietnamese core profile (hl7vn/vn-core-ig): the hospital's own number, MA_BN. A site may name others. */
export const PATIENT_CODE_SYSTEMS: readonly string[] = [
  'http://fhir.ehealth.gov.vn/core/sid/patient-internal-id',
  'MA_BN',
];

/** Undefined where there is no readable Patient. */
export function readPerson(resources: readonly FhirResource[], systems: readonly string[]): Person | undefined {
  const parsed = resources.map((resource) => patient.safeParse(resource)).find(({ success }) => success)?.data;
  if (parsed === undefined) return undefined;
  const { gender, birthDate, identifier = [] } = parsed;
  const identifiers = systems.flatMap((system) =>
    identifier.flatMap((one) =>
      one.system === system && one.value !== undefined && one.value !== '' ? [one.value] : [],
    ),
  );
  return {
    ...(gender === 'male' || gender === 'female' ? { sex: gender } : {}),
    ...(birthDate === undefined ? {} : { birthDate }),
    identifiers: [...new Set(identifiers)],
  };
}
