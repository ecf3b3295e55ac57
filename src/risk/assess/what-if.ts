// Computes what a person could change: each modifiable input alone, and all together.
import { riskErrors } from '#risk/errors.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { outputTensor, categoryTensor } from '#risk/compile/compile.ts';
import { rangeFault, readInput } from '#risk/input/value.ts';
import type { BatchPart, Numbers } from './batch.ts';

export type Changes = Readonly<Record<string, number>>;

export interface WhatIfAnswer {
  readonly changes: Changes;
  readonly value: number;
  readonly category: number;
}

/** The declared target, where it is better than what the person has and inside the published range. */
function targetOf(input: Input, x: number): number | undefined {
  if (input.modifiable === undefined || Number.isNaN(x)) return undefined;
  if (input.kind === 'number') {
    const { target, better } = input.modifiable;
    const improves = better === 'lower' ? x > target : x < target;
    return improves && rangeFault(input, target) === undefined ? target : undefined;
  }
  if (input.kind === 'boolean') {
    const target = Number(input.modifiable.target);
    return x === target ? undefined : target;
  }
  const own = input.levels[x]?.code ?? '';
  return input.modifiable.from.includes(own) ? readInput(input, input.modifiable.target, input.name) : undefined;
}

/** Each change alone and, where there are several, all of them together (last). */
export function declaredChanges(equation: Equation, output: string, own: Numbers): readonly Changes[] {
  const needed = equation.needs.get(output) ?? [];
  const single = equation.data.inputs.flatMap((input): Changes[] => {
    const target = needed.includes(input.name) ? targetOf(input, own[input.name] ?? Number.NaN) : undefined;
    return target === undefined ? [] : [{ [input.name]: target }];
  });
  return single.length > 1 ? [...single, Object.assign({}, ...single)] : single;
}

/** A caller's own what-if. Throws CareError `risk.not-modifiable` or `risk.bad-input` naming the field. */
export function askedChanges(equation: Equation, asked: Readonly<Record<string, unknown>>, field: string): Changes {
  return Object.fromEntries(
    Object.entries(asked).map(([name, value]) => {
      const input = equation.inputs.get(name);
      const where = `${field}.${name}`;
      if (input === undefined)
        throw riskErrors.error('unknown-input', { field: where, reason: `${where} is no input` });
      if (input.modifiable === undefined) {
        throw riskErrors.error('not-modifiable', {
          field: where,
          reason: `${name} is not something that a person can change`,
        });
      }
      const x = readInput(input, value, where);
      if (input.kind === 'number' && rangeFault(input, x) !== undefined) {
        throw riskErrors.error('bad-input', { field: where, reason: `${where} is outside the published range` });
      }
      return [name, x];
    }),
  );
}

export function whatIfPart(all: readonly Changes[], output: string): BatchPart<readonly WhatIfAnswer[]> {
  return {
    rows: all.length,
    fill(columns, from) {
      for (const [row, changes] of all.entries()) {
        for (const [name, x] of Object.entries(changes)) columns[name]?.fill(x, from + row, from + row + 1);
      }
    },
    read: (results, from) =>
      all.map((changes, row) => ({
        changes,
        value: results[outputTensor(output)]?.[from + row] ?? Number.NaN,
        category: results[categoryTensor(output)]?.[from + row] ?? -1,
      })),
  };
}
