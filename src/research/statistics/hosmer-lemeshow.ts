// Observed against expected events in groups of equal size by predicted risk (Hosmer and Lemeshow 1980).
import { quantile } from './bootstrap.ts';
import { chiSquaredUpper } from './normal.ts';

export interface RiskGroup {
  readonly n: number;
  readonly observed: number;
  readonly expected: number;
}

export interface HosmerLemeshow {
  readonly groups: readonly RiskGroup[];
  readonly chiSquared: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
}

/** Bounds at the quantiles (type 7) of the predictions, the upper one belongs to its group; equal bounds are one. */
export function riskGroups(risks: readonly number[], groups: number): readonly (readonly number[])[] {
  const sorted = risks.toSorted((a, b) => a - b);
  const bounds = [...new Set(Array.from({ length: groups - 1 }, (_, at) => quantile(sorted, (at + 1) / groups)))];
  const members: number[][] = Array.from({ length: bounds.length + 1 }, () => []);
  risks.forEach((risk, at) => {
    const group = bounds.findIndex((bound) => risk <= bound);
    members[group === -1 ? bounds.length : group]!.push(at);
  });
  return members.filter((each) => each.length > 0);
}

/** `fitted` is 2 on the data that the model was made on, 0 on others: so many degrees of freedom are lost. */
export function hosmerLemeshow(
  risks: readonly number[],
  outcomes: readonly boolean[],
  { groups = 10, fitted = 0 }: { readonly groups?: number; readonly fitted?: 0 | 2 } = {},
): HosmerLemeshow {
  const rows = riskGroups(risks, groups).map((members) => ({
    n: members.length,
    observed: members.filter((at) => outcomes[at] === true).length,
    expected: members.reduce((sum, at) => sum + risks[at]!, 0),
  }));
  const chiSquared = rows.reduce(
    (sum, { n, observed, expected }) => sum + (observed - expected) ** 2 / (expected * (1 - expected / n)),
    0,
  );
  const degreesOfFreedom = rows.length - fitted;
  return { groups: rows, chiSquared, degreesOfFreedom, p: chiSquaredUpper(chiSquared, degreesOfFreedom) };
}
