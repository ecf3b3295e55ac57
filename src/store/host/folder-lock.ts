// One process per data folder: a lock file that tells who holds it, and that a killed holder does not keep for ever.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { storeErrors } from '#store/errors.ts';

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

/** What is at `path`, and whether its holder lives; one on another host (a container that was replaced) while it keeps touching. */
async function judge(path: string): Promise<{ holder: Holder | undefined; lives: boolean } | undefined> {
  const found = await read(path);
  if (found?.holder === undefined) return found && { holder: undefined, lives: false };
  const { holder, ageMs } = found;
  if (holder.host === hostname()) return { holder, lives: isAlive(holder) };
  if (ageMs >= STALE_MS) return { holder, lives: false };
  await new Promise((resolve) => setTimeout(resolve, Math.min(STALE_MS - ageMs, TOUCH_MS + 1_000)));
  const again = await read(path);
  return again?.holder?.token === holder.token && again.ageMs < ageMs ? { holder, lives: true } : judge(path);
}

/** False where a file is already there. A link of a finished file: a reader never sees half of it. */
async function put(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Puts the draft in the place of the dead holder's file, if that is what still lies there. Only the process that holds the
 * claim named after this very holder may do it, so a slow one never moves the file of the winner; a claim whose own holder
 * was killed is taken over in the same way.
 */
export async function succeed(path: string, dead: Holder | undefined, draft: string): Promise<boolean> {
  const claim = join(dirname(path), `in-use.after-${dead?.token ?? 'unreadable'}.json`);
  if (!(await put(draft, claim))) {
    const claimant = await judge(claim);
    if (claimant === undefined || claimant.lives) return false;
    if (claimant.holder?.token === dead?.token) {
      // Should be impossible, except on a broken disk: remove the claim and try again.
      await rm(claim, { force: true });
      return false;
    }
    if (!(await succeed(claim, claimant.holder, draft))) return false;
  }
  const now = await read(path);
  if (now === undefined || now.holder?.token !== dead?.token) {
    await rm(claim, { force: true });
    return false;
  }
  await rename(claim, path);
  return true;
}

/** How often an opener looks again when another one was faster at the same moment, and how long it waits in between. */
const TRIES = 20;
const RETRY_MS = 25;

/** Undefined when the draft stands at `path` now; otherwise who holds it, as far as is known. */
async function take(path: string, draft: string): Promise<{ by: Holder | undefined } | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (await put(draft, path)) return undefined;
    const found = await judge(path);
    if (found?.lives) return { by: found.holder };
    if (found !== undefined && (await succeed(path, found.holder, draft))) return undefined;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return { by: undefined };
}

export interface FolderLock {
  close(): Promise<void>;
}

/** Throws CareError `store.folder-in-use` naming the process that holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'in-use.json');
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: randomUUID() };
  const draft = join(folder, `in-use.${mine.token}.new`);
  await writeFile(draft, JSON.stringify(mine), { flag: 'wx' });
  const held = await take(path, draft).finally(() => rm(draft, { force: true }));
  if (held !== undefined) {
    throw storeErrors.error('folder-in-use', {
      field: 'HAIDANG_DATA_DIR',
      reason: `the data folder is held by process ${held.by?.pid ?? 'unknown'} on ${held.by?.host ?? 'an unknown host'}`,
    });
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
