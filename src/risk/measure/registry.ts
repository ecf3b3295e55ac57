// Registry of codes: the quantity behind each code and its reader, built once from the equations that are served, so that no two of them
// can disagree.
import type { Equation } from '#risk/equation/equation.ts';
import { riskErrors } from '#risk/errors.ts';
import type { Coding } from '#kernel/coding.ts';
import { CONDITION_CONCEPTS } from '#terminology/conditions.ts';
import { SYSTEM_URIS, systemOf } from '#terminology/systems.ts';
import { answerSetNamed, answerSetOf } from '#terminology/answers.ts';
import type { AnswerSet } from '#terminology/value-sets/answer-set.ts';
import { DELIVERY_DATE_CODES, FLAG_CODES, QUANTITIES, type QuantityRow } from './codes.ts';

export type Concept =
  | { readonly kind: 'number'; readonly row: QuantityRow }
  | { readonly kind: 'flag'; readonly concept: string }
  | { readonly kind: 'coded'; readonly concept: string }
  | { readonly kind: 'delivery-date' }
  /** Answered with a code of a list. */
  | { readonly kind: 'answered'; readonly set: AnswerSet };

export interface Registry {
  /** Undefined for a coding of another system: what its code means here is not known. */
  byCoding(coding: Coding): Concept | undefined;
  /** The concept's own name, as this service's own door takes it. */
  byName(name: string): Concept | undefined;
  quantity(concept: string): QuantityRow | undefined;
}

export const conceptOf = (input: { readonly name: string; readonly concept?: string | undefined }): string =>
  input.concept ?? input.name;

const kindOf = { number: 'number', boolean: 'flag', coded: 'coded' } as const;

/** Concepts that no equation takes as an input but derivations start from. */
const FLAGS_FOR_DERIVATIONS = ['emphysema', 'copd', 'diabetes', 'ever_smoker', 'smoker', 'chronic_hepatitis'];

/** `siteCodes`: what a hospital says that its own codes mean, as LOINC. */
export function createRegistry(
  equations: Iterable<Equation>,
  siteCodes: ReadonlyMap<string, string> = new Map(),
): Registry {
  const concepts = new Map<string, Concept>();
  const codes = new Map<string, string>();
  const addCode = (code: string, concept: string): void => {
    const other = codes.get(code);
    if (other !== undefined && other !== concept) {
      throw riskErrors.error('bad-equation', {
        field: code,
        reason: `${code} would mean both ${other} and ${concept}`,
      });
    }
    codes.set(code, concept);
  };
  const addFlag = (concept: string): void => {
    if (!concepts.has(concept)) concepts.set(concept, { kind: 'flag', concept });
  };

  for (const row of QUANTITIES) {
    concepts.set(row.concept, { kind: 'number', row });
    for (const code of row.loinc) addCode(code, row.concept);
  }
  for (const concept of [...FLAGS_FOR_DERIVATIONS, ...CONDITION_CONCEPTS]) addFlag(concept);
  for (const [concept, loinc] of Object.entries(FLAG_CODES)) for (const code of loinc) addCode(code, concept);
  concepts.set('delivery_date', { kind: 'delivery-date' });
  for (const code of DELIVERY_DATE_CODES) addCode(code, 'delivery_date');
  for (const { data } of equations) {
    for (const { concept } of data.population.premises) addFlag(concept);
    for (const input of data.inputs) {
      const concept = conceptOf(input);
      for (const { code } of input.codes ?? []) addCode(code, concept);
      const found = concepts.get(concept);
      if (found === undefined && input.kind === 'number') {
        const plausible = [
          input.range.minimum ?? input.range.above ?? 0,
          input.range.maximum ?? input.range.below ?? 0,
        ] as const;
        concepts.set(concept, { kind: 'number', row: { concept, unit: input.unit, loinc: [], plausible } });
      } else if (found === undefined && input.kind === 'coded') {
        concepts.set(concept, { kind: 'coded', concept });
      } else if (found === undefined) {
        addFlag(concept);
      } else if (found.kind !== kindOf[input.kind]) {
        throw riskErrors.error('bad-equation', { field: input.name, reason: `${concept} is read in two ways` });
      }
    }
  }

  return {
    byCoding({ system, code }) {
      const known = systemOf(system);
      const own = known === undefined ? (siteCodes.get(`${system}|${code}`) ?? siteCodes.get(code)) : undefined;
      const loinc = known === 'loinc' ? code : own;
      const set = answerSetOf(own === undefined ? { system, code } : { system: SYSTEM_URIS.loinc, code: own });
      if (set !== undefined) return { kind: 'answered', set };
      if (loinc === undefined) return undefined;
      const concept = codes.get(loinc);
      return concept === undefined ? undefined : concepts.get(concept);
    },
    byName(name) {
      const set = answerSetNamed(name);
      return set === undefined ? concepts.get(name) : { kind: 'answered', set };
    },
    quantity(concept) {
      const found = concepts.get(concept);
      return found?.kind === 'number' ? found.row : undefined;
    },
  };
}
