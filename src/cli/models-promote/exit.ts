// Options and the verdict in words, shared by the two commands of a promotion.
import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_MARGIN, type ExitVerdict } from '#promotion/exit.ts';
import { digits, withInterval } from '#research/report/summary.ts';
import { alignedTable } from '#research/report/text.ts';

export function exitInWords({ passed, findings, against, margin }: ExitVerdict): string {
  const rows = findings.map(({ finding, source, n, positives, candidateAuroc, liveAuroc, slope, ...each }) => [
    finding,
    source,
    `${positives}/${n}`,
    digits(candidateAuroc),
    digits(liveAuroc),
    withInterval({ value: each.difference, lower: each.lower, upper: each.upper }),
    each.notInferior === null ? '–' : each.notInferior ? 'yes' : 'no',
    slope === null ? '–' : withInterval(slope),
  ]);
  const headings = [
    'finding',
    'source',
    'pos./n',
    'candidate',
    'live',
    'difference',
    `not inferior by ${margin}`,
    'slope',
  ];
  const verdict = passed ? 'passed' : `not passed:\n${against.map((each) => `  ${each}`).join('\n')}`;
  return `${alignedTable([headings, ...rows])}\n${verdict}\n`;
}

function shareBelowHalf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 0.5)) throw new InvalidArgumentError('between 0 and 0.5, for example 0.05');
  return value;
}

export const listed = (text: string): string[] => text.split(',').map((name) => name.trim());

export const marginOption = () =>
  new Option('--margin <m>', 'how much lower an AUROC may be').argParser(shareBelowHalf).default(DEFAULT_MARGIN);
export const untestedOption = () =>
  new Option('--accept-untested <findings>', 'findings that pass without a test, with commas')
    .argParser(listed)
    .default([]);

export type Accepted<Options extends { readonly untested: readonly string[] }> = Omit<Options, 'untested'> & {
  readonly acceptUntested: readonly string[];
};
