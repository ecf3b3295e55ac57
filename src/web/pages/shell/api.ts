// The service as the pages speak to it, and its faults as sentences: never "Failed to fetch".
import { createClient, HaidangError } from '#client/client.ts';
import { both, say } from './words.ts';

const LONGEST_MS = 20_000;

const bounded: typeof fetch = (input, init) => {
  const deadline = AbortSignal.timeout(LONGEST_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  return fetch(input, { ...init, signal });
};

export const { v1 } = createClient({ baseUrl: location.origin, fetch: bounded });

export function faultText(thrown: unknown): string {
  if (thrown instanceof HaidangError) return both(thrown.text);
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return say('fault.slow');
  if (thrown instanceof TypeError) return say('fault.connection');
  return say('fault.service');
}

export const isMissing = (thrown: unknown): boolean => thrown instanceof HaidangError && thrown.status === 404;
