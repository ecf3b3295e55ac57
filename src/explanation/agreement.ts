// Two maps of the same shape go in; how alike they rank the places of the film comes out.

/** Ranks from 0; equals share their middle rank. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end += 1;
    for (let i = start; i <= end; i += 1) result[order[i]!] = (start + end) / 2;
    start = end + 1;
  }
  return result;
}

/**
 * Spearman's rank correlation, -1 to 1; 0 for a flat map. The check of Adebayo et al., "Sanity checks for saliency maps" (2018):
 * a map that stays alike when the network's weights are shuffled shows the picture's edges, not the network's reasons.
 */
export function rankAgreement(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const [a, b] = [ranks(one), ranks(other)];
  const mean = (a.length - 1) / 2;
  let [together, own, theirs] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    together += (a[i]! - mean) * (b[i]! - mean);
    own += (a[i]! - mean) ** 2;
    theirs += (b[i]! - mean) ** 2;
  }
  return own === 0 || theirs === 0 ? 0 : together / Math.sqrt(own * theirs);
}
