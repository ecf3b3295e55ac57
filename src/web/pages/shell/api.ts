// The service as the pages speak to it, and its faults as sentences: never "Failed to fetch".
import { createClient, HaidangError } from '#client/client.ts';
import { both, say } from './words.ts';

const LONGEST_MS = 20_000;

const bounded: typeof fetch = (input, init) => {
  const deadline = AbortSignal.timeout(LONGEST_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  return fetch(input, { ...init, signal });
};

/** Of this session; a write of another site's page cannot name it. */
let csrf: string | null = null;
export function setCsrf(token: string | null): void {
  csrf = token;
}

/** Without a hand on the page it asks by itself, and the session is not kept alive by that. */
const AWAY_MS = 60_000;
let touchedAt = Date.now();
for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
  addEventListener(event, () => (touchedAt = Date.now()), { passive: true });

function leaveForLogin(): void {
  if (location.pathname === '/login') return;
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

const asPerson: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  if (csrf !== null && init?.method !== undefined && init.method !== 'GET') headers.set('x-csrf-token', csrf);
  if (Date.now() - touchedAt > AWAY_MS) headers.set('x-haidang-background', '1');
  const response = await bounded(input, { ...init, headers });
  if (response.status === 401) leaveForLogin();
  return response;
};

export const { v1 } = createClient({ baseUrl: location.origin, fetch: asPerson });

export function faultText(thrown: unknown): string {
  if (thrown instanceof HaidangError) return both(thrown.text);
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return say('fault.slow');
  if (thrown instanceof TypeError) return say('fault.connection');
  return say('fault.service');
}

export const isMissing = (thrown: unknown): boolean => thrown instanceof HaidangError && thrown.status === 404;

/** For the doors of standards, which have no typed client: the answer as it came, whatever its status. */
export async function send(
  path: string,
  body: unknown,
  language: string,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await bounded(path, {
    method: 'POST',
    headers: {
      'content-type': path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json',
      'accept-language': language,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  try {
    return { status: response.status, answer: JSON.parse(text) };
  } catch {
    return { status: response.status, answer: text };
  }
}
