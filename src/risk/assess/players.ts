// The inputs that take part in the explanation: those that differ from the declared reference person.
import type { Sentence } from '#kernel/errors.ts';
import { MOST_PLAYERS } from '#explanation/shapley.ts';
import { riskErrors } from '#risk/errors.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { readInput } from '#risk/input/value.ts';
import type { Numbers } from './batch.ts';

export interface Player {
  readonly name: string;
  readonly title: Sentence;
  readonly inputs: readonly { readonly name: string; readonly reference: number }[];
}

/** The reference value as a number; undefined where the person's own value is the reference. */
export const referenceOf = (input: Input): number | undefined =>
  input.reference === undefined ? undefined : readInput(input, input.reference, input.name);

/**
 * Inputs of a group that only makes sense together always move together; the other groups are formed when there are too many players.
 * What the output does not use, what is absent and what equals the reference is no player: it can change nothing.
 * Throws CareError `risk.bad-equation` where even the groups are too many.
 */
export function playersOf(equation: Equation, output: string, own: Numbers): readonly Player[] {
  const needed = new Set(equation.needs.get(output));
  const single = equation.data.inputs.flatMap((input): Player[] => {
    const reference = referenceOf(input);
    const x = own[input.name] ?? Number.NaN;
    const used = needed.has(input.name) || input.mayBeAbsent === true;
    if (reference === undefined || !used || Number.isNaN(x) || x === reference) return [];
    return [{ name: input.name, title: input.title, inputs: [{ name: input.name, reference }] }];
  });
  const groups = equation.data.groups ?? [];
  const always = merge(
    single,
    groups.filter((group) => group.always),
  );
  const players = always.length > MOST_PLAYERS ? merge(always, groups) : always;
  if (players.length > MOST_PLAYERS) {
    throw riskErrors.error('bad-equation', { field: 'groups', reason: `${players.length} players are too many` });
  }
  return players;
}

function merge(players: readonly Player[], groups: NonNullable<Equation['data']['groups']>): readonly Player[] {
  return groups.reduce<readonly Player[]>((rest, group) => {
    const members = rest.filter((player) => player.inputs.every(({ name }) => group.inputs.includes(name)));
    if (members.length < 2) return rest;
    const joined: Player = {
      name: group.name,
      title: group.title,
      inputs: members.flatMap(({ inputs }) => inputs),
    };
    return [...rest.filter((player) => !members.includes(player)), joined];
  }, players);
}

/** The reference person beside this one: their own values where the equation declares none, or where they are absent. */
export function referenceNumbers(equation: Equation, own: Numbers): Record<string, number> {
  return Object.fromEntries(
    equation.data.inputs.map((input) => {
      const x = own[input.name] ?? Number.NaN;
      return [input.name, Number.isNaN(x) ? x : (referenceOf(input) ?? x)];
    }),
  );
}
