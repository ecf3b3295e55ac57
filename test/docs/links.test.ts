// A document names only files, commands and scripts that exist.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const documents = [
  ...globSync('*.md'),
  ...globSync('docs/*.md'),
  ...globSync('src/**/README.md'),
  'models/README.md',
].filter((file) => file !== 'ERRORS.md');

const textOf = (file: string): string => readFileSync(file, 'utf8');

test('every relative link leads to a file', () => {
  const broken = documents.flatMap((file) =>
    [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every npm script that a document names is in package.json', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'));
  const unknown = documents.flatMap((file) =>
    [...textOf(file).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !(name in scripts))
      .map((name) => `${file}: npm run ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('every source file that a document names exists', () => {
  const gone = documents.flatMap((file) =>
    [...textOf(file).matchAll(/(?<![\w/])(?:src|test|scripts|docs|models)\/[\w./-]+\.(?:ts|tsx|json|md|sql)\b/g)]
      .map(([path]) => path)
      .filter((path) => !existsSync(path))
      .map((path) => `${file}: ${path}`),
  );
  expect(gone).toEqual([]);
});

test('every file that the README of a room names by its name alone exists', () => {
  const names = new Set(globSync('{src,scripts,models,datasets,test}/**/*.{ts,tsx}').map((path) => basename(path)));
  const gone = documents
    .filter((file) => file.startsWith('src/'))
    .flatMap((file) =>
      [...textOf(file).matchAll(/\b[a-z\d][\w.-]*\.tsx?\b/g)]
        .filter(([name]) => !names.has(name))
        .map(([name]) => `${file}: ${name}`),
    );
  expect(gone).toEqual([]);
});

test('every room has a README', () => {
  const rooms = globSync('src/*/');
  expect(rooms.length).toBeGreaterThan(20);
  expect(rooms.filter((room) => !existsSync(join(room, 'README.md')))).toEqual([]);
});
