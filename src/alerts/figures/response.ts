// Response times of alerts per severity, receiver and ward. An open alert counts with the time that it has waited, or the figures
// would look best where nobody answers.
import { MINUTE_MS } from '#kernel/clock.ts';
import { type Alert, SEVERITIES } from '#kernel/alert.ts';
import { timeWithin } from '#research/statistics/kaplan-meier.ts';
import { isUnanswered } from '#alerts/lifecycle/lifecycle.ts';
import type { FollowedAlert } from './figures.ts';

/** How long an alert was followed, and whether a person's answer ended it. */
interface Wait {
  readonly minutes: number;
  readonly answered: boolean;
}

export const RESPONSE_GROUPS = ['all', 'severity', 'role', 'login', 'ward'] as const;

/** Unanswered alerts by age: [from, to) in minutes. */
export const AGE_BOUNDS_MINUTES = [0, 15, 60, 240, 1_440] as const;
/** With fewer alerts the 90th percentile would rest on a single one. */
export const LEAST_FOR_P90 = 10;

export interface AgeCount {
  readonly fromMinutes: number;
  readonly toMinutes: number | null;
  readonly n: number;
}

export interface ResponseFigures {
  readonly group: (typeof RESPONSE_GROUPS)[number];
  /** Empty for all; a ward's code, a severity, a role or a login. */
  readonly name: string;
  readonly told: number;
  readonly answered: number;
  /** Ended by the clock or by a newer alert, without an answer. */
  readonly ended: number;
  /** Null where half (nine of ten) are not answered yet. */
  readonly medianMinutes: number | null;
  readonly p90Minutes: number | null;
  readonly unanswered: readonly AgeCount[];
}

const ANSWERS: ReadonlySet<string> = new Set(['acknowledged', 'overridden', 'false-positive', 'resolved']);

/** Kaplan and Meier's estimate (J Am Stat Assoc 1958;53:457), in minutes: those without an answer leave at their own time. */
const answeredWithin = (waits: readonly Wait[], share: number): number | null =>
  timeWithin({ times: waits.map(({ minutes }) => minutes), events: waits.map(({ answered }) => answered) }, share);

interface Answered extends Wait {
  readonly alert: Alert;
}

function waitOf({ alert, events }: FollowedAlert, now: Date): Answered {
  const answer = events.find(({ actor, to }) => actor !== 'system' && to !== undefined && ANSWERS.has(to));
  const end = answer ?? events.find(({ to, kind }) => kind === 'superseded' || to === 'expired' || to === 'resolved');
  const until = end === undefined ? now.getTime() : Date.parse(end.at);
  return {
    alert,
    answered: answer !== undefined,
    minutes: Math.max(0, (until - Date.parse(alert.createdAt)) / MINUTE_MS),
  };
}

const ageCounts = (waits: readonly Answered[]): readonly AgeCount[] => {
  const open = waits.filter(({ alert, answered }) => !answered && isUnanswered(alert.status));
  return AGE_BOUNDS_MINUTES.map((fromMinutes, place) => {
    const toMinutes = AGE_BOUNDS_MINUTES[place + 1] ?? null;
    const n = open.filter(
      ({ minutes }) => minutes >= fromMinutes && (toMinutes === null || minutes < toMinutes),
    ).length;
    return { fromMinutes, toMinutes, n };
  });
};

function figuresOf(waits: readonly Answered[]): Omit<ResponseFigures, 'group' | 'name'> {
  const answered = waits.filter((wait) => wait.answered).length;
  const unanswered = ageCounts(waits);
  return {
    told: waits.length,
    answered,
    ended: waits.length - answered - unanswered.reduce((sum, { n }) => sum + n, 0),
    medianMinutes: answeredWithin(waits, 0.5),
    p90Minutes: waits.length < LEAST_FOR_P90 ? null : answeredWithin(waits, 0.9),
    unanswered,
  };
}

type Named = (alert: Alert) => readonly string[];

const NAMES: readonly (readonly [ResponseFigures['group'], Named])[] = [
  ['severity', ({ severity }) => [severity]],
  ['role', ({ audience }) => audience.roles],
  ['login', ({ audience }) => audience.loginNames],
  ['ward', ({ audience }) => audience.departmentCodes],
];

const inOrder = (a: string, b: string): number => {
  const rank = (name: string): number => SEVERITIES.findIndex((severity) => severity === name);
  return rank(b) - rank(a) || (a < b ? -1 : 1);
};

/** The first row is of all; an alert for two wards counts in both. Suppressed alerts had no receiver and are left out. */
export function responseFigures(followed: readonly FollowedAlert[], now: Date): readonly ResponseFigures[] {
  const waits = followed.filter(({ alert }) => alert.suppressedBecause === undefined).map((one) => waitOf(one, now));
  const rows: ResponseFigures[] = [{ group: 'all', name: '', ...figuresOf(waits) }];
  for (const [group, namesOf] of NAMES) {
    const names = new Set(waits.flatMap(({ alert }) => namesOf(alert)));
    for (const name of [...names].sort(inOrder))
      rows.push({ group, name, ...figuresOf(waits.filter(({ alert }) => namesOf(alert).includes(name))) });
  }
  return rows;
}
