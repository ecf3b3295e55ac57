// A code that opens one session, as Jupyter prints one: whoever started the service and reads its output is its owner.
import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import { equalSecrets } from './signed-link.ts';

const GOOD_MS = 30 * 60_000;

export interface OneTimeCode {
  readonly code: string;
  /** True once, within half an hour. */
  take(given: string): boolean;
}

export function newOneTimeCode(clock: Clock): OneTimeCode {
  const code = randomBytes(24).toString('base64url');
  const until = clock.now().getTime() + GOOD_MS;
  let used = false;
  return {
    code,
    take(given) {
      if (used || clock.now().getTime() > until || !equalSecrets(given, code)) return false;
      used = true;
      return true;
    },
  };
}
