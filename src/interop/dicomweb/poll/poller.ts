// Asks one archive again and again: at its pace, at once while more waits, and more slowly while it cannot be reached.
import { setTimeout as pause } from 'node:timers/promises';
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

export interface Poller {
  /** Ends after the instance in hand. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE_MS = 5 * 60_000;

export function startPoller(settings: PollSettings, deps: PollerDeps): Poller {
  const stopping = new AbortController();
  const { signal } = stopping;
  const round = settings.kind === 'orthanc' ? pollOrthanc : pollQido;

  async function loop(): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        const more = await round(settings, { deps, signal });
        if (failures > 0) deps.told('archive polled again', { id: settings.id, reason: '' });
        failures = 0;
        if (more) continue;
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        const reason = thrown instanceof PollFault ? thrown.word : thrown instanceof Error ? thrown.name : 'unknown';
        // Once per outage, not once per round.
        if (failures === 1) deps.told('archive not polled', { id: settings.id, reason });
      }
      const wait = Math.min(
        settings.everyMs * 2 ** Math.min(failures, 12),
        Math.max(LONGEST_PAUSE_MS, settings.everyMs),
      );
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  const done = loop();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
