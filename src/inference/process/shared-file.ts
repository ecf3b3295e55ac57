// Memory that a parent and its child share: a file without a name that both hold open, in memory where the machine has such a folder.
// A film's tensor (150 kB) and the weights (15 MB) pass through it in two copies. Through the IPC channel they were serialised, cut into
// pieces and collected: a third of the parent's work for a film.
import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUuid } from '#kernel/ids.ts';

/** Where a child finds it: behind standard input, output, error and the IPC channel. */
export const CHILD_FD = 4;

/** Kept in memory on Linux. A container may give it 64 MiB; what does not fit is a failed run, not a lost process. */
const IN_MEMORY = '/dev/shm';

type Bytes = Uint8Array | Float32Array;

export interface SharedFile {
  readonly fd: number;
  close(): void;
}

function openIn(folder: string): number {
  const path = join(folder, `haidang-${newUuid()}`);
  const fd = openSync(path, 'wx+', 0o600);
  // No other process can open it, and it is gone with the two processes, however they end.
  unlinkSync(path);
  return fd;
}

export function openSharedFile(): SharedFile {
  let fd: number;
  try {
    fd = openIn(IN_MEMORY);
  } catch {
    fd = openIn(tmpdir());
  }
  let open = true;
  return {
    fd,
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Bytes): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Throws ENOSPC where the folder is full. */
export function writeShared(fd: number, values: Bytes, at: number): void {
  const view = viewOf(values);
  for (let done = 0; done < view.length;) done += writeSync(fd, view, done, view.length - done, at + done);
}

/** Fills `values`; throws where the file is shorter. */
export function readShared(fd: number, values: Bytes, at: number): void {
  const view = viewOf(values);
  for (let done = 0; done < view.length;) {
    const read = readSync(fd, view, done, view.length - done, at + done);
    if (read === 0) throw new Error('the shared file is shorter than said');
    done += read;
  }
}

/** Gives the memory of what is read back. */
export const clearShared = (fd: number): void => ftruncateSync(fd, 0);
