// An empty database of this version of PGlite, kept with the installed packages: to copy it takes a tenth of a second, to make one seconds.
import { constants, existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newUuid } from '#kernel/ids.ts';
import { PROJECT_ROOT } from '#kernel/project-root.ts';
import { syncFolder } from './sync-folder.ts';

/** Another version may lay its files out in another way. */
function versionOfPglite(): string {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  const { version }: { version: string } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'));
  return version;
}

const templateFolder = (): string =>
  fileURLToPath(new URL(`node_modules/.cache/haidang/postgres-${versionOfPglite()}`, PROJECT_ROOT));

const COPY = { recursive: true, mode: constants.COPYFILE_FICLONE } as const;

/** A copy is not on the disk yet, and PostgreSQL writes only what it changes itself. Its modes are those of whoever made the template. */
async function settleTree(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return settleTree(path);
      const handle = await open(path, 'r+');
      try {
        await handle.chmod(0o600);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }),
  );
  await syncFolder(folder);
}

/** False where there is none. */
export async function copyTemplate(to: string): Promise<boolean> {
  const template = templateFolder();
  if (!existsSync(template)) return false;
  await cp(template, to, COPY);
  await settleTree(to);
  return true;
}

/** A folder of packages that cannot be written to keeps none. Of several at the same moment one stays. */
export async function keepTemplate(from: string): Promise<void> {
  const template = templateFolder();
  const fresh = `${template}.${newUuid()}`;
  try {
    await mkdir(dirname(template), { recursive: true });
    await cp(from, fresh, COPY);
    await rename(fresh, template);
  } catch {
    await rm(fresh, { recursive: true, force: true });
  }
}
