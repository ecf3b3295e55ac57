// Clinical conditions that a diagnosis states: looked up in its own system, in every coding that the sender gave.
import { DAY_MS } from '#kernel/clock.ts';
import type { Coding } from '#kernel/coding.ts';
import { latestMomentOf } from './moment.ts';
import { systemOf } from './systems.ts';
import type { ConditionCodes } from '#terminology/value-sets/condition-set.ts';
import { CONDITION_SETS } from '#terminology/value-sets/conditions.ts';

/** No system of diagnoses has a longer one; each condition would walk through a longer text anew. */
const LONGEST_CODE = 64;

/** `I21.9`, `I219`, `i21.9`, `G63.2*` and `E11.4†` are written alike. */
const plainIcd10 = (code: string): string =>
  code.length > LONGEST_CODE ? '' : code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

const SNOMED_CODES = new Map<ConditionCodes, ReadonlySet<string>>(
  CONDITION_SETS.flatMap((set) => [set, ...(set.ending === undefined ? [] : [set.ending])]).map((codes) => [
    codes,
    new Set(codes.snomed),
  ]),
);

const isBelow = (code: string, beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => code.startsWith(plainIcd10(beginning)));

const isIcd10 = (code: string): boolean => /^[A-Z]\d[0-9A-Z]/.test(code);

function holds(set: ConditionCodes, { system, code }: Coding): boolean {
  const { icd10, icd10Except = [], icpc2 = [] } = set;
  switch (systemOf(system)) {
    case 'snomed':
      return SNOMED_CODES.get(set)?.has(code.trim()) === true;
    case 'icpc-2':
      return icpc2.includes(code.trim().toUpperCase());
    case 'icd-10': {
      const plain = plainIcd10(code);
      return isIcd10(plain) && isBelow(plain, icd10) && !isBelow(plain, icd10Except);
    }
    default:
      return false;
  }
}

/** Codes of ICD-10 in a text that joins them by commas, semicolons or blanks, sometimes with the names beside them; each once. */
export const icd10CodesIn = (text: string): readonly string[] => [
  ...new Set(text.toUpperCase().match(/\b[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?[*†+]?(?![0-9A-Z])/g)),
];

/** Concepts that any of the codings of one diagnosis states, each once. A coding of an unknown system states nothing. */
export const conditionsOf = (codings: readonly Coding[]): readonly string[] =>
  CONDITION_SETS.filter((set) => codings.some((coding) => holds(set, coding))).map(({ concept }) => concept);

/** Whether the condition counts though it is over: an established disease does, a pregnancy does not. */
export const isLasting = (concept: string): boolean =>
  CONDITION_SETS.some((set) => set.concept === concept && set.lasting);

interface StatedCondition {
  readonly codings: readonly Coding[];
  /** The last day on which it was stated to begin or was recorded. */
  readonly since: string | undefined;
}

/** A pregnancy and an acute infarction end by themselves; a delivery ends a pregnancy. */
export function hasRunOut(concept: string, { codings, since }: StatedCondition, asOf: Date): boolean {
  const set = CONDITION_SETS.find((one) => one.concept === concept);
  if (set?.lastsDays === undefined || since === undefined) return false;
  const { ending } = set;
  const hasEnded = ending !== undefined && codings.some((coding) => holds(ending, coding));
  return asOf.getTime() - latestMomentOf(since) > (hasEnded ? ending.lastsDays : set.lastsDays) * DAY_MS;
}

/** A code of a diagnosis, whether or not an equation asks for it. */
export const isDiagnosis = (codings: readonly Coding[]): boolean =>
  codings.some(({ system, code }) => systemOf(system) === 'icd-10' && isIcd10(plainIcd10(code)));

export const CONDITION_CONCEPTS: readonly string[] = CONDITION_SETS.map(({ concept }) => concept);
