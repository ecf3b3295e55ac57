// Reads what the client did not prefetch, from a FHIR server on the site's list and from no other (no SSRF, no token to strangers).
import { withoutEnd } from '#kernel/text-end.ts';
import type { FhirResource } from '#interop/fhir-model/resource.ts';
import { readPrefetched, type Prefetched } from './prefetch.ts';

export interface FhirAccess {
  /** Base address as the request gave it. */
  readonly server: string;
  readonly accessToken?: string;
}

const MAX_PAGES = 5;
/** A page of 50 observations is about 100 kB; a hundred times that is no page. */
const MAX_BYTES = 10 * 1024 * 1024;

const baseOf = (address: string): string | null => {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return null;
  return `${url.origin}${withoutEnd(url.pathname, '/')}`;
};

/** The base to ask, or null when the server is not on the list. Compared whole: scheme, host, port and path. */
function allowedBase(server: string, list: readonly string[]): string | null {
  const base = baseOf(server);
  return base !== null && list.some((entry) => baseOf(entry) === base) ? base : null;
}

/** A next page must lie under the same base: a bundle must not lead the token elsewhere. */
function isUnder(base: string, address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  const whole = `${url.origin}${url.pathname}`;
  return whole === base || whole.startsWith(`${base}/`);
}

async function readCapped(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function getJson(address: string, access: FhirAccess, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, {
    headers: {
      accept: 'application/fhir+json',
      ...(access.accessToken === undefined ? {} : { authorization: `Bearer ${access.accessToken}` }),
    },
    redirect: 'error',
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    return { resourceType: 'OperationOutcome' };
  }
  const text = await readCapped(response);
  return text === null ? { resourceType: 'OperationOutcome' } : JSON.parse(text);
}

/** Any failure (refused, slow, not JSON) is an error state, never a thrown one: the answer says what is missing. */
async function getPrefetched(address: string, access: FhirAccess, signal: AbortSignal): Promise<Prefetched> {
  try {
    return readPrefetched(await getJson(address, access, signal));
  } catch {
    return { state: 'error' };
  }
}

export interface FhirReader {
  /** `query` as in a prefetch template, filled in: `Patient/1` or `Observation?patient=1`. */
  read(query: string, signal: AbortSignal): Promise<Prefetched>;
  /** Follows the pages of a prefetched bundle; stays as it is where a page cannot be had. */
  readOn(first: Prefetched, signal: AbortSignal): Promise<Prefetched>;
}

/** Null when the server is not on the list. */
export function openFhirReader(access: FhirAccess, list: readonly string[]): FhirReader | null {
  const base = allowedBase(access.server, list);
  if (base === null) return null;

  async function readOn(first: Prefetched, signal: AbortSignal): Promise<Prefetched> {
    if (first.state !== 'data') return first;
    const resources: FhirResource[] = [...first.resources];
    let { next, incomplete } = first;
    for (let page = 1; next !== undefined && page < MAX_PAGES; page += 1) {
      if (base === null || !isUnder(base, next)) break;
      const more = await getPrefetched(next, access, signal);
      if (more.state !== 'data') break;
      resources.push(...more.resources);
      incomplete ||= more.incomplete;
      next = more.next;
    }
    return { state: 'data', resources, ...(next === undefined ? {} : { next }), incomplete };
  }

  return {
    async read(query, signal) {
      return readOn(await getPrefetched(`${base}/${query}`, access, signal), signal);
    },
    readOn,
  };
}
