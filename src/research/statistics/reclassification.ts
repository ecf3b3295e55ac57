// Does a new score move persons to the right side? Net reclassification improvement (Pencina 2008; without categories 2011).
import { type Followed, survivalCurve } from './kaplan-meier.ts';
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

/**
 * With censoring (Pencina 2011): how many of those who moved up, and of those who moved down, have the event by the horizon is read from
 * their survival curves. No standard error: a bootstrap over persons gives the interval.
 */
export function survivalReclassification(
  followed: Followed,
  { before, after }: Omit<Reclassified, 'outcomes'>,
  { horizon, cuts = [] }: { readonly horizon: number; readonly cuts?: readonly number[] },
): Pick<NetReclassification, 'events' | 'nonEvents' | 'total'> {
  const { times, events: happened, weights } = followed;
  const category = (risk: number): number => (cuts.length === 0 ? risk : cuts.filter((cut) => risk >= cut).length);
  const weightOf = (at: number): number => (weights === undefined ? 1 : weights[at]!);
  const everyone = [...times.keys()];
  const total = everyone.reduce((sum, at) => sum + weightOf(at), 0);
  /** Share of persons in the group, and how many of them have the event. */
  const group = (members: readonly number[]) => {
    const share = members.reduce((sum, at) => sum + weightOf(at), 0) / total;
    if (share === 0) return { share: 0, risk: 0 };
    const survival = survivalCurve({
      times: members.map((at) => times[at]!),
      events: members.map((at) => happened[at] === true),
      weights: Float64Array.from(members, weightOf),
    });
    return { share, risk: 1 - survival.at(horizon) };
  };
  const all = group(everyone);
  const up = group(everyone.filter((at) => category(after[at]!) > category(before[at]!)));
  const down = group(everyone.filter((at) => category(after[at]!) < category(before[at]!)));
  const events = (up.risk * up.share - down.risk * down.share) / all.risk;
  const nonEvents = ((1 - down.risk) * down.share - (1 - up.risk) * up.share) / (1 - all.risk);
  return { events, nonEvents, total: events + nonEvents };
}
