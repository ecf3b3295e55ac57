// A FHIR resource as it arrives: only its type is known.

export type FhirResource = Readonly<Record<string, unknown>> & { readonly resourceType: string };
