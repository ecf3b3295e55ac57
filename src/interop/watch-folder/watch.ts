// A folder into which a modality or a person puts files: whole ones are taken and moved aside, half-written ones are left alone.
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Rounds, startRounds } from '#kernel/rounds.ts';
import type { AcceptedInstance, RefusedInstance } from '#kernel/acceptance.ts';

export const watchSettings = z.strictObject({
  folder: z.string().min(1),
  everyMs: z.number().int().min(100).max(3_600_000).default(2_000),
  /** A file that has not grown or changed for so long is whole. */
  quietMs: z.number().int().min(100).max(600_000).default(3_000),
});
export type WatchSettings = z.infer<typeof watchSettings>;

export interface WatchDeps {
  take(bytes: Buffer | undefined, actor: string): Promise<Pick<AcceptedInstance, 'status'> | RefusedInstance>;
  readonly maxInstanceBytes: number;
  now(): Date;
  /** Fixed words; a file's name may be a patient's. */
  fault(event: string, thrown: unknown): void;
}

/** Names that programs give to what they still write. */
const UNFINISHED = /^\.|\.(part|tmp|crdownload|filepart)$|~$/i;
const DONE = 'taken';
const REFUSED = 'refused';

interface Seen {
  readonly size: number;
  readonly mtimeMs: number;
  readonly since: number;
}

/** Never overwrites: the same name may come again tomorrow. */
async function moveAside(folder: string, name: string, to: string): Promise<void> {
  await mkdir(join(folder, to), { recursive: true });
  for (let copy = 0; ; copy += 1) {
    const target = join(folder, to, copy === 0 ? name : `${name}.${copy}`);
    const taken = await stat(target).then(
      () => true,
      () => false,
    );
    if (!taken) return rename(join(folder, name), target);
  }
}

export function createWatch(settings: WatchSettings, deps: WatchDeps): () => Promise<number> {
  const { folder, quietMs } = settings;
  let seen = new Map<string, Seen>();

  async function takeFile(name: string, size: number): Promise<boolean> {
    const bytes = size > deps.maxInstanceBytes ? undefined : await readFile(join(folder, name));
    const verdict = await deps.take(bytes, 'folder');
    // A fault of ours: it stays, and is tried again.
    if (verdict.status === 'refused' && verdict.error.status >= 500) return false;
    await moveAside(folder, name, verdict.status === 'refused' ? REFUSED : DONE);
    return true;
  }

  /** One look; how many files were taken or refused. */
  return async () => {
    const now = deps.now().getTime();
    const next = new Map<string, Seen>();
    let settled = 0;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isFile() || UNFINISHED.test(entry.name)) continue;
      const { size, mtimeMs } = await stat(join(folder, entry.name));
      const before = seen.get(entry.name);
      const same = before?.size === size && before.mtimeMs === mtimeMs;
      const since = same ? before.since : now;
      if (size > 0 && now - since >= quietMs && (await takeFile(entry.name, size))) settled += 1;
      else next.set(entry.name, { size, mtimeMs, since });
    }
    seen = next;
    return settled;
  };
}

export function startWatch(settings: WatchSettings, deps: WatchDeps): Rounds {
  const look = createWatch(settings, deps);
  return startRounds(async () => {
    await look().catch((thrown: unknown) => deps.fault('folder not read', thrown));
    return settings.everyMs;
  });
}
