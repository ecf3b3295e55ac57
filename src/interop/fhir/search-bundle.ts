// A search of one type comes in, the searchset Bundle with its links goes out.
import type { Language } from '#kernel/errors.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { say } from '#messages/say.ts';
import { fhirErrors } from './errors.ts';
import type { FhirFinder } from './ports.ts';
import { CURSOR, parseSearch, type ParsedSearch } from './search/parse.ts';
import type { ResourceType } from './types.ts';
import type { ViewContext } from './views/view-context.ts';

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

/** Throws `fhir.unknown-parameter` when strict, `fhir.bad-parameter`. `total` is left out: nobody counts a chain of a million. */
export async function searchBundle(
  request: SearchRequest,
  { parameters, search }: ResourceType,
  find: FhirFinder,
  context: ViewContext,
): Promise<object> {
  const parsed = parseSearch(request.given, parameters, request.now);
  const { asked, count, after, unknown } = parsed;
  if (request.strict && unknown[0] !== undefined) {
    throw fhirErrors.error('unknown-parameter', { field: unknown[0], reason: 'not a search parameter of this type' });
  }
  const page = { asked, limit: count + 1, ...(after !== undefined && { after }) };
  const found = await search(find, page, context);
  const shown = found.slice(0, count);
  const next = found.length > count ? shown.at(-1)?.key : undefined;
  const entries = shown.map(({ resource }) => ({
    fullUrl: `${request.base}/${request.type}/${resource.id}`,
    resource,
    search: { mode: 'match' },
  }));
  const outcome = unknown.length === 0 ? [] : [ignored(unknown, context.language)];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: linksOf(request, parsed, next),
    ...(entries.length + outcome.length > 0 && { entry: [...entries, ...outcome] }),
  };
}
