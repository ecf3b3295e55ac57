// Compares lists of codes of a second source with ours: each of theirs must be ours, or be left out with a reason that still holds.

export interface ListComparison {
  readonly name: string;
  /** Theirs; undefined: the second source has no such list any more. */
  readonly codes: readonly string[] | undefined;
  readonly isOurs: (code: string) => boolean;
  /** Codes of theirs that ours leaves out, with the reason. */
  readonly except: Readonly<Record<string, string>>;
}

/** Prints the counts and each difference; the exit status is 1 where there is one. */
export function tellDifferences(comparisons: readonly ListComparison[]): void {
  let compared = 0;
  let excepted = 0;
  const faults: string[] = [];
  for (const { name, codes, isOurs, except } of comparisons) {
    if (codes === undefined) {
      faults.push(`the second source has no ${name}`);
      continue;
    }
    for (const code of codes) {
      compared += 1;
      const isExcepted = Object.hasOwn(except, code);
      if (isExcepted) excepted += 1;
      if (isOurs(code) === isExcepted) faults.push(`${name} ${code}: ${isExcepted ? 'is ours now' : 'is not ours'}`);
    }
    for (const code of Object.keys(except))
      if (!codes.includes(code)) faults.push(`${name} ${code}: the exception speaks of no code of theirs`);
  }
  process.stdout.write(`${compared} codes compared, ${excepted} left out with a reason, ${faults.length} differ\n`);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
