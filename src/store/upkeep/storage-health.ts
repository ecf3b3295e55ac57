// Can it be written? The database and the disk are asked by writing to them, because a full or read-only disk still answers every read.
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import { newUuid } from '#kernel/ids.ts';
import type { Database } from '#store/host/database.ts';
import { technicalFault } from '#store/host/technical-fault.ts';

export type DatabaseState = 'ok' | 'read-only' | 'full' | 'unreachable';
export type DiskState = 'ok' | 'low' | 'full' | 'read-only' | 'failed';

export interface StorageHealth {
  readonly database: DatabaseState;
  readonly disk: DiskState;
}

const MIB = 1024 * 1024;
/** One film of the largest size, and the database's own log. */
const FULL_BYTES = 192 * MIB;
/** A day of a small hospital: time to act. */
const LOW_BYTES = 2048 * MIB;
const LOW_SHARE = 0.05;

const STATES: Readonly<Record<string, { readonly database: DatabaseState; readonly disk: DiskState }>> = {
  'store.disk-full': { database: 'full', disk: 'full' },
  'store.read-only': { database: 'read-only', disk: 'read-only' },
};

const stateOf = (thrown: unknown) => {
  const fault = thrown instanceof CareError ? thrown : technicalFault(thrown);
  return STATES[fault?.code ?? ''] ?? { database: 'unreachable' as const, disk: 'failed' as const };
};

async function databaseState(database: Database, clock: Clock): Promise<DatabaseState> {
  try {
    await database.query('update installation set tried_at = $1', [clock.now()]);
    return 'ok';
  } catch (thrown) {
    return stateOf(thrown).database;
  }
}

async function diskState(folder: string): Promise<DiskState> {
  const path = join(folder, 'staging', `try-${newUuid()}`);
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    if (bavail * bsize < Math.min(FULL_BYTES, blocks * bsize * LOW_SHARE)) return 'full';
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile('x');
    } finally {
      await handle.close();
      await rm(path, { force: true });
    }
    return bavail * bsize < Math.min(LOW_BYTES, blocks * bsize * LOW_SHARE * 2) ? 'low' : 'ok';
  } catch (thrown) {
    return stateOf(thrown).disk;
  }
}

/** `folder`: of the blobs. */
export async function storageHealth(database: Database, folder: string, clock: Clock): Promise<StorageHealth> {
  const [state, disk] = await Promise.all([databaseState(database, clock), diskState(folder)]);
  return { database: state, disk };
}
