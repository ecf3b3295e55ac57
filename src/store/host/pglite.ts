// PGlite on a folder, with commits that reach the disk. Runs in the database's own thread.
import { existsSync, fsyncSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { vector } from '@electric-sql/pglite-pgvector';
import { copyTemplate, keepTemplate } from './pglite-template.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * PGlite turns fsync off by default, which survives a kill but not a power cut. Its file system has no fsync and its
 * fdatasync does nothing, so: fsync on, by the method `fsync`, and the call handed to Node. It costs about 0.5 ms per commit.
 */
const startParams = (schema: string): string[] => [
  ...PGlite.defaultStartParams.filter((flag) => flag !== '-F'),
  '-c',
  'wal_sync_method=fsync',
  '-c',
  `search_path=${schema},public`,
];

type EmscriptenOptions = Parameters<NodeFS['init']>[1];

/** Also during recovery, so it is put in place before PostgreSQL starts. */
class DurableNodeFS extends NodeFS {
  override async init(pglite: PGlite, options: EmscriptenOptions): ReturnType<NodeFS['init']> {
    const made = await super.init(pglite, options);
    const { preRun } = made.emscriptenOpts;
    if (!Array.isArray(preRun)) throw new Error('PGlite no longer takes a list of preRun functions');
    preRun.push((module: { FS: { filesystems: { NODEFS: { stream_ops: Record<string, unknown> } } } }) => {
      module.FS.filesystems.NODEFS.stream_ops['fsync'] = (stream: { nfd?: number }): number => {
        // Folders are opened without a descriptor of Node's.
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
        return 0;
      };
    });
    return made;
  }
}

const startIn = (folder: string, schema: string): Promise<PGlite> =>
  PGlite.create({ fs: new DurableNodeFS(folder), extensions: { vector }, startParams: startParams(schema) });

/**
 * A first start that is cut off must not leave half a database behind: made beside, then renamed. Making one takes PGlite some seconds of
 * processor time, so the first one of an installation is kept as a template, and others are copies of it.
 */
async function prepare(folder: string, schema: string): Promise<void> {
  if (existsSync(folder)) return;
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  if (!(await copyTemplate(fresh))) {
    await mkdir(fresh, { recursive: true });
    const pglite = await startIn(fresh, schema);
    await pglite.close();
    await keepTemplate(fresh);
  }
  await rename(fresh, folder);
  await syncFolder(dirname(folder));
}

export async function openPglite(folder: string, schema: string): Promise<PGlite> {
  await prepare(folder, schema);
  return startIn(folder, schema);
}
