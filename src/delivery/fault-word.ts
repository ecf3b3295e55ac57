// A fixed word for a failed delivery, for an administrator: never an error's own text, which may name a patient.
import { CareError } from '#kernel/errors.ts';

const codeOf = (thrown: Error): string | undefined =>
  'code' in thrown && typeof thrown.code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(thrown.code)
    ? thrown.code
    : undefined;

/** `ECONNREFUSED` and its like are what an administrator can act on; fetch hides them in the cause of a TypeError. */
export function faultWord(thrown: unknown): string {
  if (thrown instanceof CareError) return thrown.code;
  if (!(thrown instanceof Error)) return 'fault';
  const inner = thrown.cause instanceof Error ? codeOf(thrown.cause) : undefined;
  return codeOf(thrown) ?? inner ?? thrown.name;
}
