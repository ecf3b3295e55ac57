// Compressed bytes that a browser loads for the worklist, and for the study page on top of it.
import { gzipSync } from 'node:zlib';
import { buildPages } from '#web/build-pages.ts';

/** A script with all that it imports before it runs; what comes later, when it is asked for, is not among them. */
function withImports(files: ReadonlyMap<string, Uint8Array>, first: string): Set<string> {
  const found = new Set([first]);
  for (const name of found) {
    const text = new TextDecoder().decode(files.get(name));
    for (const [, from = ''] of text.matchAll(/\b(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) found.add(from);
  }
  return found;
}

/** In bytes, by gzip. */
export async function packedSizes() {
  const { files, script } = await buildPages();
  const sum = (names: Iterable<string>): number =>
    [...names].reduce((total, name) => total + gzipSync(files.get(name) ?? new Uint8Array()).length, 0);
  const main = withImports(files, script);
  const viewer = [...files.keys()].find((name) => name.startsWith('study-page-')) ?? '';
  return { main: sum(main), viewer: sum([...withImports(files, viewer)].filter((name) => !main.has(name))) };
}
