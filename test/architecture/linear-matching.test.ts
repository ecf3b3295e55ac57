// Every pattern of src matches in linear time, so that no text that a stranger sends can stop the event loop. The check is scslre's: it finds
// two quantifiers that share a text between them, and one that may start anew at each character of a run.
import { parseSync, Visitor } from 'oxc-parser';
import { analyse } from 'scslre';
import { expect, test } from 'vitest';
import { projectSources, type Sources } from './sources.ts';

/** Patterns that are made while the program runs, and why each is bounded. */
const MADE_AT_RUN_TIME: Readonly<Record<string, string>> = {
  'src/interop/xml130/read/result-row.ts': 'the words of a name of at most 200 characters, each escaped',
  'src/research/dataset/film.ts': 'from the data set’s own description, never from a request',
  'src/research/dataset/schema.ts': 'from the data set’s own description, never from a request',
  'src/research/dataset/table.ts': 'from the data set’s own description, never from a request',
};

function slowPatterns(sources: Sources): string[] {
  const slow: string[] = [];
  for (const [file, text] of sources) {
    const judge = (callee: { readonly type: string; readonly name?: unknown }): void => {
      if (callee.type === 'Identifier' && callee.name === 'RegExp' && !(file in MADE_AT_RUN_TIME))
        slow.push(`${file}: a pattern made at run time`);
    };
    new Visitor({
      Literal(node) {
        if (!('regex' in node)) return;
        const { pattern, flags } = node.regex;
        if (analyse({ source: pattern, flags }, { maxReports: 1 }).reports.length > 0)
          slow.push(`${file}: /${pattern}/${flags}`);
      },
      NewExpression: ({ callee }) => judge(callee),
      CallExpression: ({ callee }) => judge(callee),
    }).visit(parseSync(file, text).program);
  }
  return slow;
}

test('every pattern matches in linear time', () => {
  expect(slowPatterns(projectSources())).toEqual([]);
});

test.each([
  ['two quantifiers that share digits', String.raw`const N = /^\d+\.?\d*$/;`],
  ['a run before the end', String.raw`const padded = text.replace(/\/+$/, '');`],
  ['nested quantifiers', String.raw`const words = /^(?:\w+ ?)+$/;`],
  ['a pattern made at run time', 'const asked = new RegExp(text);'],
])('a planted offender is caught: %s', (_, text) => {
  expect(slowPatterns(new Map([['src/http/planted.ts', text]]))).toHaveLength(1);
});
