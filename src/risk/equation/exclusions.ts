// Collects the sentences that speak against computing for one person: the equation's checks and exclusions, and an output's own.
import type { Sentence } from '#kernel/errors.ts';
import { interpret } from '#risk/equation/expression/interpret.ts';
import type { Equation } from './equation.ts';
import { inputVariables, type Numbers } from './interpret.ts';
import type { Output, ReadExpression } from './schema.ts';

/** A condition over something absent (NaN) holds nowhere. */
const holds = (equation: Equation, condition: ReadExpression, numbers: Numbers): boolean => {
  const value = interpret(condition.tree, inputVariables(equation, numbers));
  return typeof value === 'number' && value !== 0 && !Number.isNaN(value);
};

export interface CheckFault {
  readonly field: string;
  readonly text: Sentence;
}

/** Combinations that the publication calls an input error. */
export const checkFaults = (equation: Equation, numbers: Numbers): readonly CheckFault[] =>
  (equation.data.checks ?? [])
    .filter(({ when }) => holds(equation, when, numbers))
    .map(({ field, text }) => ({ field, text }));

export const exclusionsOf = (equation: Equation, numbers: Numbers) =>
  (equation.data.exclusions ?? []).filter(({ when }) => holds(equation, when, numbers));

export const excludesOf = (equation: Equation, output: Output, numbers: Numbers): readonly Sentence[] =>
  (output.excludes ?? []).filter(({ when }) => holds(equation, when, numbers)).map(({ text }) => text);
