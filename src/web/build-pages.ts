// The pages as files that a browser can cache for ever: TSX bundled by esbuild, each file named by its content. A clone builds them in
// memory at the first request; the published package holds them already, made by the same function, and needs no esbuild.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Pages {
  /** File name → content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly script: string;
  readonly style: string;
}

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const named = (names: readonly string[], pattern: RegExp): string => {
  const found = names.find((name) => pattern.test(name));
  if (found === undefined) throw new Error(`the pages' build made no ${pattern.source}`);
  return found;
};

const entriesOf = (names: readonly string[]) => ({
  script: named(names, /^app-\w+\.js$/),
  style: named(names, /^app-\w+\.css$/),
});

export async function buildPages(): Promise<Pages> {
  const { build } = await import('esbuild');
  const source = folder('./pages/');
  const { outputFiles } = await build({
    absWorkingDir: source,
    entryPoints: { app: 'app.tsx' },
    outdir: source,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    // Chromium of 2022, as HisPro's desktop shell brings it.
    target: 'chrome100',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const files = new Map<string, Uint8Array>(
    outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf('/') + 1), contents]),
  );
  files.set('lighthouse.svg', await readFile(`${source}lighthouse.svg`));
  return { files, ...entriesOf([...files.keys()]) };
}

/** Undefined in a clone. */
async function builtPages(): Promise<Pages | undefined> {
  if (import.meta.url.endsWith('.ts')) return undefined;
  const built = folder('./pages/');
  const names: string[] = JSON.parse(await readFile(`${built}files.json`, 'utf8'));
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readFile(`${built}${name}`));
  return { files, ...entriesOf(names) };
}

export const openPages = async (): Promise<Pages> => (await builtPages()) ?? buildPages();
