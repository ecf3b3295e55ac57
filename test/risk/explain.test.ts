import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coalitionsPart } from '#risk/assess/coalitions.ts';
import { candidatesOf } from '#risk/assess/candidates.ts';
import { runParts } from '#risk/assess/batch.ts';
import { intervalOf } from '#risk/assess/interval.ts';
import { playersOf, referenceOf } from '#risk/assess/players.ts';
import { checkFaults } from '#risk/equation/exclusions.ts';
import { outputTensor } from '#risk/compile/compile.ts';
import { samplePersons, uniformFrom } from '#risk/input/sample.ts';
import { rangeFault } from '#risk/input/value.ts';
import { openRiskLibrary, type RiskLibrary, type ServedEquation } from '#risk/equation/library.ts';
import { readdirSync } from 'node:fs';

const ids = readdirSync('models')
  .filter((name) => name.startsWith('risk-'))
  .map((name) => name.slice('risk-'.length));
const PERSONS = 15;

let library: RiskLibrary;
beforeAll(async () => {
  library = await openRiskLibrary('models');
});
afterAll(() => library.close());

type Person = Record<string, number>;

/** Random persons, and what the equation's first headline says of each; those whom it refuses are left out. */
async function persons(
  served: ServedEquation,
  seed: number,
): Promise<{ output: string; all: { own: Person; value: number }[] }> {
  const { equation } = served;
  const columns = samplePersons(
    equation,
    { count: PERSONS, seed },
    (person) => checkFaults(equation, person).length === 0,
  );
  const output = equation.data.outputs.find(({ role }) => role === 'headline')!.name;
  const values = (await served.run(columns))[outputTensor(output)]!;
  const all = Array.from(values, (value, row) => ({
    own: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[row]!])),
    value,
  }));
  return { output, all: all.filter(({ value }) => Number.isFinite(value)) };
}

describe.each(ids)('%s', (id) => {
  test('the reference person lies inside the ranges', () => {
    const { equation } = library.equations.get(id)!;
    const outside = equation.data.inputs.filter((input) => {
      const reference = referenceOf(input);
      return input.kind === 'number' && reference !== undefined && rangeFault(input, reference) !== undefined;
    });
    expect(outside.map(({ name }) => name)).toEqual([]);
  });

  test('contributions sum to the difference from the reference person, and no input is told that the output does not use', async () => {
    const served = library.equations.get(id)!;
    const { output, all } = await persons(served, 11);
    expect(all.length).toBeGreaterThan(PERSONS / 4);
    for (const { own, value } of all) {
      const players = playersOf(served.equation, output, own);
      const [{ shares, referenceValue, ownValue }] = await runParts(served, own, [coalitionsPart(players, output)]);
      const sum = shares.reduce((total, share) => total + share, 0);
      expect(Math.abs(ownValue - value)).toBeLessThan(1e-9);
      expect(Math.abs(referenceValue + sum - value)).toBeLessThan(1e-9);
      const used = new Set(served.equation.needs.get(output));
      const strangers = players
        .flatMap(({ inputs }) => inputs)
        .filter(({ name }) => {
          return !used.has(name) && !served.equation.inputs.get(name)?.mayBeAbsent;
        });
      expect(strangers).toEqual([]);
    }
  });

  test('the true risk lies inside the interval, whatever is missing', async () => {
    const served = library.equations.get(id)!;
    const { equation } = served;
    const { output, all } = await persons(served, 23);
    const uniform = uniformFrom(31);
    const outside: unknown[] = [];
    for (const [row, { own, value }] of all.entries()) {
      const needed = equation.needs.get(output) ?? [];
      const share = [0.2, 0.5, 0.9][row % 3]!;
      const missing = equation.data.inputs.filter(
        (input) => !input.core && needed.includes(input.name) && uniform() < share,
      );
      const rest = { ...own };
      for (const { name } of missing) rest[name] = Number.NaN;
      const candidates = missing.map((input) =>
        candidatesOf(equation, input, { kind: 'missing', because: 'not-given' }),
      );
      if (candidates.length === 0) continue;
      const { lower, upper } = await intervalOf({ served, output, own: rest, missing: candidates });
      if (value < lower || value > upper)
        outside.push({ value, lower, upper, missing: missing.map(({ name }) => name) });
    }
    expect(outside).toEqual([]);
  });
});

test('in an equation that treats two inputs alike, they get the same share', async () => {
  // qSOFA adds three equal yes/no items: whoever has two of them gets one point from each.
  const served = library.equations.get('qsofa')!;
  const own = { rr_ge_22: 1, altered_mentation: 1, sbp_le_100: 0 };
  const players = playersOf(served.equation, 'score', own);
  const [{ shares }] = await runParts(served, own, [coalitionsPart(players, 'score')]);
  expect([...shares]).toEqual([1, 1]);
});

test('QRISK3 with more than fourteen differences is explained by its declared groups', async () => {
  const served = library.equations.get('qrisk3_2017')!;
  const { inputs } = served.equation.data;
  const own = Object.fromEntries(inputs.map((input) => [input.name, input.kind === 'boolean' ? 1 : 2]));
  Object.assign(own, { sex: 0, age: 60, bmi: 33, chol_hdl_ratio: 6, sbp: 150, sbp_sd: 12, townsend: 4 });
  const players = playersOf(served.equation, 'risk', own);
  expect(players.length).toBeLessThanOrEqual(14);
  expect(players.map(({ name }) => name)).toContain('inflammatory');
});
