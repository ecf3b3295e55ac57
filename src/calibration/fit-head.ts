// One head's calibration from logits with labels: scaling, operating points, and answers of films that the fit did not see.
import { sha256Hex } from '#kernel/ids.ts';
import type { Decision } from '#kernel/finding.ts';
import type { Calibration } from '#models/schema.ts';
import { calibrate, sigmoid } from './calibrate.ts';
import { type ErrorRates, conformalPoints } from './conformal.ts';
import { calibrationErrors } from './errors.ts';
import { type Labelled, fitScaling } from './fit.ts';
import { atPrevalence } from './prevalence.ts';

type Head = Calibration['heads'][number];

export interface Sample extends Labelled {
  /** Films of one patient stay on one side of a fit. */
  readonly patient: string;
}

export const FIT_METHODS = ['platt', 'temperature'] as const;

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

/** Throws CareError `calibration.cannot-fit`: one kind of cases only, or a head that ranks the wrong way round. */
export function fitHead(samples: readonly Sample[], plan: FitPlan): Head {
  const { slope, intercept } = fitScaling(samples, { temperatureOnly: plan.method === 'temperature' });
  if (!(slope > 0))
    throw calibrationErrors.error('cannot-fit', {
      field: plan.code,
      reason: `${plan.code} ranks films the wrong way round (slope ${slope.toFixed(3)})`,
    });
  const cases = samples.map(({ logit, positive }) => ({ probability: sigmoid(slope * logit + intercept), positive }));
  const positives = cases.filter(({ positive }) => positive).length;
  const logits = samples.map(({ logit }) => logit);
  const [minimum, maximum] = [Math.min(...logits), Math.max(...logits)];
  const head: Head = {
    code: plan.code,
    slope,
    intercept,
    logitRange: { minimum, maximum },
    ...conformalPoints(cases, plan.rates),
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
