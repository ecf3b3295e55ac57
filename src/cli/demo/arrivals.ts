// Films for the demo: a morning of phantoms, or the files of a folder.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Sentence } from '#kernel/errors.ts';

export interface DemoFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What was drawn; one's own films have none. */
  readonly note?: Sentence;
}

export interface Arrivals {
  readonly count: number;
  files(): AsyncGenerator<DemoFile>;
}

/** The same seed gives the same morning. */
export async function phantomArrivals(seed: number): Promise<Arrivals> {
  const { morning, MORNING_FILES } = await import('#phantom-cxr/morning.ts');
  return { count: MORNING_FILES, files: () => morning(seed) };
}

/** Every file in the folder and below it, in the order of their paths. Throws as `readdir` does. */
export async function folderArrivals(folder: string): Promise<Arrivals> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  paths.sort();
  return {
    count: paths.length,
    async *files() {
      for (const path of paths) yield { name: relative(folder, path), bytes: await readFile(path) };
    },
  };
}
