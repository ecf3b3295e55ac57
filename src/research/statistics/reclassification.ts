// Does a new score move persons to the right side? Net reclassification improvement (Pencina 2008; without categories 2011).
import { twoSided } from './normal.ts';

export interface NetReclassification {
  /** Share of events that moved up less those that moved down. */
  readonly events: number;
  /** Share of non-events that moved down less those that moved up. */
  readonly nonEvents: number;
  readonly total: number;
  readonly standardError: number;
  readonly p: number;
}

export interface Reclassified {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly outcomes: readonly boolean[];
}

/** `cuts` are the lower bounds of the higher categories; none: every rise is a move up. */
export function netReclassification(
  { before, after, outcomes }: Reclassified,
  cuts: readonly number[] = [],
): NetReclassification {
  const category = (risk: number): number => cuts.filter((cut) => risk >= cut).length;
  const counts = { event: { up: 0, down: 0, n: 0 }, other: { up: 0, down: 0, n: 0 } };
  outcomes.forEach((outcome, at) => {
    const group = counts[outcome ? 'event' : 'other'];
    group.n += 1;
    const [was = 0, is = 0] =
      cuts.length === 0 ? [before[at], after[at]] : [category(before[at]!), category(after[at]!)];
    if (is > was) group.up += 1;
    else if (is < was) group.down += 1;
  });
  const { event, other } = counts;
  const events = (event.up - event.down) / event.n;
  const nonEvents = (other.down - other.up) / other.n;
  const variance = (event.up + event.down) / event.n ** 2 + (other.up + other.down) / other.n ** 2;
  const standardError = Math.sqrt(variance);
  const total = events + nonEvents;
  return { events, nonEvents, total, standardError, p: variance > 0 ? twoSided(total / standardError) : 1 };
}
