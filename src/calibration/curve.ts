// A rising curve from logits to probabilities: knots, and straight lines between them.

/** Knots of a line that is straight between them; both arrays rise and have the same length. */
export interface Curve {
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
}

/** Straight between knots; beyond them the outermost value, which the caller must know to be out of range. */
export function onCurve({ logits, probabilities }: Curve, logit: number): number {
  let [low, high] = [0, logits.length - 1];
  if (logit <= logits[low]!) return probabilities[low]!;
  if (logit >= logits[high]!) return probabilities[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (logits[middle]! <= logit) low = middle;
    else high = middle;
  }
  const share = (logit - logits[low]!) / (logits[high]! - logits[low]!);
  return probabilities[low]! + share * (probabilities[high]! - probabilities[low]!);
}
