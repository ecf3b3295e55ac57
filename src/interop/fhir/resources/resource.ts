// The few R4 data types that our views are made of, and what every resource of ours carries.
import type { Found } from '#kernel/record-search.ts';

export interface Coding {
  readonly system?: string;
  readonly version?: string;
  readonly code?: string;
  readonly display?: string;
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

export interface Identifier {
  readonly type?: CodeableConcept;
  readonly system: string;
  readonly value: string;
}

export interface Reference {
  readonly reference?: string;
  readonly type?: string;
  readonly identifier?: Identifier;
  readonly display?: string;
}

export interface Quantity {
  readonly value: number;
  readonly unit: string;
  readonly system: string;
  readonly code: string;
}

export interface Meta {
  readonly lastUpdated?: string;
  readonly security?: readonly Coding[];
  readonly tag?: readonly Coding[];
}

export type Resource = Readonly<Record<string, unknown>> & {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: Meta;
};

/** HL7 AI Transparency on FHIR: what a machine asserted. */
const AIAST: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'AIAST',
  display: 'Artificial Intelligence asserted',
};

/** From a phantom or from a picture that is no original film. */
const TEST_DATA: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  code: 'HTEST',
  display: 'test health data',
};

export interface Asserted {
  readonly updatedAt: string;
  readonly notForClinicalUse?: boolean;
}

/** Of everything that a model says. */
export const assertedMeta = ({ updatedAt, notForClinicalUse = false }: Asserted): Meta => ({
  lastUpdated: updatedAt,
  security: notForClinicalUse ? [AIAST, TEST_DATA] : [AIAST],
});

export const metaOf = ({ updatedAt }: Pick<Found<unknown>, 'updatedAt'>): Meta => ({ lastUpdated: updatedAt });

const UCUM = 'http://unitsofmeasure.org';

/** The nearest decimal number: 0.214 × 100 is 21.4 and not 21.400000000000002. R4 expects no more than 18 digits, zeros included. */
const decimal = (value: number): number => Number(value.toPrecision(12));

export const quantity = (value: number, code: string, unit = code): Quantity => ({
  value: decimal(value),
  unit,
  system: UCUM,
  code,
});

export const asPercent = (share: number): number => decimal(share * 100);

export const reference = (type: string, id: string): Reference => ({ reference: `${type}/${id}`, type });
