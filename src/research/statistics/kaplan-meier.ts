// The survival curve of Kaplan and Meier, of events or, turned round, of the end of observation.

export interface Followed {
  /** Until the event or the end of observation. */
  readonly times: readonly number[];
  readonly events: readonly boolean[];
  /** How often a bootstrap drew each; absent: once. */
  readonly weights?: Float64Array;
}

export interface StepCurve {
  /** The probability of still being without it after `time`. */
  at(time: number): number;
  readonly last: number;
}

/** Of two that fall on one day, the event comes first: so an event leaves before the censored are counted at risk. */
function curve({ times, events, weights }: Followed, of: 'events' | 'censoring'): StepCurve {
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const steps: { time: number; value: number }[] = [];
  const weightOf = (index: number): number => (weights === undefined ? 1 : weights[index]!);
  let value = 1;
  let left = order.reduce((sum, index) => sum + weightOf(index), 0);
  for (let start = 0; start < order.length;) {
    const time = times[order[start]!]!;
    let end = start;
    let happened = 0;
    let here = 0;
    for (; end < order.length && times[order[end]!] === time; end += 1) {
      const index = order[end]!;
      here += weightOf(index);
      if (events[index] === true) happened += weightOf(index);
    }
    if (of === 'events' && left > 0) value *= 1 - happened / left;
    else if (of === 'censoring' && here > happened) value *= 1 - (here - happened) / (left - happened);
    steps.push({ time, value });
    left -= here;
    start = end;
  }
  return {
    last: steps.at(-1)?.time ?? Number.NaN,
    at(time) {
      let [low, high] = [0, steps.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (steps[middle]!.time <= time) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? 1 : steps[low - 1]!.value;
    },
  };
}

export const survivalCurve = (followed: Followed): StepCurve => curve(followed, 'events');

export const censoringCurve = (followed: Followed): StepCurve => curve(followed, 'censoring');

const ROUNDING = 1e-9;

/** The time within which this share has had the event; null where the curve never comes so far. */
export function timeWithin(followed: Followed, share: number): number | null {
  const survival = survivalCurve(followed);
  const reached = followed.times
    .filter((_time, place) => followed.events[place] === true)
    .toSorted((a, b) => a - b)
    .find((time) => 1 - survival.at(time) >= share - ROUNDING);
  return reached ?? null;
}
