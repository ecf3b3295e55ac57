// Reads the parameters of a search: an unknown one is named, one that cannot be answered is refused.
import type { Sort, TimeGroups } from '#kernel/record-search.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import { rangesOf } from './date.ts';
import { readSubset, type Subset } from './subset.ts';
import { patientToken, type Token, tokenOf, unescape, valuesOf, withoutBase } from './token.ts';

export interface SearchParameter {
  readonly name: string;
  readonly type: 'date' | 'token' | 'reference' | 'string';
  /** Which question it answers. */
  readonly asks: 'patient' | 'time' | 'identifier' | 'status' | 'code' | 'target' | 'actor' | 'entity' | 'model';
  /** Not one of R4's own: said in the CapabilityStatement. */
  readonly own?: true;
}

export interface Asked {
  readonly ids?: readonly string[];
  readonly times: TimeGroups;
  readonly updated: TimeGroups;
  /** Per parameter that was given: all must hold, and of each any value. */
  readonly tokens: readonly {
    readonly asks: SearchParameter['asks'];
    readonly name: string;
    readonly anyOf: readonly Token[];
  }[];
}

/** What may be asked of one type. */
export interface SearchRules {
  readonly type: string;
  readonly parameters: readonly SearchParameter[];
  readonly sorts: readonly Sort['by'][];
  /** Name of the parameter → element that it follows. */
  readonly includes: ReadonlyMap<string, string>;
  readonly hasProvenance: boolean;
  /** Of this server: `https://host/fhir`. */
  readonly base?: string;
}

export interface Included {
  /** Elements of the matches whose references are followed. */
  readonly elements: readonly string[];
  readonly provenance: boolean;
}

export interface ParsedSearch {
  readonly asked: Asked;
  readonly count: number;
  readonly sort?: Sort;
  readonly included: Included;
  /** `page` without a total, `count` without the entries (`_summary=count`, or `_count=0`). */
  readonly answer: 'page' | 'page-and-total' | 'count';
  /** Of each resource; absent: all of it. */
  readonly subset?: Subset;
  readonly after?: string;
  /** In the order given: for the self link. */
  readonly used: readonly (readonly [string, string])[];
  readonly unknown: readonly string[];
}

const DEFAULT_COUNT = 50;
const LARGEST_COUNT = 200;
/** With _include or _revinclude a page holds fewer matches: a report brings some twenty findings. */
const LARGEST_WITH_INCLUDED = 50;
export const PROVENANCE_TARGET = 'Provenance:target';
/** About the answer, not about what is searched. */
const OF_THE_ANSWER = new Set(['_format', '_pretty']);
export const CURSOR = '_cursor';

const refuse = (field: string, reason: string) => fhirErrors.error('bad-parameter', { field, reason });

function countOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw refuse('_count', 'not a whole number');
  return Math.min(Number(text), LARGEST_COUNT);
}

/** Every subject here is a Patient. Chained, the identifier of the reference is meant; of no other parameter is a modifier known. */
const PATIENT_FORMS: ReadonlyMap<string, 'code' | 'identifier'> = new Map([
  [':Patient', 'code'],
  [':identifier', 'identifier'],
  ['.identifier', 'identifier'],
  [':Patient.identifier', 'identifier'],
]);

function parameterOf(
  name: string,
  known: readonly SearchParameter[],
): { parameter: SearchParameter; byIdentifier: boolean } | undefined {
  const [bare = ''] = name.split(/[:.]/, 1);
  const parameter = known.find((one) => one.name === bare);
  if (parameter === undefined) return undefined;
  if (name === bare) return { parameter, byIdentifier: false };
  const form = parameter.asks === 'patient' ? PATIENT_FORMS.get(name.slice(bare.length)) : undefined;
  if (form === undefined) throw refuse(name, 'this modifier or chain is not supported');
  return { parameter, byIdentifier: form === 'identifier' };
}

/** One key, `date` or `-date`: a parameter of time of this type, or `_lastUpdated`. Undefined: not sorted by here. */
function sortOf(text: string, { parameters, sorts }: SearchRules): Sort | undefined {
  const descending = text.startsWith('-');
  const name = descending ? text.slice(1) : text;
  const isTime = parameters.some((one) => one.asks === 'time' && one.name === name);
  const by = name === '_lastUpdated' ? 'updated' : isTime ? 'time' : undefined;
  return by !== undefined && sorts.includes(by) ? { by, descending } : undefined;
}

