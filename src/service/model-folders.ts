// Folders of models that came, changed or went since the last look. A folder is told of when two looks have found it alike: a copy in progress is
// not read half-way.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface ModelFolders {
  /** Names of the folders; a folder that went is named as well. */
  changed(): Promise<readonly string[]>;
}

/** Of every file its size and time; empty where there is none. */
async function printOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = await Promise.all(
    paths.map(async (path) => {
      const about = await stat(path).catch(() => undefined);
      return about === undefined ? '' : `${path} ${about.size} ${about.mtimeMs} ${about.ino}`;
    }),
  );
  return lines.toSorted().join('\n');
}

async function printsOf(root: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(root, { withFileTypes: true }).catch(() => []))
    .filter((entry) => !entry.isFile())
    .map(({ name }) => name);
  return new Map(await Promise.all(names.map(async (name) => [name, await printOf(join(root, name))] as const)));
}

export async function openModelFolders(root: string): Promise<ModelFolders> {
  const told = new Map(await printsOf(root));
  let last: ReadonlyMap<string, string> = told;
  return {
    async changed() {
      const now = await printsOf(root);
      const names = [...new Set([...now.keys(), ...told.keys()])].filter(
        (name) => now.get(name) !== told.get(name) && now.get(name) === last.get(name),
      );
      last = now;
      for (const name of names) {
        const print = now.get(name);
        if (print === undefined) told.delete(name);
        else told.set(name, print);
      }
      return names;
    },
  };
}
