// May a model take the live one's place? Computed from cases with the truth: each finding not worse by more than the margin (DeLong with
// patients as clusters), and probabilities that hold. Nothing is taken from a report but its cases.
import type { ConfirmedCase } from '#kernel/model-stage.ts';
import type { ComparedFigure } from '#research/analysis/comparison.ts';
import { compareAreas } from '#research/statistics/delong.ts';
import { type Estimate, reliability } from '#research/statistics/reliability.ts';

/** Below this many of either class nothing is tested, as in every figure of research. */
const FEWEST_CASES = 10;
export const DEFAULT_MARGIN = 0.05;
/** Logistic slope of the truth on the candidate's log odds: 1 is right. An interval that lies wholly outside refuses. */
const SLOPE_RANGE = [0.8, 1.25] as const;
/** Share of films whose logit its calibration has not seen. */
const MOST_BEYOND = 0.05;

/** One finding in columns; all arrays have the same length. */
export interface ExitCases {
  readonly finding: string;
  /** Of one data set, or of the confirmed cases: sources are tested one by one, never pooled. */
  readonly source: string;
  readonly patients: readonly string[];
  readonly present: readonly boolean[];
  readonly candidate: readonly number[];
  readonly live: readonly number[];
  /** Of these, how many lay beyond the candidate's calibration. */
  readonly beyondCalibration: number;
}

/** The difference is candidate minus live, of the AUROC, with its 95 % interval. */
export interface FindingExit extends Pick<
  ComparedFigure,
  'finding' | 'source' | 'n' | 'difference' | 'lower' | 'upper'
> {
  readonly positives: number;
  readonly candidateAuroc: number | null;
  readonly liveAuroc: number | null;
  /** Null: not tested. */
  readonly notInferior: boolean | null;
  readonly slope: Estimate | null;
  readonly beyondShare: number | null;
  /** Null: cannot be estimated. */
  readonly calibrated: boolean | null;
}

export interface ExitVerdict {
  readonly passed: boolean;
  readonly margin: number;
  readonly findings: readonly FindingExit[];
  /** In English, one per finding or demand that stands against it; empty where it passed. */
  readonly against: readonly string[];
}

export function casesOf(confirmed: readonly ConfirmedCase[]): ExitCases[] {
  const findings = [...new Set(confirmed.map(({ finding }) => finding))];
  return findings.map((finding) => {
    const own = confirmed.filter((each) => each.finding === finding);
    return {
      finding,
      source: 'confirmed',
      patients: own.map(({ patient }) => patient),
      present: own.map(({ present }) => present),
      candidate: own.map(({ candidate }) => candidate),
      live: own.map(({ live }) => live),
      beyondCalibration: own.filter(({ beyondCalibration }) => beyondCalibration).length,
    };
  });
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function findingExit(cases: ExitCases, margin: number): FindingExit {
  const { finding, source, patients, present, candidate, live, beyondCalibration } = cases;
  const n = present.length;
  const positives = present.filter(Boolean).length;
  if (positives < FEWEST_CASES || n - positives < FEWEST_CASES) {
    const untested = { candidateAuroc: null, liveAuroc: null, difference: null, lower: null, upper: null };
    const unknown = { notInferior: null, slope: null, beyondShare: null, calibrated: null };
    return { finding, source, n, positives, ...untested, ...unknown };
  }
  const areas = compareAreas({ a: candidate, b: live, labels: present, patients });
  const { slope } = reliability(candidate, present);
  const beyondShare = beyondCalibration / n;
  const isEstimated = Number.isFinite(slope.value);
  const lower = finite(areas.lower);
  return {
    finding,
    source,
    n,
    positives,
    candidateAuroc: finite(areas.a),
    liveAuroc: finite(areas.b),
    difference: finite(areas.difference),
    lower,
    upper: finite(areas.upper),
    notInferior: lower === null ? null : lower > -margin,
    slope: isEstimated ? slope : null,
    beyondShare,
    calibrated:
      beyondShare > MOST_BEYOND
        ? false
        : isEstimated
          ? slope.upper >= SLOPE_RANGE[0] && slope.lower <= SLOPE_RANGE[1]
          : null,
  };
}

const rounded = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

function* against(
  { finding, source, notInferior, lower, calibrated, slope, beyondShare }: FindingExit,
  margin: number,
  accepted: ReadonlySet<string>,
): Generator<string> {
  const what = `${finding} (${source})`;
  if (notInferior === false)
    yield `${what}: the AUROC may be lower by more than ${margin} (lower end of the difference ${rounded(lower)})`;
  if (calibrated === false)
    yield (beyondShare ?? 0) > MOST_BEYOND
      ? `${what}: ${((beyondShare ?? 0) * 100).toFixed(1)} % of films lie beyond its calibration`
      : `${what}: calibration slope ${rounded(slope?.value ?? null)} (${rounded(slope?.lower ?? null)} to ${rounded(slope?.upper ?? null)}) is out of ${SLOPE_RANGE.join('–')}`;
  if (calibrated === null && notInferior !== null && !accepted.has(finding))
    yield `${what}: its calibration cannot be estimated from these cases`;
}

export interface ExitRules {
  /** Of the AUROC, 0 to 1. */
  readonly margin: number;
  /** The findings that the live model reports: each must be tested, or be named in `untested`. */
  readonly findings: readonly string[];
  /** What the approver lets pass without a test. */
  readonly untested: readonly string[];
}

/** Every finding must pass, so no correction for many tests is due (intersection-union test). At least one must have been tested. */
export function exitOf(cases: readonly ExitCases[], { margin, findings, untested }: ExitRules): ExitVerdict {
  const none = (finding: string): ExitCases => ({
    finding,
    source: 'none',
    patients: [],
    present: [],
    candidate: [],
    live: [],
    beyondCalibration: 0,
  });
  const accepted = new Set(untested);
  const exits = findings.flatMap((finding) => {
    const own = cases.filter((each) => each.finding === finding);
    return (own.length === 0 ? [none(finding)] : own).map((each) => findingExit(each, margin));
  });
  const reasons = exits.flatMap((exit) => [...against(exit, margin, accepted)]);
  for (const finding of findings) {
    const own = exits.filter((exit) => exit.finding === finding);
    if (accepted.has(finding) || own.some(({ notInferior }) => notInferior !== null)) continue;
    const most = own.toSorted((a, b) => b.positives - a.positives)[0];
    reasons.push(
      `${finding}: not tested, ${most?.positives ?? 0} of ${most?.n ?? 0} films have it; ${FEWEST_CASES} with and without are needed`,
    );
  }
  if (!exits.some(({ notInferior }) => notInferior !== null)) reasons.push('no finding could be tested');
  return { passed: reasons.length === 0, margin, findings: exits, against: reasons };
}
