// A run of test files as one row, with the largest memory of any of its processes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Row } from './disk.ts';

/** A parser that keeps what it was given grows past this. */
const MOST_MIB = 2_048;
const LOOK_MS = 500;

const statusOf = (pid: string, field: string): number => {
  try {
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return Number.NaN;
  }
};

/** Of this process's descendants, in MiB. */
function largestOf(root: number): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), statusOf(name, 'PPid')]),
  );
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  const sizes = [...parents.keys()].filter(isOurs).map((pid) => statusOf(String(pid), 'VmRSS') / 1024);
  return Math.max(0, ...sizes.filter(Number.isFinite));
}

/** A run that ended before its report has none. */
function countsIn(file: string): { readonly passed: number; readonly failed: number } {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

export async function runSuite(
  what: string,
  files: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Row> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'haidang-suite-'));
  const report = join(folder, 'report.json');
  const asked = ['run', '--project', 'node', '--reporter=json', `--outputFile=${report}`, ...files];
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...asked], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let largestMib = 0;
  const timer = setInterval(() => {
    largestMib = Math.max(largestMib, largestOf(child.pid ?? 0));
  }, LOOK_MS);
  const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  clearInterval(timer);
  const { passed, failed } = countsIn(report);
  rmSync(folder, { recursive: true });
  return {
    what,
    did: `${passed} tests passed, ${failed} failed, largest process ${Math.round(largestMib)} MiB`,
    seconds: Math.round((performance.now() - started) / 1000),
    faults: [
      ...(child.exitCode === 0 ? [] : [`${files.join(', ')} ended with ${child.exitCode ?? child.signalCode}`]),
      ...(passed === 0 ? [`no test passed: ${said.trim().split('\n').at(-1) ?? ''}`] : []),
      ...(largestMib > MOST_MIB ? [`a process grew to ${Math.round(largestMib)} MiB`] : []),
    ],
  };
}
