// Squared error of a risk at a horizon where some persons were not observed so long: the others stand in for them (Graf 1999).
import { type Followed, censoringCurve } from './kaplan-meier.ts';

/** `risks` are probabilities of the event by `horizon`. NaN where nobody was observed beyond it. */
export function censoredBrier({ times, events }: Followed, risks: readonly number[], horizon: number): number {
  const observed = censoringCurve({ times, events });
  const atHorizon = observed.at(horizon);
  let sum = 0;
  risks.forEach((risk, at) => {
    const time = times[at]!;
    if (time <= horizon && events[at] === true) sum += (1 - risk) ** 2 / observed.at(time);
    else if (time > horizon) sum += risk ** 2 / atHorizon;
  });
  return sum / risks.length;
}
