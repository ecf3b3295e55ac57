// Report of a benchmark: rounds its figures, takes quantiles, names the commit and keeps the result.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the repository. */
export const root = new URL('../', import.meta.url).pathname;

export const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** `share` from 0 to 1, of values in any order; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Writes benchmarks/<benchmark>/results/<date>-<commit><suffix>.json; `measuredAt` is ISO 8601. */
export function keepResult(
  benchmark: string,
  result: object,
  { measuredAt, suffix = '' }: { readonly measuredAt: string; readonly suffix?: string },
): void {
  const folder = join(root, 'benchmarks', benchmark, 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${measuredAt.slice(0, 10)}-${commit}${suffix}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  process.stderr.write(`written to ${file}\n`);
}
