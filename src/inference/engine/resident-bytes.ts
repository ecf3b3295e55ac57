// Resident memory of a child process, as its operating system counts it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const KIB = 1024;

function statusOf(pid: number): string {
  // Linux tells it in a file; elsewhere `ps` does.
  if (process.platform === 'linux')
    return /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8', timeout: 1_000 });
}

/** 0 for a process that is gone. */
export function residentBytes(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    return Number(statusOf(pid)) * KIB;
  } catch {
    return 0;
  }
}
