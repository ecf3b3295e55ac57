// Words contributions and what-ifs: shares, changes and ages as sentences.
import type { Sentence } from '#kernel/errors.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input, Output } from '#risk/equation/schema.ts';
import { plainValue, type InputValue } from '#risk/input/value.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';
import { convertUnit } from '#terminology/units.ts';
import type { Numbers } from './batch.ts';
import type { InputStates } from './person.ts';
import type { Shares } from './coalitions.ts';
import { categoryShown } from './outputs.ts';
import { referenceNumbers, type Player } from './players.ts';
import type { Contribution, Explanation, RiskAge, WhatIf } from './result.ts';
import type { AgeAnswer } from './risk-age.ts';
import type { WhatIfAnswer } from './what-if.ts';
import { amountText, compose, differenceText, listText, sentText, valueText } from './words.ts';

export interface NarratedRisk {
  readonly equation: Equation;
  readonly output: Output;
  readonly own: Numbers;
  readonly states: InputStates;
  readonly registry: Registry;
}

/** Below this a share is rounding: it is told as no effect. */
const NOTHING = 1e-12;

/** As the value was sent, and the reference beside it in the same unit: a converted number would promise digits that nobody measured. */
function valueAndReference(
  input: Input,
  reference: number,
  { own, states, registry }: NarratedRisk,
): { readonly value: Sentence; readonly reference: Sentence } {
  const origin = states.get(input.name)?.origin;
  const sent = origin?.kind === 'measured' ? origin.sent : undefined;
  const other =
    sent === undefined || input.kind !== 'number' || sent.unit === input.unit
      ? undefined
      : convertUnit(reference, { from: input.unit, to: sent.unit }, registry.quantity(conceptOf(input)));
  if (sent === undefined || other === undefined)
    return { value: valueText(input, own[input.name] ?? Number.NaN), reference: valueText(input, reference) };
  return { value: sentText(sent.value, sent.unit), reference: sentText(Number(other.toPrecision(3)), sent.unit) };
}

function contributionText(player: Player, share: number, told: NarratedRisk): Sentence {
  const { equation, output } = told;
  const { title } = player;
  if (Math.abs(share) < NOTHING) return compose('risk.words.no-effect', { title });
  const difference = differenceText(output.unit, share);
  const direction = share > 0 ? 'raises' : 'lowers';
  const [only] = player.inputs;
  const input = player.inputs.length === 1 ? equation.inputs.get(only?.name ?? '') : undefined;
  if (only === undefined || input === undefined) return compose(`risk.words.group-${direction}`, { title, difference });
  return compose(`risk.words.${direction}`, { title, difference, ...valueAndReference(input, only.reference, told) });
}

/** Largest effect first. */
export function explanationOf(
  told: NarratedRisk,
  players: readonly Player[],
  { shares, referenceValue }: Shares,
): Explanation {
  const { equation, output, own } = told;
  const contributions = players
    .map((player, at): Contribution => {
      const contribution = shares[at] ?? 0;
      const inputs = player.inputs.map(({ name }) => name);
      const text = contributionText(player, contribution, told);
      return { name: player.name, title: player.title, inputs, contribution, text };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const reference: Record<string, InputValue> = {};
  for (const [name, x] of Object.entries(referenceNumbers(equation, own))) {
    const input = equation.inputs.get(name);
    if (input !== undefined && !Number.isNaN(x)) reference[name] = plainValue(input, x);
  }
  return { output: output.name, reference, referenceValue, contributions };
}

export function whatIfOf({ equation, output, own }: NarratedRisk, answer: WhatIfAnswer, ownValue: number): WhatIf {
  const changes = Object.entries(answer.changes).flatMap(([name, x]) => {
    const input = equation.inputs.get(name);
    const from = own[name] ?? Number.NaN;
    return input === undefined ? [] : [{ input, from, to: x }];
  });
  const difference = answer.value - ownValue;
  const text = compose(difference > 0 ? 'risk.words.what-if-more' : 'risk.words.what-if', {
    changes: listText(
      changes.map(({ input, from, to }) =>
        compose('risk.words.change', { title: input.title, from: valueText(input, from), to: valueText(input, to) }),
      ),
    ),
    result: amountText(output.unit, answer.value),
    difference: differenceText(output.unit, difference),
  });
  return {
    changes: changes.map(({ input, from, to }) => ({
      input: input.name,
      title: input.title,
      from: plainValue(input, from),
      to: plainValue(input, to),
    })),
    value: answer.value,
    difference,
    category: categoryShown(output, answer.category),
    text,
  };
}

export function riskAgeOf(answer: AgeAnswer | undefined): RiskAge | null {
  if (answer === undefined) return null;
  const { years, bound } = answer;
  const key = bound === 'exact' ? 'risk-age' : `risk-age-${bound}`;
  return { years, bound, text: compose(`risk.words.${key}`, { years }) };
}
