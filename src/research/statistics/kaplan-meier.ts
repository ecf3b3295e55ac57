// The survival curve of Kaplan and Meier, of events or, turned round, of the end of observation.

export interface Followed {
  /** Until the event or the end of observation. */
  readonly times: readonly number[];
  readonly events: readonly boolean[];
}

export interface StepCurve {
  /** The probability of still being without it after `time`. */
  at(time: number): number;
  readonly last: number;
}

/** Of two that fall on one day, the event comes first: so an event leaves before the censored are counted at risk. */
function curve({ times, events }: Followed, of: 'events' | 'censoring'): StepCurve {
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const steps: { time: number; value: number }[] = [];
  let value = 1;
  let left = times.length;
  for (let start = 0; start < order.length;) {
    const time = times[order[start]!]!;
    let end = start;
    let happened = 0;
    for (; end < order.length && times[order[end]!] === time; end += 1) if (events[order[end]!] === true) happened += 1;
    const here = end - start;
    if (of === 'events') value *= 1 - happened / left;
    else if (here > happened) value *= 1 - (here - happened) / (left - happened);
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
