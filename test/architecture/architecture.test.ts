// The house holds: rooms import only what they are granted, nothing runs in a circle, and each rule is shown to catch a planted offender.
import { describe, expect, test } from 'vitest';
import {
  askingHeaders,
  circles,
  climbing,
  copiedShapes,
  doubleNouns,
  strayBuiltIns,
  strayCode,
  strayLibraries,
  ungranted,
  unresolved,
  unusedGrants,
  unusedLibraryGrants,
} from './rules.ts';
import { projectSources } from './sources.ts';

const sources = projectSources();

/** The kernel alone, whose shapes a port may repeat. */
const kernel = new Map([...sources].filter(([file]) => file.startsWith('src/kernel/')));

/** The project with one more file. */
const withFile = (file: string, text: string) => new Map([...sources, [file, text]]);

test('every import resolves to a file', () => {
  expect(unresolved(sources)).toEqual([]);
});

test('imports are ./ within a folder and #room/… otherwise', () => {
  expect(climbing(sources)).toEqual([]);
});

test('a room imports only the rooms granted to it, and a standard imports no other standard', () => {
  expect(ungranted(sources)).toEqual([]);
});

test('every grant is used', () => {
  expect(unusedGrants(sources)).toEqual([]);
  expect(unusedLibraryGrants(sources)).toEqual([]);
});

test('no file and no room depends on itself in a circle, types included', () => {
  expect(circles(sources)).toEqual([]);
});

test('each library and each built-in module that reaches outside stays in its room', () => {
  expect(strayLibraries(sources)).toEqual([]);
  expect(strayBuiltIns(sources)).toEqual([]);
});

test('the environment, SQL, the clock and chance stay in their rooms', () => {
  expect(strayCode(sources)).toEqual([]);
});

test('the header of a file begins with a noun or a verb, not with a question word', () => {
  expect(askingHeaders(sources)).toEqual([]);
  expect(askingHeaders(new Map([['src/alerts/planted.ts', '// What an alert is.\n']]))).toHaveLength(1);
});

test('a noun of kernel is declared once', () => {
  expect(doubleNouns(sources)).toEqual([]);
});

test('a datum that crosses rooms is named once, in kernel, and a port takes its part with Pick', () => {
  expect(copiedShapes(sources)).toEqual([]);
});

describe('a planted offender is caught:', () => {
  test.each([
    ['a door that reads the store', "import { openStore } from '#store/store.ts';"],
    ['with double quotes', 'import { openStore } from "#store/store.ts";'],
    ['by a relative path', "import { openStore } from './../../store/store.ts';"],
    ['as a type', "import type { Store } from '#store/store.ts';"],
    ['as a dynamic import', "const store = await import('#store/store.ts');"],
    ['as a re-export', "export * from '#store/store.ts';"],
    ['a standard that imports another', "import type { Resource } from '#interop/fhir/resources/resource.ts';"],
  ])('%s', (_, text) => {
    expect(ungranted(withFile('src/interop/hl7v2/planted.ts', text))).toHaveLength(1);
  });

  test.each([
    ["import '#kernel/no-such-file.ts';", unresolved],
    ["import { x } from '../kernel/ids.ts';", climbing],
    ["import { x } from './sub/ids.ts';", climbing],
    ['interface Reading {\n  readonly id: string;\n}', doubleNouns],
    ["import sharp from 'sharp';", strayLibraries],
    ['import sharp from "sharp";', strayLibraries],
    ["import left from 'left-pad';", strayLibraries],
    ["import { fork } from 'node:child_process';", strayBuiltIns],
    ["import { fork } from 'child_process';", strayBuiltIns],
    ["const { connect } = await import('node:net');", strayBuiltIns],
    ["const home = process.env['HOME'];", strayCode],
    ["const rows = query('select id from alert where id = $1');", strayCode],
    ['const rows = query(`\n  insert into alert (id) values ($1)`);', strayCode],
    ['const now = new Date();', strayCode],
    ['const now = Date.now();', strayCode],
    ['const id = randomUUID();', strayCode],
  ])('%s', (text, rule) => {
    expect(rule(withFile('src/alerts/planted.ts', text))).toHaveLength(1);
  });

  test('a port that spells out a type of kernel', () => {
    const planted = `import type { Reason } from '#kernel/finding.ts';
export interface ReadingDoor {
  get(id: string): Promise<{ outcome: Outcome; readonly reasons: readonly Reason[]; findings: readonly Finding[]; priority?: Priority }>;
}`;
    expect(copiedShapes(new Map([...kernel, ['src/worklist/planted.ts', planted]]))).toEqual([
      'src/worklist/planted.ts {…} repeats src/kernel/finding.ts Reading: outcome, reasons, findings, priority',
    ]);
  });

  test('two rooms that spell out one datum, and no part that is picked', () => {
    const copy = 'export interface Ward {\n  bed: string;\n  ward: string;\n  floor: number;\n  nurse?: string;\n}';
    const part = "export type Part = Pick<Reading, 'outcome' | 'reasons' | 'findings' | 'priority'>;";
    const planted = new Map([
      ...kernel,
      ['src/alerts/planted.ts', copy],
      ['src/worklist/planted.ts', copy.replaceAll(/^  /gm, '  readonly ')],
      ['src/preread/planted.ts', part],
    ]);
    expect(copiedShapes(planted)).toHaveLength(1);
  });

  test('a circle of types', () => {
    const planted = new Map([
      ...withFile('src/alerts/one.ts', "import type { Two } from './two.ts';"),
      ['src/alerts/two.ts', "import type { One } from './one.ts';"],
    ]);
    expect(circles(planted)).toEqual(['src/alerts/one.ts ↔ src/alerts/two.ts']);
  });

  test('a sentence about an import is none', () => {
    expect(strayLibraries(withFile('src/alerts/planted.ts', "// import sharp from 'sharp';"))).toEqual([]);
  });
});
