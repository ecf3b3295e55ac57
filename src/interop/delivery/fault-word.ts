// What was thrown on the way to a receiver comes in, a word for whoever looks after deliveries goes out: never a text, which may name a patient.
import { CareError } from '#kernel/errors.ts';

/** `ECONNREFUSED` and its like are what an administrator can act on; fetch hides them in the cause of a TypeError. */
export function faultWord(thrown: unknown): string {
  if (thrown instanceof CareError) return thrown.code;
  if (!(thrown instanceof Error)) return 'fault';
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
  return thrown.cause instanceof Error ? faultWord(thrown.cause) : thrown.name;
}
