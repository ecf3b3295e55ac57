// Turnaround times of studies from arrival to the model's reading, to the first look of a person and to the end; open studies count with the
// time that they have taken.
import { MINUTE_MS } from '#kernel/clock.ts';
import { PRIORITIES, type Priority } from '#kernel/finding.ts';
import type { StudyTimes } from '#kernel/service-times.ts';
import { timeWithin } from '#research/statistics/kaplan-meier.ts';

export const LEGS = ['arrival-reading', 'reading-opened', 'opened-closed', 'arrival-closed'] as const;
export type Leg = (typeof LEGS)[number];

export interface LegTimes {
  readonly leg: Leg;
  /** Studies that began it, and those that have ended it. */
  readonly begun: number;
  readonly ended: number;
  /** Minutes within which half, nine of ten, nineteen of twenty have ended it; null where they have not yet. */
  readonly medianMinutes: number | null;
  readonly p90Minutes: number | null;
  readonly p95Minutes: number | null;
}

export interface Turnaround {
  readonly priority: Priority;
  readonly studies: number;
  readonly legs: readonly LegTimes[];
}

const ENDS: Readonly<Record<Leg, (study: StudyTimes) => readonly [from: string | undefined, to: string | undefined]>> =
  {
    'arrival-reading': ({ receivedAt, readAt }) => [receivedAt, readAt],
    'reading-opened': ({ readAt, openedAt }) => [readAt, openedAt],
    'opened-closed': ({ openedAt, closedAt }) => [openedAt, closedAt],
    'arrival-closed': ({ receivedAt, closedAt }) => [receivedAt, closedAt],
  };

function legTimes(leg: Leg, studies: readonly StudyTimes[], now: Date): LegTimes {
  const spans = studies.flatMap((study) => {
    const [from, to] = ENDS[leg](study);
    if (from === undefined) return [];
    const end = to === undefined ? now.getTime() : Date.parse(to);
    // A study that was opened before the model had read it waited no time for that.
    return [{ minutes: Math.max(0, (end - Date.parse(from)) / MINUTE_MS), ended: to !== undefined }];
  });
  const followed = { times: spans.map(({ minutes }) => minutes), events: spans.map(({ ended }) => ended) };
  return {
    leg,
    begun: spans.length,
    ended: spans.filter(({ ended }) => ended).length,
    medianMinutes: timeWithin(followed, 0.5),
    p90Minutes: timeWithin(followed, 0.9),
    p95Minutes: timeWithin(followed, 0.95),
  };
}

/** One row per urgency, the gravest first; an urgency without a study is left out. */
export const turnaround = (studies: readonly StudyTimes[], now: Date): readonly Turnaround[] =>
  PRIORITIES.flatMap((priority) => {
    const of = studies.filter((study) => study.priority === priority);
    return of.length === 0 ? [] : [{ priority, studies: of.length, legs: LEGS.map((leg) => legTimes(leg, of, now)) }];
  });
