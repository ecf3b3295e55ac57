// `haidang alerts simulate`: tries a policy on a history and prints what it would have told, hit, missed and kept silent.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { alertErrors } from '#alerts/errors.ts';
import { readHistoryLine, type HistoryRow } from '#alerts/decide/history.ts';
import { defaultPolicy, type AlertPolicy } from '#alerts/policy/policy.ts';
import { readPolicy } from '#alerts/policy/read-policy.ts';
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';
import { simulate, type Simulation } from '#alerts/figures/simulate.ts';
import { resolveUserPath } from '#cli/paths.ts';

interface Options {
  readonly history: string;
  readonly policy?: string;
  readonly json?: boolean;
}

/** A file that is not there is the caller's mistake and named so; anything else is thrown on. */
function unreadable(error: unknown, option: string): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^E[A-Z]+$/.test(code)
    ? alertErrors.error('history', { field: option, reason: `the file cannot be read (${code})`, cause: error })
    : error;
}

const readText = (file: string, option: string): Promise<string> =>
  readFile(resolveUserPath(file), 'utf8').catch((error: unknown) => {
    throw unreadable(error, option);
  });

async function readHistory(file: string): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    const row = readHistoryLine(line, number);
    if (row !== null) rows.push(row);
  }
  return rows;
}

const inPercent = (value: number | null): string => (value === null ? '?' : `${(100 * value).toFixed(1)} %`);

const inWords = ({ value, lower, upper, n }: IntervalEstimate): string =>
  value === null
    ? 'unknown (no case with a known truth)'
    : `${inPercent(value)} (95 % interval ${inPercent(lower)} to ${inPercent(upper)}, n = ${n})`;

const counted = (title: string, counts: Readonly<Record<string, number>>): string[] =>
  Object.keys(counts).length === 0
    ? []
    : [title, ...Object.entries(counts).map(([code, count]) => `  ${String(count).padStart(6)}  ${code}`)];

function reportOf(result: Simulation): string {
  const missed = result.suppressedCases.filter(({ present }) => present === true);
  return [
    `Policy ${result.policy} on ${result.rows} rows, ${result.patients} patients, ${result.from ?? '?'} to ${result.to ?? '?'}`,
    `Alerts told: ${result.raised}, of which ${result.interruptive} interrupt; made but suppressed: ${result.suppressed}`,
    ...Object.entries(result.interruptivePer100Patients).map(
      ([role, rate]) => `  ${rate.toFixed(1)} interruptions per 100 patients for ${role}`,
    ),
    `Positive predictive value: ${inWords(result.ppv)}; of the interrupting: ${inWords(result.interruptivePpv)}`,
    `Sensitivity: ${inWords(result.sensitivity)}; by interrupting: ${inWords(result.interruptiveSensitivity)}`,
    'Rules (told / suppressed, positive predictive value):',
    ...result.rules.map(({ rule, raised, suppressed, ppv }) => `  ${rule}: ${raised} / ${suppressed}, ${inWords(ppv)}`),
    ...counted('Suppressed because:', result.suppressions),
    ...counted('Silent because:', result.silences),
    ...(missed.length === 0
      ? []
      : [
          `True cases that the policy would have kept silent: ${missed.length}`,
          ...missed.map(({ row, rule, because }) => `  row ${row}: ${rule}, ${because}`),
        ]),
    '',
  ].join('\n');
}

export function addAlertsCommands(program: Command): void {
  program
    .command('alerts')
    .description('alert policies')
    .command('simulate')
    .description('replay history against an alert policy before it is switched on')
    .requiredOption('--history <file>', 'one JSON line per examination: src/alerts/README.md')
    .option('--policy <file>', 'alert policy as JSON (default: the built-in one)')
    .option('--json', 'the whole report as JSON')
    .action(async (options: Options) => {
      const policy: AlertPolicy =
        options.policy === undefined ? defaultPolicy : readPolicy(await readText(options.policy, 'policy'));
      const result = simulate(await readHistory(resolveUserPath(options.history)), policy);
      process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : reportOf(result));
    });
}
