// Each player's exact Shapley value from the value of every coalition, by its definition (L. S. Shapley, 1953).

/** More players than this are 2^15 coalitions and more: group them first. */
export const MOST_PLAYERS = 14;

/** s!·(k - s - 1)!/k!, the share of the orders in which a player comes after exactly the s players of a coalition. */
function weights(players: number): Float64Array {
  const result = new Float64Array(players);
  let weight = 1 / players;
  for (let size = 0; size < players; size += 1) {
    result[size] = weight;
    weight *= (size + 1) / (players - size - 1);
  }
  return result;
}

const bitsOf = (mask: number): number => {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
};

/**
 * `values[mask]` is the value of the coalition in which player p takes part where bit p of the mask is set; 2^players of them.
 * The result sums to values[all] - values[none]; equal players get equal values, and a player that changes nothing gets 0.
 */
export function exactShapley(values: Float64Array, players: number): Float64Array {
  if (players > MOST_PLAYERS || values.length !== 2 ** players) {
    throw new RangeError(`${values.length} values do not fit ${players} players`);
  }
  const shares = new Float64Array(players);
  const bySize = weights(players);
  for (let mask = 0; mask < values.length; mask += 1) {
    const weight = bySize[bitsOf(mask)] ?? 0;
    const value = values[mask]!;
    for (let player = 0; player < players; player += 1) {
      const bit = 1 << player;
      if ((mask & bit) === 0) shares[player]! += weight * (values[mask | bit]! - value);
    }
  }
  return shares;
}
