// Code systems under all the names that senders give them (addresses, OIDs, HL7 table 0396): a code is looked up only in its own system.
import { withoutEnd } from '#kernel/text-end.ts';
import type { Coding } from '#kernel/coding.ts';

export type CodeSystem = 'loinc' | 'snomed' | 'icd-10' | 'icpc-2' | 'hl7-0136';

/** The address that FHIR uses. */
export const SYSTEM_URIS: Readonly<Record<CodeSystem, string>> = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  'icd-10': 'http://hl7.org/fhir/sid/icd-10',
  'icpc-2': 'http://hl7.org/fhir/sid/icpc-2',
  'hl7-0136': 'http://terminology.hl7.org/CodeSystem/v2-0136',
};

/** In small letters, without a slash at the end. National editions of ICD-10 other than the American one are kept aside. */
const NAMES: Readonly<Record<CodeSystem, readonly string[]>> = {
  loinc: ['loinc.org', '2.16.840.1.113883.6.1', 'ln', 'loinc'],
  snomed: ['snomed.info/sct', '2.16.840.1.113883.6.96', 'sct', 'snomed', 'snomed-ct', 'snomed ct', 'snomedct'],
  'icd-10': [
    'hl7.org/fhir/sid/icd-10',
    'hl7.org/fhir/sid/icd-10-cm',
    '2.16.840.1.113883.6.3',
    '2.16.840.1.113883.6.90',
    'i10',
    'i10c',
    'icd10',
    'icd-10',
    'icd10cm',
    'icd-10-cm',
  ],
  'icpc-2': ['hl7.org/fhir/sid/icpc-2', '2.16.840.1.113883.6.139', 'ic2', 'icpc2', 'icpc-2'],
  /** Yes and no. */
  'hl7-0136': ['terminology.hl7.org/codesystem/v2-0136', '2.16.840.1.113883.12.136', 'hl70136'],
};

const BY_NAME = new Map(
  Object.entries(NAMES).flatMap(([system, names]) => names.map((name) => [name, system] as const)),
);

const isSystem = (text: string | undefined): text is CodeSystem => text !== undefined && Object.hasOwn(NAMES, text);

/** A longer text names no system. */
const LONGEST = 200;

/** Undefined for a system that is not read here: its codes are kept aside. An edition of SNOMED CT is SNOMED CT. */
export function systemOf(text: string): CodeSystem | undefined {
  if (text.length > LONGEST) return undefined;
  const [address = ''] = text.trim().toLowerCase().split('|', 1);
  const name = withoutEnd(address.replace(/^(https?:\/\/(www\.)?|urn:oid:)/, ''), '/');
  const found = BY_NAME.get(name) ?? (/^snomed\.info\/sct\/\d+/.test(name) ? 'snomed' : undefined);
  return isSystem(found) ? found : undefined;
}

/**
 * A code as this service's own door takes it, without a system: its form says which system it is of. Undefined: it has none of the
 * forms, so it can only be the name of a quantity.
 */
export function codingOfBare(code: string): Coding | undefined {
  const plain = code.trim();
  const system = /^(LA)?\d{1,7}-\d$/.test(plain)
    ? 'loinc'
    : /^\d{6,18}$/.test(plain)
      ? 'snomed'
      : /^[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?$/.test(plain)
        ? 'icd-10'
        : undefined;
  return system === undefined ? undefined : { system: SYSTEM_URIS[system], code: plain };
}
