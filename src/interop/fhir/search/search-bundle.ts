// Answers a search of one type as a searchset Bundle with its links.
import type { Language } from '#kernel/errors.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { say } from '#messages/say.ts';
import type { FoundForSomebody } from '#interop/fhir/access-log.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import type { FhirFinder } from '#interop/fhir/ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { includedWith } from './include.ts';
import { CURSOR, parseSearch, type ParsedSearch, type SearchRules } from './parse.ts';
import { partOf } from './subset.ts';
import type { ResourceType } from '#interop/fhir/resources/types.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';

export interface SearchRequest {
  /** `https://host/fhir` */
  readonly base: string;
  readonly type: string;
  readonly given: readonly (readonly [string, string])[];
  readonly strict: boolean;
  readonly now: Date;
}

const addressOf = ({ base, type }: SearchRequest, parameters: readonly (readonly [string, string])[]): string => {
  const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  return `${base}/${type}${query === '' ? '' : `?${query}`}`;
};

/** Lenient: what was ignored is said in the Bundle itself, for an unknown filter widens the answer. */
const ignored = (unknown: readonly string[], language: Language): object => ({
  fullUrl: `urn:uuid:${derivedUuid('ignored', ...unknown)}`,
  resource: {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'warning',
        code: 'not-supported',
        details: { text: say(language, 'fhir.search.ignored', { names: unknown.join(', ').slice(0, 500) }) },
      },
    ],
  },
  search: { mode: 'outcome' },
});

function linksOf(request: SearchRequest, { used, after }: ParsedSearch, next: string | undefined): object[] {
  const at = (cursor: string | undefined): string =>
    addressOf(request, cursor === undefined ? used : [...used, [CURSOR, cursor]]);
  return [
    { relation: 'self', url: at(after) },
    ...(after === undefined ? [] : [{ relation: 'first', url: at(undefined) }]),
    ...(next === undefined ? [] : [{ relation: 'next', url: at(next) }]),
  ];
}

const entryOf = ({ base }: SearchRequest, resource: Resource, mode: 'match' | 'include'): object => ({
  fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
  resource,
  search: { mode },
});

/** Throws `fhir.unknown-parameter` when strict, `fhir.bad-parameter`. */
function parse(request: SearchRequest, rules: Omit<SearchRules, 'type' | 'base'>): ParsedSearch {
  const search = parseSearch(request.given, { ...rules, type: request.type, base: request.base }, request.now);
  const [first] = search.unknown;
  if (request.strict && first !== undefined) {
    const field = first.split('=', 1)[0] ?? first;
    throw fhirErrors.error('unknown-parameter', { field, reason: 'not known for this type' });
  }
  return search;
}

export interface Searched extends FoundForSomebody {
  readonly bundle: object;
}

/** Throws `fhir.unknown-parameter` when strict, `fhir.bad-parameter`. `total` only where it is asked for, because counting a million rows is slow. */
export async function searchBundle(
  request: SearchRequest,
  known: ResourceType,
  find: FhirFinder,
  context: ViewContext,
): Promise<Searched> {
  const search = parse(request, known);
  const { asked, count, sort, after, unknown, answer, subset } = search;
  const outcome = unknown.length === 0 ? [] : [ignored(unknown, context.language)];
  const page = {
    asked,
    limit: count + 1,
    ...(sort !== undefined && { sort }),
    ...(after !== undefined && { after }),
  };
  const total = answer === 'page' ? undefined : await known.count(find, page, context);
  const found = answer === 'count' ? [] : await known.search(find, page, context);
  const shown = found.slice(0, count);
  const next = found.length > count ? shown.at(-1)?.key : undefined;
  const matches = shown.map(({ resource }) => resource);
  const included = await includedWith(matches, search.included, find, context);
  const entry = [
    ...matches.map((resource) => entryOf(request, partOf(resource, subset), 'match')),
    // Names of elements are those of the type that was searched (R4).
    ...included.map((resource) =>
      entryOf(request, subset?.kind === 'elements' ? resource : partOf(resource, subset), 'include'),
    ),
    ...outcome,
  ];
  const bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total !== undefined && { total }),
    link: linksOf(request, search, next),
    ...(entry.length > 0 && { entry }),
  };
  const patients = asked.tokens.flatMap(({ asks, anyOf }) =>
    asks === 'patient' ? anyOf.map(({ value }) => value) : [],
  );
  return { bundle, patients, resources: [...matches, ...included] };
}