/** `DiagnosticReport:result`, also with its target's type behind; `*` for all of this type. */
function includedBy(text: string, { type, includes }: SearchRules): readonly string[] {
  if (text === '*') return [...includes.values()];
  const [of, name = '', target = '', ...rest] = text.split(':');
  const element = includes.get(name);
  return of === type && element !== undefined && rest.length === 0 && /^([A-Z][A-Za-z]*)?$/.test(target)
    ? [element]
    : [];
}

/** What an answer looks like; false: not known here. */
function readAnswer(name: string, text: string, rules: SearchRules, into: Answer): boolean {
  switch (name) {
    case '_sort': {
      const sort = sortOf(text, rules);
      if (sort === undefined) return false;
      into.sort = sort;
      return true;
    }
    case '_include': {
      const elements = includedBy(text, rules);
      for (const element of elements) into.elements.add(element);
      return elements.length > 0;
    }
    case '_revinclude':
      if (text !== PROVENANCE_TARGET || !rules.hasProvenance) return false;
      into.provenance = true;
      return true;
    case '_summary':
      if (text === 'count') into.answer = 'count';
      else into.subset = readSubset(name, text);
      return text === 'count' || text === 'false' || into.subset !== undefined;
    case '_elements':
      into.subset = readSubset(name, text);
      return into.subset !== undefined;
    case '_total':
      // Who asks for an estimate may be given the exact number (R4).
      if (['accurate', 'estimate'].includes(text) && into.answer === 'page') into.answer = 'page-and-total';
      return ['accurate', 'estimate', 'none'].includes(text);
    default:
      return false;
  }
}

interface Answer {
  sort?: Sort;
  readonly elements: Set<string>;
  provenance: boolean;
  answer: ParsedSearch['answer'];
  subset?: Subset | undefined;
}

/** Throws `fhir.bad-parameter`; a parameter that is not known is listed in `unknown`. */
export function parseSearch(
  given: readonly (readonly [string, string])[],
  rules: SearchRules,
  now: Date,
): ParsedSearch {
  const used: (readonly [string, string])[] = [];
  const unknown: string[] = [];
  const times: TimeGroups[number][] = [];
  const updated: TimeGroups[number][] = [];
  const tokens: Asked['tokens'][number][] = [];
  const answer: Answer = { elements: new Set(), provenance: false, answer: 'page' };
  let ids: readonly string[] | undefined;
  let count = DEFAULT_COUNT;
  let after: string | undefined;

  for (const [name, text] of given) {
    if (OF_THE_ANSWER.has(name)) continue;
    if (name === CURSOR) {
      after = text.slice(0, 200);
      continue;
    }
    if (name === '_count') count = countOf(text);
    else if (name === '_id') {
      const wanted = valuesOf(name, text).map(unescape);
      ids = ids === undefined ? wanted : ids.filter((id) => wanted.includes(id));
    } else if (name === '_lastUpdated') {
      updated.push(valuesOf(name, text).flatMap((value) => rangesOf(name, value, now)));
    } else if (name.startsWith('_')) {
      if (!readAnswer(name, text, rules, answer)) {
        unknown.push(text.length > 60 ? name : `${name}=${text}`);
        continue;
      }
    } else {
      const found = parameterOf(name, rules.parameters);
      if (found === undefined) {
        unknown.push(name);
        continue;
      }
      const { parameter, byIdentifier } = found;
      const values = valuesOf(name, text);
      if (parameter.asks === 'time') times.push(values.flatMap((value) => rangesOf(name, value, now)));
      else {
        const isPatient = parameter.asks === 'patient' && !byIdentifier;
        const sent = parameter.type === 'reference' ? values.map((value) => withoutBase(value, rules.base)) : values;
        const anyOf = sent.map((value) => (isPatient ? patientToken(name, value) : tokenOf(name, value)));
        tokens.push({ asks: parameter.asks, name, anyOf });
      }
    }
    used.push([name, text]);
  }
  return {
    asked: { ...(ids !== undefined && { ids }), times, updated, tokens },
    count: answer.elements.size > 0 ? Math.min(count, LARGEST_WITH_INCLUDED) : count,
    ...(answer.sort !== undefined && { sort: answer.sort }),
    included: { elements: [...answer.elements], provenance: answer.provenance },
    answer: count === 0 ? 'count' : answer.answer,
    ...(answer.subset !== undefined && { subset: answer.subset }),
    ...(after !== undefined && { after }),
    used,
    unknown,
  };
}
