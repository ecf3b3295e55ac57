// One process per data folder: a lock file that tells who holds it, and that a killed holder does not keep for ever.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { storeErrors } from './errors.ts';

const holderSchema = z.object({ pid: z.number(), host: z.string(), started: z.string(), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** The holder touches its file this often; a file older than `STALE_MS` has no holder, wherever it ran. */
const TOUCH_MS = 4_000;
const STALE_MS = 15_000;

/** Tells a process from a later one with the same number: its start in clock ticks since boot, field 22 of proc(5) stat. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets that may itself hold blanks and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return holder.started === '' || startOf(holder.pid) === holder.started;
}

async function read(path: string): Promise<{ holder: Holder | undefined; ageMs: number } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const parsed = holderSchema.safeParse(JSON.parse(text === '' ? '{}' : text));
    return { holder: parsed.success ? parsed.data : undefined, ageMs: Date.now() - mtimeMs };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { holder: undefined, ageMs: Infinity };
    throw error;
  }
}

/** Names the process; a holder on another host (a container that was replaced) counts while it keeps touching its file. */
async function isHeld(path: string): Promise<Holder | undefined> {
  const found = await read(path);
  if (found?.holder === undefined) return undefined;
  if (found.holder.host === hostname()) return isAlive(found.holder) ? found.holder : undefined;
  const waitMs = STALE_MS - found.ageMs;
  if (waitMs <= 0) return undefined;
  await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, TOUCH_MS + 1_000)));
  const again = await read(path);
  const touched = again !== undefined && again.ageMs < found.ageMs;
  if (touched) return found.holder;
  return again === undefined || again.ageMs >= STALE_MS ? undefined : isHeld(path);
}

/** Moves a dead holder's file away; another process that did the same at the same moment keeps what it made. */
async function clear(path: string, token: string): Promise<void> {
  const before = await read(path);
  const away = `${path}.${token}`;
  try {
    await rename(path, away);
  } catch {
    return;
  }
  const moved = await read(away);
  if (moved?.holder?.token !== before?.holder?.token) await link(away, path).catch(() => undefined);
  await rm(away, { force: true });
}

async function create(path: string, holder: Holder): Promise<boolean> {
  // Written beside and linked: a reader never sees half of it, and the link fails where a file is already there.
  const draft = `${path}.${holder.token}.new`;
  const handle = await open(draft, 'wx');
  await handle.writeFile(JSON.stringify(holder));
  await handle.close();
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

export interface FolderLock {
  close(): Promise<void>;
}

/** Throws CareError `store.folder-in-use` naming the process that holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'in-use.json');
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: randomUUID() };
  for (let attempt = 0; !(await create(path, mine)); attempt += 1) {
    const holder = await isHeld(path);
    if (holder !== undefined || attempt === 3) {
      throw storeErrors.error('folder-in-use', {
        field: 'HAIDANG_DATA_DIR',
        reason: `the data folder is held by process ${holder?.pid ?? 'unknown'} on ${holder?.host ?? 'an unknown host'}`,
      });
    }
    await clear(path, mine.token);
  }
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), TOUCH_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      const found = await read(path);
      if (found?.holder?.token === mine.token) await rm(path, { force: true });
    },
  };
}
