// Logic stands once: few places of src hold the same statements, and the search for them finds logic and no lists.
import { expect, test } from 'vitest';
import { sourcesOf, twinsIn } from '../../scripts/duplicates.ts';

/** As many as the project bears; `npm run duplicates` names them. */
const MOST = 25;

test(`at most ${MOST} pairs of places in src hold the same logic`, () => {
  expect(twinsIn(sourcesOf('src/**/*.{ts,tsx}')).length).toBeLessThanOrEqual(MOST);
});

const LOGIC = `export function total(rows: readonly number[]): number {
  let sum = 0;
  for (const row of rows) {
    if (row < 0) throw new Error('below zero');
    sum += row;
  }
  return sum;
}
`;
const RENAMED = `export const sumOf = 1;
${LOGIC.replaceAll('sum', 'all').replaceAll(/\brow/g, 'price').replace('below zero', 'a debt')}`;

test('the same logic under other names is one pair', () => {
  const twins = twinsIn(
    new Map([
      ['src/one.ts', LOGIC],
      ['src/two.ts', RENAMED],
    ]),
  );
  expect(twins).toEqual([
    [
      { file: 'src/one.ts', from: 1, to: 8 },
      { file: 'src/two.ts', from: 2, to: 9 },
    ],
  ]);
});

test.each([
  ['other logic', LOGIC.replace('row < 0', 'row < 0 && sum > 0')],
  ['imports', "import a from 'a';\nimport b from 'b';\n".repeat(4)],
  ['fields of an interface', `export interface Row {\n${'  readonly a: string;\n'.repeat(8)}}\n`],
  ['a catalogue', `export const codes = define('room', {\n${"  name: 'text',\n".repeat(8)}});\n`],
])('no pair: %s', (_, text) => {
  const sources = new Map([
    ['src/one.ts', text.startsWith('export function') ? LOGIC : text],
    ['src/two.ts', text],
  ]);
  expect(twinsIn(sources)).toEqual([]);
});
