// The effect of re-ordering by the model on waiting times: many runs of a reading room, each read both ways, with intervals over the runs.
import { evaluationErrors } from '#research/errors.ts';
import type { Interval } from '#research/statistics/bootstrap.ts';
import { expectedWaits, type ExpectedWaits, utilisationOf } from './closed-form.ts';
import { drawFilms, type SimulatedFilm, type ReadingRoom, waitsOf } from './reading-room.ts';

export interface TriageOptions {
  readonly runs: number;
  /** Of each run; the first fifth lets the queue fill and is not counted. */
  readonly hours: number;
  readonly seed: number;
}

export interface GroupEffect {
  readonly group: 'grave' | 'others' | 'all';
  /** Mean waiting minutes. */
  readonly arrival: Interval;
  readonly urgency: Interval;
  /** Urgency less arrival, of the same films. */
  readonly difference: Interval;
  /** The ninth decile of waiting minutes. */
  readonly arrivalP90: Interval;
  readonly urgencyP90: Interval;
}

export interface TriageEffect {
  readonly utilisation: number;
  readonly films: number;
  readonly groups: readonly GroupEffect[];
  /** By formula, in the long run; null with ageing, for which there is none. */
  readonly expected: ExpectedWaits | null;
}

const WARM_UP = 0.2;
const Z95 = 1.959964;

const GROUPS = {
  grave: ({ isGrave }: SimulatedFilm) => isGrave,
  others: ({ isGrave }: SimulatedFilm) => !isGrave,
  all: () => true,
} as const;

/** Each run is one observation: films of one run wait for each other. */
function over(values: readonly number[]): Interval {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / Math.max(1, values.length - 1);
  const half = Z95 * Math.sqrt(variance / values.length);
  return { value, lower: value - half, upper: value + half };
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

function decile(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(0.9 * sorted.length))] ?? 0;
}

/** Throws `evaluation.queue-overflow` where the readers cannot keep up: then waiting has no mean. */
export function triageEffect(room: ReadingRoom, { runs, hours, seed }: TriageOptions): TriageEffect {
  const utilisation = utilisationOf(room);
  if (utilisation >= 1)
    throw evaluationErrors.error('queue-overflow', {
      field: 'readers',
      reason: `the readers would have to work ${(100 * utilisation).toFixed(0)} % of the time`,
    });
  const counted = { grave: newSamples(), others: newSamples(), all: newSamples() };
  let films = 0;
  for (let run = 0; run < runs; run += 1) {
    const drawn = drawFilms(room, { hours, seed: seed + run });
    const waits = { arrival: waitsOf(drawn, room, 'arrival'), urgency: waitsOf(drawn, room, 'urgency') };
    const from = drawn.findIndex(({ arrival }) => arrival >= hours * 60 * WARM_UP);
    if (from === -1) continue;
    films += drawn.length - from;
    for (const group of ['grave', 'others', 'all'] as const) {
      const members = drawn.flatMap((film, at) => (at >= from && GROUPS[group](film) ? [at] : []));
      if (members.length === 0) continue;
      const [arrival, urgency] = [members.map((at) => waits.arrival[at]!), members.map((at) => waits.urgency[at]!)];
      counted[group].arrival.push(mean(arrival));
      counted[group].urgency.push(mean(urgency));
      counted[group].arrivalP90.push(decile(arrival));
      counted[group].urgencyP90.push(decile(urgency));
    }
  }
  return {
    utilisation,
    films,
    expected: room.ageingMinutes === undefined ? expectedWaits(room) : null,
    groups: (['grave', 'others', 'all'] as const).map((group) => effectOf(group, counted[group])),
  };
}

interface Samples {
  readonly arrival: number[];
  readonly urgency: number[];
  readonly arrivalP90: number[];
  readonly urgencyP90: number[];
}

const newSamples = (): Samples => ({ arrival: [], urgency: [], arrivalP90: [], urgencyP90: [] });

const effectOf = (group: GroupEffect['group'], samples: Samples): GroupEffect => ({
  group,
  arrival: over(samples.arrival),
  urgency: over(samples.urgency),
  difference: over(samples.urgency.map((value, at) => value - samples.arrival[at]!)),
  arrivalP90: over(samples.arrivalP90),
  urgencyP90: over(samples.urgencyP90),
});
