// Squared error of a risk at a horizon where some persons were not observed so long: the others stand in for them (Graf 1999).
import { type Followed, censoringCurve } from './kaplan-meier.ts';

/** `risks` are probabilities of the event by `horizon`. NaN where nobody was observed beyond it. */
export function censoredBrier(followed: Followed, risks: readonly number[], horizon: number): number {
  const { times, events, weights } = followed;
  const observed = censoringCurve(followed);
  const atHorizon = observed.at(horizon);
  let [sum, total] = [0, 0];
  risks.forEach((risk, at) => {
    const time = times[at]!;
    const weight = weights === undefined ? 1 : weights[at]!;
    total += weight;
    if (weight === 0) return;
    if (time <= horizon && events[at] === true) sum += (weight * (1 - risk) ** 2) / observed.at(time);
    else if (time > horizon) sum += (weight * risk ** 2) / atHorizon;
  });
  return sum / total;
}
