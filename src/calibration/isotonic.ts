// Isotonic regression: the rising step function nearest to the labels (pool adjacent violators; Zadrozny, Elkan, KDD 2002), as in scikit-learn's
// IsotonicRegression. It assumes no shape, so it needs more cases than a line: below some hundred positives prefer Platt.
import type { Curve } from './curve.ts';
import { calibrationErrors } from './errors.ts';
import type { Labelled } from './fit.ts';

interface Block {
  sum: number;
  weight: number;
  readonly from: number;
  to: number;
}

/** Pools equal logits first, as scikit-learn does. Knots are the ends of the blocks. */
export function isotonicCurve(samples: readonly Labelled[]): Curve {
  const groups: { readonly logit: number; sum: number; weight: number }[] = [];
  for (const { logit, positive } of samples.toSorted((a, b) => a.logit - b.logit)) {
    const last = groups.at(-1);
    if (last?.logit === logit) {
      last.sum += Number(positive);
      last.weight += 1;
    } else groups.push({ logit, sum: Number(positive), weight: 1 });
  }
  const blocks: Block[] = [];
  groups.forEach(({ sum, weight }, at) => {
    let block: Block = { sum, weight, from: at, to: at };
    for (let last = blocks.at(-1); last !== undefined && last.sum / last.weight >= block.sum / block.weight;) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, from: last.from, to: block.to };
      last = blocks.at(-1);
    }
    blocks.push(block);
  });
  const knots = blocks.flatMap(({ sum, weight, from, to }) =>
    (from === to ? [from] : [from, to]).map((at) => ({ logit: groups[at]?.logit ?? Number.NaN, value: sum / weight })),
  );
  return { logits: knots.map(({ logit }) => logit), probabilities: knots.map(({ value }) => value) };
}

/**
 * The curve for use: no probability is 0 or 1, however the cases separate; the ends are Platt's targets, as in `fitScaling`.
 * Throws CareError `calibration.cannot-fit` without cases of both kinds, or where nothing rises.
 */
export function fitIsotonic(samples: readonly Labelled[]): Curve {
  const positives = samples.filter(({ positive }) => positive).length;
  const negatives = samples.length - positives;
  if (positives === 0 || negatives === 0 || !samples.every(({ logit }) => Number.isFinite(logit)))
    throw calibrationErrors.error('cannot-fit', { reason: `${positives} positive and ${negatives} negative cases` });
  const { logits, probabilities } = isotonicCurve(samples);
  if (probabilities[0] === probabilities.at(-1))
    throw calibrationErrors.error('cannot-fit', { reason: 'the probability does not rise with the logit' });
  const [least, most] = [1 / (negatives + 2), (positives + 1) / (positives + 2)];
  return { logits, probabilities: probabilities.map((value) => Math.min(most, Math.max(least, value))) };
}
