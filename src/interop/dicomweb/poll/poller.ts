// Asks one archive again and again: at its pace, at once while more waits, and more slowly while it cannot be reached.
import { type Rounds, startRounds } from '#kernel/rounds.ts';
import { pollOrthanc } from './orthanc.ts';
import { pollQido } from './qido.ts';
import type { PollSettings } from './settings.ts';
import { type PollDeps, PollFault } from './source.ts';

export interface PollerDeps extends PollDeps {
  /** Fixed words, nothing of a patient. */
  told(
    event: 'archive not polled' | 'archive polled again',
    detail: { readonly id: string; readonly reason: string },
  ): void;
}

const LONGEST_PAUSE_MS = 5 * 60_000;

/** A stop ends after the instance in hand. */
export function startPoller(settings: PollSettings, deps: PollerDeps): Rounds {
  const poll = settings.kind === 'orthanc' ? pollOrthanc : pollQido;
  let failures = 0;
  return startRounds(async (signal) => {
    try {
      const more = await poll(settings, { deps, signal });
      if (failures > 0) deps.told('archive polled again', { id: settings.id, reason: '' });
      failures = 0;
      if (more) return 0;
    } catch (thrown) {
      if (signal.aborted) return 0;
      failures += 1;
      const reason = thrown instanceof PollFault ? thrown.word : thrown instanceof Error ? thrown.name : 'unknown';
      // Once per outage, not once per round.
      if (failures === 1) deps.told('archive not polled', { id: settings.id, reason });
    }
    return Math.min(settings.everyMs * 2 ** Math.min(failures, 12), Math.max(LONGEST_PAUSE_MS, settings.everyMs));
  });
}
