// Work in rounds with a pause between them, until it is stopped: a stop ends the pause at once and waits for the round in progress.
import { setTimeout as pause } from 'node:timers/promises';

export interface Rounds {
  stop(): Promise<void>;
}

/** `round` says how many milliseconds to pause after it, and tells its faults itself: one that rejects ends the rounds. */
export function startRounds(round: (signal: AbortSignal) => Promise<number>): Rounds {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) await pause(await round(signal), undefined, { signal }).catch(() => undefined);
  };
  const done = loop();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
