// A circuit breaker per receiver: after failures in a row nothing is sent for a while, then one message tries the way.

export interface CircuitRules {
  readonly opensAfter: number;
  readonly firstPauseMs: number;
  /** The pause doubles with every probe that fails. */
  readonly longestPauseMs: number;
}

export const DEFAULT_CIRCUIT: CircuitRules = Object.freeze({
  opensAfter: 5,
  firstPauseMs: 15_000,
  longestPauseMs: 5 * 60_000,
});

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface Circuit {
  state(now: Date): CircuitState;
  /** How many may be sent now: none while open, one to try the way, all otherwise. */
  room(now: Date, wanted: number): number;
  succeeded(): void;
  failed(now: Date): void;
  /** When an open circuit lets one through. */
  opensAt(): Date | null;
}

export function createCircuit(rules: CircuitRules): Circuit {
  let failures = 0;
  let pauses = 0;
  let until: number | null = null;

  const state = (now: Date): CircuitState => {
    if (until === null) return 'closed';
    return now.getTime() < until ? 'open' : 'half-open';
  };

  return {
    state,
    room: (now, wanted) => {
      const current = state(now);
      if (current === 'open') return 0;
      return current === 'half-open' ? Math.min(1, wanted) : wanted;
    },
    succeeded: () => {
      failures = 0;
      pauses = 0;
      until = null;
    },
    failed: (now) => {
      failures += 1;
      const probeFailed = until !== null && now.getTime() >= until;
      if (!probeFailed && (until !== null || failures < rules.opensAfter)) return;
      until = now.getTime() + Math.min(rules.firstPauseMs * 2 ** Math.min(pauses, 30), rules.longestPauseMs);
      pauses += 1;
    },
    opensAt: () => (until === null ? null : new Date(until)),
  };
}
