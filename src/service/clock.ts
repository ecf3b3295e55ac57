// The clock of the service: steady, and its jumps are told in the log and at /metrics.
import { readFileSync } from 'node:fs';
import { systemClock } from '#kernel/clock.ts';
import { createSteadyClock, type SteadyClock } from '#kernel/steady-clock.ts';
import type { Log } from '#http/log.ts';
import type { Metrics } from '#http/metrics.ts';

/** Seconds since the start of the machine, its sleep included; only Linux tells. */
function uptimeMs(): number | undefined {
  try {
    const seconds = Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0]);
    return Number.isFinite(seconds) ? seconds * 1000 : undefined;
  } catch {
    return undefined;
  }
}

export function startedClock(log: Log, metrics: Pick<Metrics, 'gauge'>): SteadyClock {
  const clock = createSteadyClock({
    wall: systemClock,
    monotonicMs: () => performance.now(),
    awakeAndAsleepMs: uptimeMs,
    jumped: (aheadMs) =>
      log(
        aheadMs === 0
          ? { level: 'info', event: 'clock agrees again' }
          : { level: 'error', event: 'clock jumped', aheadSeconds: Math.round(aheadMs / 1000) },
      ),
  });
  metrics.gauge('haidang_clock_ahead_seconds', 'By how much the machine’s clock was set since the start', () =>
    Math.round(clock.aheadMs() / 1000),
  );
  return clock;
}
