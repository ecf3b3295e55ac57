// Finds the age at which the reference person has the same risk.
import { outputTensor } from '#risk/compile/compile.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { endsOf } from '#risk/input/value.ts';
import type { BatchPart, Numbers } from './batch.ts';
import { referenceNumbers } from './players.ts';

export interface AgeAnswer {
  readonly years: number;
  readonly bound: 'exact' | 'below' | 'above';
}

/** `own` is read back from the same run, as the last row. Undefined where the risk does not rise with age all along. */
export function riskAgePart(equation: Equation, output: string, own: Numbers): BatchPart<AgeAnswer | undefined> {
  const declared = equation.data.riskAge;
  const input = declared === undefined ? undefined : equation.inputs.get(declared.input);
  if (declared?.output !== output || input?.kind !== 'number') {
    return { rows: 0, fill: () => undefined, read: () => undefined };
  }
  const [low, high] = endsOf(input);
  const ages = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, at) => Math.ceil(low) + at);
  return {
    rows: ages.length + 1,
    fill(columns, from) {
      for (const [name, x] of Object.entries(referenceNumbers(equation, own))) {
        columns[name]?.fill(x, from, from + ages.length);
      }
      columns[input.name]?.set(ages, from);
    },
    read(results, from) {
      const values = results[outputTensor(output)]?.subarray(from, from + ages.length + 1) ?? new Float64Array(0);
      return ageOf(values.subarray(0, ages.length), ages, values[ages.length] ?? Number.NaN);
    },
  };
}

function ageOf(values: Float64Array, ages: readonly number[], own: number): AgeAnswer | undefined {
  const rises = values.every((value, at) => at === 0 || value > (values[at - 1] ?? Infinity));
  if (!rises || Number.isNaN(own)) return undefined;
  const above = values.findIndex((value) => value >= own);
  if (above === 0) return { years: ages[0] ?? 0, bound: values[0] === own ? 'exact' : 'below' };
  if (above < 0) return { years: ages.at(-1) ?? 0, bound: 'above' };
  const [low, high] = [values[above - 1] ?? 0, values[above] ?? 0];
  return { years: (ages[above - 1] ?? 0) + (own - low) / (high - low), bound: 'exact' };
}
