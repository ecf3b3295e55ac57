// The reading room against queueing theory, and the counterfactual order against its own time stamps.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erlangC, expectedWaits } from '#research/simulation/closed-form.ts';
import type { WaitedStudy } from '#kernel/waited-study.ts';
import { measuredEffect, waitsByArrival } from '#research/simulation/measured-effect.ts';
import { drawFilms, type ReadingRoom, waitsOf } from '#research/simulation/reading-room.ts';
import { triageEffect } from '#research/simulation/triage-effect.ts';

const room: ReadingRoom = {
  arrivalsPerHour: 12,
  prevalence: 0.1,
  sensitivity: 0.9,
  specificity: 0.85,
  readers: 2,
  minutesPerFilm: 8,
};

describe('queueing theory', () => {
  test('Erlang C of one reader is the load, and of two as the textbook has it', () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    // c = 2, a = 1: C = (a²/2 · 2/(2 − a)) / (1 + a + a²/2 · 2/(2 − a)) = 1/3.
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
  });

  test('the waits of all classes, weighted by their shares, are those of the order of arrival', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.6, noNaN: true }),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        (prevalence, sensitivity, specificity) => {
          const waits = expectedWaits({ ...room, prevalence, sensitivity, specificity });
          // Kleinrock's conservation law: the order moves waiting about, it does not make it.
          expect(prevalence * waits.grave + (1 - prevalence) * waits.others).toBeCloseTo(waits.arrival, 9);
        },
      ),
    );
  });
});

describe('the simulated room', () => {
  const options = { runs: 60, hours: 400, seed: 7 };
  const effect = triageEffect(room, options);
  const of = (name: string) => effect.groups.find(({ group }) => group === name);

  test('waits as the formulas say, both ways', () => {
    const expected = expectedWaits(room);
    for (const [name, urgency] of [
      ['grave', expected.grave],
      ['others', expected.others],
      ['all', expected.arrival],
    ] as const) {
      // 60 runs: the interval of the mean, half again as wide for a seed that is none of ours.
      for (const [interval, value] of [
        [of(name)?.urgency, urgency],
        [of(name)?.arrival, expected.arrival],
      ] as const) {
        const half = ((interval?.upper ?? 0) - (interval?.lower ?? 0)) / 2;
        expect(Math.abs((interval?.value ?? 0) - value), name).toBeLessThan(1.5 * half);
        expect(half).toBeLessThan(0.2 * value + 0.5);
      }
    }
  });

  test('shortens the wait of what is grave and no one else’s', () => {
    expect(of('grave')?.difference.upper).toBeLessThan(0);
    expect(of('others')?.difference.lower).toBeGreaterThan(0);
    expect(of('grave')?.urgencyP90.value).toBeLessThan(of('grave')?.arrivalP90.value ?? 0);
  });

  test('a model that knows nothing changes nothing for those who are grave', () => {
    const blind = triageEffect({ ...room, sensitivity: 0.3, specificity: 0.7 }, options);
    const grave = blind.groups.find(({ group }) => group === 'grave');
    expect(grave?.difference.lower).toBeLessThan(0);
    expect(grave?.difference.upper).toBeGreaterThan(0);
  });

  test('with ageing at once the order is that of arrival', () => {
    const films = drawFilms(room, { hours: 100, seed: 3 });
    const aged = waitsOf(films, { ...room, ageingMinutes: 0 }, 'urgency');
    expect(aged).toEqual(waitsOf(films, room, 'arrival'));
  });

  test('the same seed is the same answer; readers who cannot keep up are refused', () => {
    expect(triageEffect(room, options)).toEqual(effect);
    expect(() => triageEffect({ ...room, readers: 1 }, options)).toThrow(
      expect.objectContaining({ code: 'evaluation.queue-overflow', field: 'readers' }),
    );
  });
});

describe('time stamps of a real room', () => {
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString();
  const study = (studyUid: string, received: number, opened: number, priority: WaitedStudy['priority']) => ({
    studyUid,
    patient: studyUid,
    priority,
    receivedAt: at(received),
    openedAt: at(opened),
  });
  // Read at 10, 20, 30, 40. The critical ones overtook two routine ones.
  const studies = [
    study('r1', 0, 30, 'routine'),
    study('r2', 1, 40, 'routine'),
    study('c1', 5, 10, 'critical'),
    study('c2', 12, 20, 'critical'),
  ];

  test('the oldest study is taken at each moment at which a reader was free', () => {
    expect(Object.fromEntries(waitsByArrival(studies))).toEqual({ r1: 10, r2: 19, c1: 25, c2: 28 });
  });

  test('each priority gets its mean both ways, with an interval', () => {
    const [critical, routine] = measuredEffect(studies);
    expect(critical).toMatchObject({ priority: 'critical', studies: 2 });
    // (5 + 8) / 2 against (25 + 28) / 2.
    expect([critical?.waited.value, critical?.byArrival.value, critical?.difference.value]).toEqual([6.5, 26.5, -20]);
    expect(routine?.difference.value).toBe(20);
  });

  test('no study is read before it has come, whatever the times', () => {
    const times = fc.array(fc.tuple(fc.nat(500), fc.nat(300)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(times, (rows) => {
        const random = rows.map(([received, waited], n) => study(`s${n}`, received, received + waited, 'routine'));
        const waits = [...waitsByArrival(random).values()];
        expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
        const total = rows.reduce((sum, [, waited]) => sum + waited, 0);
        expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(total, 6);
      }),
    );
  });
});
