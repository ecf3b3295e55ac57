import { expect, test } from 'vitest';
import { createSteadyClock } from '#kernel/steady-clock.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** A machine whose clock can be set, that can sleep, and on which time passes. */
function machine() {
  let [wall, monotonic, slept] = [START, 1_000, 50_000];
  const told: number[] = [];
  const clock = createSteadyClock({
    wall: { now: () => new Date(wall) },
    monotonicMs: () => monotonic,
    awakeAndAsleepMs: () => slept,
    jumped: (aheadMs) => told.push(aheadMs),
  });
  return {
    clock,
    told,
    pass: (ms: number) => {
      wall += ms;
      monotonic += ms;
      slept += ms;
    },
    sleep: (ms: number) => {
      wall += ms;
      slept += ms;
    },
    set: (ms: number) => {
      wall += ms;
    },
    since: () => clock.now().getTime() - START,
  };
}

test.each([
  ['two days ahead', 48 * HOUR_MS],
  ['an hour back', -HOUR_MS],
])('a clock that is set %s changes nothing, and is told once', (_, by) => {
  const { since, pass, set, told, clock } = machine();
  pass(1_000);
  set(by);
  expect(since()).toBe(1_000);
  pass(60_000);
  expect(since()).toBe(61_000);
  expect(told).toEqual([by]);
  expect(clock.aheadMs()).toBe(by);
  set(-by);
  expect(since()).toBe(61_000);
  expect(told).toEqual([by, 0]);
});

test('what a time server corrects little by little is followed', () => {
  const { since, pass, set, told } = machine();
  for (let minute = 0; minute < 60; minute += 1) {
    pass(60_000);
    set(500);
    since();
  }
  expect(since()).toBe(60 * 60_500);
  expect(told).toEqual([]);
});

test('a machine that slept has not been set', () => {
  const { since, pass, sleep, told } = machine();
  pass(1_000);
  sleep(8 * HOUR_MS);
  expect(since()).toBe(8 * HOUR_MS + 1_000);
  expect(told).toEqual([]);
});
