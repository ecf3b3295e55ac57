// The effect of re-ordering in a real reading room, from its own time stamps: how long each study waited, and how long it would have waited had the
// same readers, at the same moments, always taken the oldest study. The readers' work stays as it was; only the order is another.
import { MINUTE_MS } from '#kernel/clock.ts';
import type { WaitedStudy } from '#kernel/waited-study.ts';
import { type Interval, patientBootstraps } from '#research/statistics/bootstrap.ts';

export interface MeasuredGroup {
  readonly priority: WaitedStudy['priority'];
  readonly studies: number;
  /** Mean waiting minutes. */
  readonly waited: Interval;
  readonly byArrival: Interval;
  readonly difference: Interval;
}

/** Minutes that each study would have waited: at each moment at which a reader opened one, the oldest that was there is taken instead. */
export function waitsByArrival(studies: readonly WaitedStudy[]): ReadonlyMap<string, number> {
  const oldestFirst = studies.toSorted((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt));
  const moments = studies.map(({ openedAt }) => Date.parse(openedAt)).toSorted((a, b) => a - b);
  // The k-th reading takes the k-th arrival: it was there, because k studies had been opened by then and all of them had arrived.
  return new Map(
    oldestFirst.map(({ studyUid, receivedAt }, at) => [
      studyUid,
      ((moments[at] ?? Number.NaN) - Date.parse(receivedAt)) / MINUTE_MS,
    ]),
  );
}

/** A priority with fewer than two patients has no interval and is left out. */
export function measuredEffect(studies: readonly WaitedStudy[]): readonly MeasuredGroup[] {
  const otherwise = waitsByArrival(studies);
  return (['critical', 'urgent', 'routine'] as const).flatMap((priority): MeasuredGroup[] => {
    const group = studies.filter((study) => study.priority === priority);
    if (new Set(group.map(({ patient }) => patient)).size < 2) return [];
    const waited = group.map(({ receivedAt, openedAt }) => (Date.parse(openedAt) - Date.parse(receivedAt)) / MINUTE_MS);
    const byArrival = group.map(({ studyUid }) => otherwise.get(studyUid) ?? Number.NaN);
    const weighted = (values: readonly number[], weights: Float64Array): number => {
      let [sum, total] = [0, 0];
      values.forEach((value, at) => {
        sum += value * weights[at]!;
        total += weights[at]!;
      });
      return sum / total;
    };
    const [first, second, third] = patientBootstraps(
      (weights) => {
        const [one, other] = [weighted(waited, weights), weighted(byArrival, weights)];
        return [one, other, one - other];
      },
      { patients: group.map(({ patient }) => patient) },
    );
    return first === undefined || second === undefined || third === undefined
      ? []
      : [{ priority, studies: group.length, waited: first, byArrival: second, difference: third }];
  });
}
