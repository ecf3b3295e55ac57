// Computes exact Shapley values: every coalition of inputs is one row of the run.
import { exactShapley } from '#explanation/shapley.ts';
import { outputTensor } from '#risk/compile/compile.ts';
import type { BatchPart } from './batch.ts';
import type { Player } from './players.ts';

export interface Shares {
  /** In the order of the players, in the output's unit. */
  readonly shares: Float64Array;
  readonly referenceValue: number;
  readonly ownValue: number;
}

/** Row `mask`: the players whose bit is set have their own values, the others the reference's. */
export function coalitionsPart(players: readonly Player[], output: string): BatchPart<Shares> {
  const rows = 2 ** players.length;
  return {
    rows,
    fill(columns, from) {
      for (const [place, player] of players.entries()) {
        for (const { name, reference } of player.inputs) {
          const column = columns[name];
          if (column === undefined) continue;
          const bit = 1 << place;
          for (let mask = 0; mask < rows; mask += 1) if ((mask & bit) === 0) column[from + mask] = reference;
        }
      }
    },
    read(results, from) {
      const values = results[outputTensor(output)]?.slice(from, from + rows) ?? new Float64Array(rows).fill(Number.NaN);
      return {
        shares: exactShapley(values, players.length),
        referenceValue: values[0] ?? Number.NaN,
        ownValue: values[rows - 1] ?? Number.NaN,
      };
    },
  };
}
