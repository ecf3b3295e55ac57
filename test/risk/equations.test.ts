import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFaults } from '#risk/equation/exclusions.ts';
import { interpretEquation } from '#risk/equation/interpret.ts';
import { outputTensor } from '#risk/compile/compile.ts';
import { samplePersons } from '#risk/input/sample.ts';
import { pagesOf } from '#risk/document/pages.ts';
import { buildEquation } from '#risk/equation/build-equations.ts';
import { openRiskLibrary, type RiskLibrary } from '#risk/equation/library.ts';

const folders = readdirSync('models').filter((name) => name.startsWith('risk-'));
let library: RiskLibrary;

beforeAll(async () => {
  library = await openRiskLibrary('models');
});
afterAll(() => library.close());

test('the pages of docs/risk are those that the equations give', () => {
  const pages = pagesOf([...library.equations.values()].map(({ equation }) => equation));
  const stale = [...pages].filter(([name, text]) => readFileSync(`docs/risk/${name}`, 'utf8') !== text);
  expect(stale.map(([name]) => name)).toEqual([]);
  expect(
    readdirSync('docs/risk')
      .filter((name) => name.endsWith('.md'))
      .sort(),
  ).toEqual([...pages.keys()].sort());
});

test('all thirty equations reproduce their golden outputs and are served', () => {
  expect(library.refused).toEqual([]);
  expect(library.equations.size).toBe(30);
});

describe.each(folders)('%s', (folder) => {
  const id = folder.slice('risk-'.length);

  test('the committed graph and golden outputs are those that equation.json gives', () => {
    const { files } = buildEquation(JSON.parse(readFileSync(`models/${folder}/equation.json`, 'utf8')));
    const differing = files.filter(
      ([path, content]) => !Buffer.from(content).equals(readFileSync(`models/${folder}/${path}`)),
    );
    expect(differing.map(([path]) => path)).toEqual([]);
  });

  test('graph and interpreter agree on persons that they never saw, also on who is refused', async () => {
    const { equation, run } = library.equations.get(id)!;
    const persons = samplePersons(
      equation,
      { count: 200, seed: 7 },
      (person) => checkFaults(equation, person).length === 0,
    );
    const names = Object.keys(persons);
    // Every fifth person lacks one input, every seventh has one far out of range.
    for (let row = 0; row < 200; row += 1) {
      const column = persons[names[row % names.length]!]!;
      if (row % 5 === 0) column[row] = Number.NaN;
      else if (row % 7 === 0) column[row] = -1e9;
    }
    const results = await run(persons);
    const apart: string[] = [];
    for (let row = 0; row < 200; row += 1) {
      const person = Object.fromEntries(names.map((name) => [name, persons[name]![row]!]));
      for (const [name, expected] of Object.entries(interpretEquation(equation, person))) {
        const got = results[outputTensor(name)]![row]!;
        const near = Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
        if (!near && !(Number.isNaN(got) && Number.isNaN(expected)))
          apart.push(`${name} of row ${row}: ${got}, ${expected}`);
      }
    }
    expect(apart).toEqual([]);
  });
});
