// `haidang worklist simulate`: what re-ordering the worklist by the model does to waiting, for a room of one's own numbers.
import { type Command, InvalidArgumentError } from 'commander';
import type { Interval } from '#research/statistics/bootstrap.ts';
import type { ReadingRoom } from '#research/simulation/reading-room.ts';
import { type TriageEffect, triageEffect } from '#research/simulation/triage-effect.ts';

interface Options extends ReadingRoom {
  readonly runs: number;
  readonly hours: number;
  readonly seed: number;
  readonly json?: boolean;
}

const within = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high)) throw new InvalidArgumentError(`from ${low} to ${high}`);
  return value;
};
const whole = (low: number, high: number) => (text: string) => {
  const value = within(low, high)(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('a whole number');
  return value;
};

const inWords = ({ value, lower, upper }: Interval): string =>
  `${value.toFixed(1)} min (95 % interval ${lower.toFixed(1)} to ${upper.toFixed(1)})`;

const NAMES = { grave: 'films that cannot wait', others: 'all others', all: 'every film' } as const;

function reportOf({ utilisation, films, groups, expected }: TriageEffect): string {
  return [
    `Readers work ${(100 * utilisation).toFixed(0)} % of the time; ${films} films were counted.`,
    ...groups.flatMap(({ group, arrival, urgency, difference, arrivalP90, urgencyP90 }) => [
      `${NAMES[group]}, mean wait:`,
      `  in order of arrival  ${inWords(arrival)}; nine of ten within ${arrivalP90.value.toFixed(1)} min`,
      `  by urgency           ${inWords(urgency)}; nine of ten within ${urgencyP90.value.toFixed(1)} min`,
      `  difference           ${inWords(difference)}`,
    ]),
    ...(expected === null
      ? []
      : [
          `By formula (M/M/c, Cobham), in the long run: arrival ${expected.arrival.toFixed(1)}, cannot wait ${expected.grave.toFixed(1)}, others ${expected.others.toFixed(1)} min`,
        ]),
    '',
  ].join('\n');
}

export function addWorklistCommands(program: Command): void {
  program
    .command('worklist')
    .description('the order of reading')
    .command('simulate')
    .description('waiting times with and without re-ordering by the model, by simulation with a seed')
    .requiredOption('--arrivals-per-hour <number>', 'films per hour', within(0.1, 500))
    .requiredOption('--prevalence <share>', 'share of films that cannot wait', within(0, 1))
    .requiredOption('--sensitivity <share>', 'of the model for them', within(0, 1))
    .requiredOption('--specificity <share>', 'of the model for them', within(0, 1))
    .option('--readers <number>', 'who read at the same time', whole(1, 50), 1)
    .option('--minutes-per-film <number>', 'mean reading time', within(0.1, 240), 5)
    .option('--ageing-minutes <number>', 'after which a film is read as if it were urgent', within(0, 100_000))
    .option('--runs <number>', 'how often the room is simulated', whole(2, 10_000), 200)
    .option('--hours <number>', 'of each run', within(1, 10_000), 400)
    .option('--seed <number>', 'another chance', whole(0, 1_000_000_000), 1)
    .option('--json', 'machine-readable')
    .action(({ runs, hours, seed, json = false, ...room }: Options) => {
      const effect = triageEffect(room, { runs, hours, seed });
      process.stdout.write(json ? `${JSON.stringify({ ...room, runs, hours, seed, ...effect })}\n` : reportOf(effect));
    });
}
