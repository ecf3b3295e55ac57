// A clock that does not jump: when the machine's clock is set forward or back by more than a moment, time goes on at its own pace and somebody
// is told. Otherwise a wrong clock would end alerts that nobody has answered, and an hour back would keep studies from being read.
import type { Clock } from './clock.ts';

export interface SteadyClockOptions {
  /** The machine's clock. */
  readonly wall: Clock;
  /** Milliseconds that only grow, at the pace of seconds. */
  readonly monotonicMs: () => number;
  /** The same with the time in which the machine slept; absent or undefined where the system does not tell. */
  readonly awakeAndAsleepMs?: () => number | undefined;
  /** Milliseconds by which the machine's clock is ahead of this one; 0 when they agree again. */
  readonly jumped: (aheadMs: number) => void;
}

export interface SteadyClock extends Clock {
  /** Milliseconds by which the machine's clock is ahead of this one. */
  aheadMs(): number;
}

/** Time servers slew a clock by less; whoever sets it by hand sets more. */
const MOMENT_MS = 30_000;

export function createSteadyClock({ wall, monotonicMs, awakeAndAsleepMs, jumped }: SteadyClockOptions): SteadyClock {
  let last = { wall: wall.now().getTime(), monotonic: monotonicMs(), slept: awakeAndAsleepMs?.() };
  let ahead = 0;

  function follow(at: number, monotonic: number): void {
    last = { wall: at, monotonic, slept: awakeAndAsleepMs?.() };
    if (ahead !== 0) jumped(0);
    ahead = 0;
  }

  function look(): number {
    const [at, monotonic] = [wall.now().getTime(), monotonicMs()];
    const expected = last.wall + (monotonic - last.monotonic);
    if (Math.abs(at - expected) <= MOMENT_MS) {
      // Read again only now and then: a clock that is followed at each look could be led away step by step unseen.
      if (monotonic - last.monotonic > MOMENT_MS || ahead !== 0) follow(at, monotonic);
      return ahead === 0 ? at : expected;
    }
    const slept = awakeAndAsleepMs?.();
    const withSleep = slept === undefined || last.slept === undefined ? undefined : last.wall + (slept - last.slept);
    if (withSleep !== undefined && Math.abs(at - withSleep) <= MOMENT_MS) {
      follow(at, monotonic);
      return at;
    }
    const difference = at - expected;
    if (ahead === 0) {
      ahead = difference;
      jumped(difference);
    }
    ahead = difference;
    return expected;
  }

  return {
    now: () => new Date(look()),
    aheadMs: () => {
      look();
      return ahead;
    },
  };
}
