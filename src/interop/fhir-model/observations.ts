// FHIR Observations as measurements, every coding with its system. An Observation without a measurement is counted, because a list that silently
// shrinks reads as "was not measured".
import type { FhirResource } from './resource.ts';
import { z } from 'zod';
import type { Measurement } from '#kernel/measurement.ts';
import { saysItself } from '#terminology/answers.ts';
import { systemOf } from '#terminology/systems.ts';
import { ucumOf } from '#terminology/units.ts';
import { codeableConcept, codingsIn } from './coding.ts';

const quantity = z.looseObject({
  value: z.number().optional(),
  comparator: z.string().optional(),
  unit: z.string().optional(),
  system: z.string().optional(),
  code: z.string().optional(),
});

const valued = {
  valueQuantity: quantity.optional(),
  valueCodeableConcept: codeableConcept.optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.number().optional(),
  valueString: z.string().optional(),
  valueDateTime: z.string().optional(),
  dataAbsentReason: z.unknown().optional(),
};

const observation = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  code: codeableConcept,
  ...valued,
  component: z.array(z.looseObject({ code: codeableConcept, ...valued })).optional(),
  effectiveDateTime: z.string().optional(),
  effectiveInstant: z.string().optional(),
  effectivePeriod: z.looseObject({ start: z.string().optional(), end: z.string().optional() }).optional(),
  issued: z.string().optional(),
});

type Valued = Pick<z.infer<typeof observation>, keyof typeof valued>;

const UCUM = 'http://unitsofmeasure.org';
const USABLE = new Set(['final', 'amended', 'corrected', 'preliminary']);
const COMPARATORS = new Set(['<', '<=', '>', '>=']);

const isComparator = (text: string): text is NonNullable<Measurement['comparator']> => COMPARATORS.has(text);

type CodePart = Pick<Measurement, 'code' | 'system' | 'codings'>;

/** The LOINC coding names the measurement, else the first; all of them are kept. */
function codeOf(concept: z.infer<typeof codeableConcept>): CodePart | undefined {
  const codings = codingsIn(concept);
  const named = codings.find(({ system }) => systemOf(system) === 'loinc') ?? codings[0];
  return named === undefined ? undefined : { code: named.code, system: named.system, codings };
}

type ValuePart = Pick<Measurement, 'value' | 'unit' | 'comparator' | 'answers'>;

/** The code where it is UCUM's; a code that UCUM does not have stands behind the printed unit. */
function unitOf({ unit, system, code }: z.infer<typeof quantity>): string | undefined {
  const inOrder = system === UCUM ? [code, unit] : [unit, code];
  const sent = inOrder.filter((text) => text !== undefined && text.trim() !== '');
  return sent.find((text) => text !== undefined && ucumOf(text) !== undefined) ?? sent[0];
}

function quantityValue(sent: z.infer<typeof quantity>): ValuePart | null {
  const { value, comparator } = sent;
  if (value === undefined || (comparator !== undefined && !isComparator(comparator))) return null;
  const unit = unitOf(sent);
  return { value, ...(unit === undefined ? {} : { unit }), ...(comparator === undefined ? {} : { comparator }) };
}

/** The words first: the codes stand beside them with their systems. */
function codedValue(sent: z.infer<typeof codeableConcept>): ValuePart | null {
  const answers = codingsIn(sent);
  const [first] = answers;
  const value = sent.text ?? answers.find(({ text }) => text !== undefined)?.text ?? first?.code;
  return value === undefined ? null : { value, ...(first === undefined ? {} : { answers }) };
}

function valueOf(from: Valued): ValuePart | null {
  if (from.valueQuantity !== undefined) return quantityValue(from.valueQuantity);
  if (from.valueBoolean !== undefined) return { value: from.valueBoolean };
  if (from.valueInteger !== undefined) return { value: from.valueInteger };
  if (from.valueCodeableConcept !== undefined) return codedValue(from.valueCodeableConcept);
  const text = from.valueString ?? from.valueDateTime;
  return text === undefined ? null : { value: text };
}

/** A finding without a value states itself, where nothing says that the value is absent. */
function findingIn({ code, dataAbsentReason }: Valued & { readonly code: z.infer<typeof codeableConcept> }) {
  return dataAbsentReason === undefined && codingsIn(code).some(saysItself) ? { value: true } : null;
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
      const value = valueOf(part) ?? findingIn(part);
      if (code === undefined || value === null) return [];
      return [
        {
          ...code,
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
