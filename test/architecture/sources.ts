// Reads the imports of every source file and resolves them to real paths, so that a rule cannot be evaded by the way an import is written.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Path from the root of the repository → the file's text. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly file: string;
  readonly specifier: string;
  /** The imported file of `src`; undefined for a library or a file that does not exist. */
  readonly target: string | undefined;
}

const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'`])([\w@#.:/-]+)\1/g;

/** Comments are blanked, so that a sentence about an import is none. Strings stay: specifiers are strings. */
export const withoutComments = (text: string): string =>
  text.replaceAll(/^\s*(?:\/\/.*|\/\*\*?[\s\S]*?\*\/)/gm, '').replaceAll(/\s\/\/ .*$/gm, '');

export const projectSources = (): Sources =>
  new Map(
    globSync('src/**/*.{ts,tsx}')
      .filter((file) => !file.startsWith('src/client/generated'))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

function resolveImport(file: string, specifier: string, sources: Sources): string | undefined {
  if (!/^[#.]/.test(specifier)) return undefined;
  const path = specifier.startsWith('#') ? `src/${specifier.slice(1)}` : normalize(join(dirname(file), specifier));
  return sources.has(path) || existsSync(path) ? path : undefined;
}

export const importsOf = (sources: Sources): readonly Import[] =>
  [...sources].flatMap(([file, text]) =>
    [...withoutComments(text).matchAll(IMPORT)].map(([, , specifier = '']) => ({
      file,
      specifier,
      target: resolveImport(file, specifier, sources),
    })),
  );

/** A standard under `interop` is a room of its own. */
export function roomOf(file: string): string {
  const [, room = '', standard = ''] = file.split('/');
  if (room === 'interop') return `interop/${standard}`;
  return room.endsWith('.ts') ? 'entry' : room;
}
