// Draws persons inside an equation's ranges from a seed: for golden outputs, properties and benchmarks. Never for patients.
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { endsOf } from './value.ts';

export type Columns = Readonly<Record<string, Float64Array>>;

/** Uniform in [0, 1), the same on every machine (xorshift32 after G. Marsaglia, 2003). */
export function uniformFrom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function draw(input: Input, uniform: () => number): number {
  if (input.kind === 'boolean') return Math.floor(uniform() * 2);
  if (input.kind === 'coded') return Math.floor(uniform() * input.levels.length);
  const [low, high] = endsOf(input);
  const specials = input.special ?? [];
  const special = specials[Math.floor(uniform() * specials.length * 5)];
  if (special !== undefined) return special.value;
  // A range over many powers of ten (viral load) is drawn on a logarithmic scale, or nearly all draws would lie at its top.
  const wide = low >= 0 && high >= 1000;
  const x = wide ? Math.exp(uniform() * Math.log1p(high)) - 1 : low + uniform() * (high - low);
  const rounded = input.whole ? Math.round(x) : Number(x.toPrecision(4));
  return Math.min(Math.max(rounded, low), high);
}

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
}

/** Drawn independently, so combinations that no person has may occur; what an equation's checks forbid is drawn again. */
export function samplePersons(
  equation: Equation,
  { count, seed }: SampleOptions,
  allowed: (person: Readonly<Record<string, number>>) => boolean = () => true,
): Columns {
  const uniform = uniformFrom(seed);
  const columns: Record<string, Float64Array> = {};
  for (const input of equation.data.inputs) columns[input.name] = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    let person: Record<string, number> = {};
    do {
      person = Object.fromEntries(equation.data.inputs.map((input) => [input.name, draw(input, uniform)]));
    } while (!allowed(person));
    for (const [name, value] of Object.entries(person)) columns[name]![row] = value;
  }
  return columns;
}
