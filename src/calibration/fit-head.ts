// One head's calibration from logits with labels: scaling, operating points, and answers of films that the fit did not see.
import { sha256Hex } from '#kernel/ids.ts';
import type { Decision } from '#kernel/finding.ts';
import type { Calibration } from '#models/schema.ts';
import { calibrate, probabilityOf } from './calibrate.ts';
import { type ErrorRates, type LabelledProbability, type OperatingPoints, conformalPoints } from './conformal.ts';
import { calibrationErrors } from './errors.ts';
import { type Labelled, fitScaling } from './fit.ts';
import { fitIsotonic } from './isotonic.ts';
import { atPrevalence } from './prevalence.ts';

type Head = Calibration['heads'][number];

export interface Sample extends Labelled {
  /** Films of one patient stay on one side of a fit. */
  readonly patient: string;
}

export const FIT_METHODS = ['platt', 'temperature', 'isotonic'] as const;

export interface FitPlan {
  readonly code: string;
  readonly method: (typeof FIT_METHODS)[number];
  readonly rates: ErrorRates;
  /** Where the probabilities shall hold; absent: among the samples themselves. */
  readonly prevalence?: number;
  readonly fittedOn: Pick<Head['fittedOn'], 'dataset' | 'split'>;
  /** Of the samples. */
  readonly population: Pick<Head['prevalence'], 'population' | 'source'>;
}

type Line = Pick<Head, 'slope' | 'intercept' | 'curve'>;

function scalingOf(samples: readonly Sample[], { method }: FitPlan): Line {
  if (method !== 'isotonic') return fitScaling(samples, { temperatureOnly: method === 'temperature' });
  const { logits, probabilities } = fitIsotonic(samples);
  return { slope: 1, intercept: 0, curve: { logits: [...logits], probabilities: [...probabilities] } };
}

/**
 * Many films share a step of a curve. A point at its edge would flip all of them by one rounding error when the prevalence is moved, so each point
 * goes half-way to the next step on its cautious side: the promised error rates hold all the more.
 */
function betweenSteps(
  { negativeTo, positiveFrom }: OperatingPoints,
  cases: readonly LabelledProbability[],
): OperatingPoints {
  const steps = cases.map(({ probability }) => probability);
  const halfWay = (lower: readonly number[], upper: readonly number[]): number =>
    (Math.max(0, ...lower) + Math.min(1, ...upper)) / 2;
  const [called, above] = [steps.filter((step) => step <= negativeTo), steps.filter((step) => step > negativeTo)];
  const [below, flagged] = [steps.filter((step) => step < positiveFrom), steps.filter((step) => step >= positiveFrom)];
  // 0 and 1: the call is never made.
  return {
    negativeTo: negativeTo === 0 ? 0 : halfWay(called, above),
    positiveFrom: positiveFrom === 1 ? 1 : halfWay(below, flagged),
  };
}

/** Throws CareError `calibration.cannot-fit`: one kind of cases only, or a head that ranks the wrong way round. */
export function fitHead(samples: readonly Sample[], plan: FitPlan): Head {
  const line = scalingOf(samples, plan);
  if (!(line.slope > 0))
    throw calibrationErrors.error('cannot-fit', {
      field: plan.code,
      reason: `${plan.code} ranks films the wrong way round (slope ${line.slope.toFixed(3)})`,
    });
  const cases = samples.map(({ logit, positive }) => ({ probability: probabilityOf(line, logit), positive }));
  const points = conformalPoints(cases, plan.rates);
  const positives = cases.filter(({ positive }) => positive).length;
  const logits = samples.map(({ logit }) => logit);
  const [minimum, maximum] = [Math.min(...logits), Math.max(...logits)];
  const head: Head = {
    code: plan.code,
    ...line,
    logitRange: { minimum, maximum },
    ...(line.curve === undefined ? points : betweenSteps(points, cases)),
    prevalence: { value: positives / cases.length, ...plan.population },
    fittedOn: { ...plan.fittedOn, n: cases.length, positives },
  };
  return plan.prevalence === undefined ? head : atPrevalence(head, plan.prevalence);
}

export interface CrossFitted {
  readonly probability: number;
  readonly decision: Decision;
}

const FOLDS = 5;

/** By patient, the same ones every time. */
const foldOf = ({ patient }: Sample): number => Number.parseInt(sha256Hex(patient).slice(0, 8), 16) % FOLDS;

/** Each sample answered by a fit to the patients of the other folds; undefined where those cannot be fitted. */
export function crossFitted(samples: readonly Sample[], plan: FitPlan): readonly (CrossFitted | undefined)[] {
  const fits = Array.from({ length: FOLDS }, (_, fold): Calibration | undefined => {
    const others = samples.filter((sample) => foldOf(sample) !== fold);
    const kinds = new Set(others.map(({ positive }) => positive));
    if (kinds.size < 2) return undefined;
    const base = { version: 'fold', modelId: '', modelVersion: '', method: plan.method, errorRate: plan.rates.missed };
    try {
      return { ...base, heads: [fitHead(others, plan)] };
    } catch {
      return undefined;
    }
  });
  return samples.map((sample) => {
    const calibration = fits[foldOf(sample)];
    if (calibration === undefined) return undefined;
    const { probability, decision } = calibrate(calibration, plan.code, sample.logit);
    return { probability, decision };
  });
}
