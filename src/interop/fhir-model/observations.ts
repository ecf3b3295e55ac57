// FHIR Observations and Conditions come in, measurements and coded problems go out; what cannot be used is counted with its reason.
import type { CodedProblem } from '#kernel/condition.ts';
import type { FhirResource } from './resource.ts';
import { z } from 'zod';
import type { Measurement } from '#kernel/measurement.ts';

const coding = z.looseObject({ system: z.string().optional(), code: z.string().optional() });
const concept = z.looseObject({ coding: z.array(coding).optional() });
const quantity = z.looseObject({
  value: z.number().optional(),
  comparator: z.string().optional(),
  unit: z.string().optional(),
  system: z.string().optional(),
  code: z.string().optional(),
});

const valued = {
  valueQuantity: quantity.optional(),
  valueCodeableConcept: concept.optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.number().optional(),
  valueString: z.string().optional(),
};

const observation = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  code: concept,
  ...valued,
  component: z.array(z.looseObject({ code: concept, ...valued })).optional(),
  effectiveDateTime: z.string().optional(),
  effectiveInstant: z.string().optional(),
  effectivePeriod: z.looseObject({ start: z.string().optional(), end: z.string().optional() }).optional(),
  issued: z.string().optional(),
});

type Valued = Pick<z.infer<typeof observation>, keyof typeof valued>;

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const USABLE = new Set(['final', 'amended', 'corrected', 'preliminary']);
const COMPARATORS = new Set(['<', '<=', '>', '>=']);

const isComparator = (text: string): text is NonNullable<Measurement['comparator']> => COMPARATORS.has(text);

function codeOf({ coding: codings = [] }: z.infer<typeof concept>): string | undefined {
  return codings.find(({ system, code }) => system === LOINC && code !== undefined)?.code ?? codings[0]?.code;
}

type ValuePart = Pick<Measurement, 'value' | 'unit' | 'comparator'>;

function quantityValue({ value, comparator, unit, system, code }: z.infer<typeof quantity>): ValuePart | null {
  if (value === undefined || (comparator !== undefined && !isComparator(comparator))) return null;
  const shown = system === UCUM ? (code ?? unit) : (unit ?? code);
  return {
    value,
    ...(shown === undefined ? {} : { unit: shown }),
    ...(comparator === undefined ? {} : { comparator }),
  };
}

function valueOf(from: Valued): ValuePart | null {
  if (from.valueQuantity !== undefined) return quantityValue(from.valueQuantity);
  if (from.valueBoolean !== undefined) return { value: from.valueBoolean };
  if (from.valueInteger !== undefined) return { value: from.valueInteger };
  const coded = from.valueCodeableConcept?.coding?.find(({ code }) => code !== undefined)?.code;
  if (coded !== undefined) return { value: coded };
  return from.valueString === undefined ? null : { value: from.valueString };
}

export interface ReadObservations {
  readonly measurements: readonly Measurement[];
  /** Observations that gave no measurement: no value, no code, a status that is not to be used. */
  readonly unusable: number;
}

/** One measurement per observation and per component (blood pressure is a panel of two). */
export function readObservations(resources: readonly FhirResource[]): ReadObservations {
  const measurements: Measurement[] = [];
  let unusable = 0;
  for (const resource of resources.filter(({ resourceType }) => resourceType === 'Observation')) {
    const parsed = observation.safeParse(resource);
    if (!parsed.success || !USABLE.has(parsed.data.status ?? '')) {
      unusable += 1;
      continue;
    }
    const { data } = parsed;
    const time = data.effectiveDateTime ?? data.effectiveInstant ?? data.effectivePeriod?.end ?? data.issued;
    const found = [data, ...(data.component ?? [])].flatMap((part): Measurement[] => {
      const code = codeOf(part.code);
      const value = valueOf(part);
      if (code === undefined || value === null) return [];
      return [
        {
          code,
          ...value,
          ...(time === undefined ? {} : { time }),
          source: data.id === undefined ? 'Observation' : `Observation/${data.id}`,
        },
      ];
    });
    if (found.length === 0) unusable += 1;
    measurements.push(...found);
  }
  return { measurements, unusable };
}

const condition = z.looseObject({
  code: concept.optional(),
  clinicalStatus: concept.optional(),
  verificationStatus: concept.optional(),
});

const OVER = new Set(['inactive', 'resolved', 'remission']);
const DENIED = new Set(['refuted', 'entered-in-error']);

/** Problems that the patient has now: what is over, refuted or entered in error is left out. */
export function readConditions(resources: readonly FhirResource[]): readonly CodedProblem[] {
  return resources
    .filter(({ resourceType }) => resourceType === 'Condition')
    .flatMap((resource): CodedProblem[] => {
      const parsed = condition.safeParse(resource);
      if (!parsed.success) return [];
      const { code, clinicalStatus, verificationStatus } = parsed.data;
      const states = [clinicalStatus, verificationStatus].map((status) => status?.coding?.[0]?.code ?? '');
      if (OVER.has(states[0] ?? '') || DENIED.has(states[1] ?? '')) return [];
      return (code?.coding ?? []).flatMap((one) =>
        one.code === undefined ? [] : [{ system: one.system ?? '', code: one.code }],
      );
    });
}
