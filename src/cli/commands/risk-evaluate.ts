// `haidang risk evaluate`: risks of persons against what became of them → discrimination, calibration, Brier score, decision curve, and
// what changes from one risk to another.
import { type Command, InvalidArgumentError } from 'commander';
import { resolveUserPath } from '#cli/paths.ts';
import { startProgress } from '#cli/tables/progress.ts';
import { asMisuse, equationNamed, openRisk } from '#cli/tables/risk-room.ts';
import { openTable } from '#cli/tables/table.ts';
import {
  type FollowedRisk,
  type RiskComparison,
  compareRisks,
  followedRisk,
} from '#research/analysis/followed-risk.ts';
import { shippedDataset } from '#research/dataset/library.ts';
import { digits, withInterval } from '#research/report/summary.ts';
import { alignedTable } from '#research/report/text.ts';
import { SEED } from '#research/statistics/bootstrap.ts';
import { answerRows, type CohortRow } from '#risk/cohort/rows.ts';
import { tryRead } from '#risk/cohort/ndjson.ts';
import { riskErrors } from '#risk/errors.ts';
import { namesOf, readNamedCells } from '#risk/input/named-inputs.ts';
import type { TableRow } from '#risk/table/csv.ts';

interface Options {
  readonly describe?: string;
  readonly event?: string;
  readonly time?: string;
  readonly horizon?: number;
  readonly risk: readonly string[];
  readonly equation: readonly string[];
  readonly cuts: readonly number[];
  readonly replicates: number;
  readonly json?: boolean;
}

interface FollowUp {
  readonly event: boolean;
  readonly time: number;
}

/** Name of a risk → one value per row; NaN where it was not assessed. */
type Risks = ReadonlyMap<string, readonly number[]>;

const wrong = (field: string, reason: string) => riskErrors.error('bad-table', { field, reason });

async function rowsOf(file: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const { row } of (await openTable(resolveUserPath(file))).rows()) rows.push(row);
  if (rows.length === 0) throw wrong(file, `${file} has no row`);
  return rows;
}

const cellOf = (row: TableRow, at: number, column: string): string => {
  const cell = row[column];
  if (cell === undefined)
    throw wrong(column, `row 1: there is no column ${column}; there are ${Object.keys(row).join(', ')}`);
  if (cell.trim() === '') throw wrong(column, `row ${at + 2}, column ${column}: the cell is empty`);
  return cell.trim();
};

/** Without a time everyone was seen to the horizon, those without the event beyond it. */
function outcomesOf(rows: readonly TableRow[], event: string, time: string | undefined, horizon: number): FollowUp[] {
  return rows.map((row, at) => {
    const happened = cellOf(row, at, event);
    if (happened !== '0' && happened !== '1')
      throw wrong(event, `row ${at + 2}, column ${event}: “${happened}” is neither 0 nor 1`);
    if (time === undefined) return { event: happened === '1', time: happened === '1' ? horizon : 2 * horizon };
    const years = Number(cellOf(row, at, time));
    if (!(years >= 0)) throw wrong(time, `row ${at + 2}, column ${time}: “${row[time]}” is no time in years`);
    return { event: happened === '1', time: years };
  });
}

/** An empty cell is a person whose risk is not known. */
function riskColumn(rows: readonly TableRow[], column: string): number[] {
  return rows.map((row, at) => {
    const cell = row[column];
    if (cell === undefined) cellOf(row, at, column);
    const value = cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell);
    if (cell?.trim() !== '' && !(value >= 0 && value <= 1))
      throw wrong(column, `row ${at + 2}, column ${column}: “${cell}” is no risk from 0 to 1`);
    return value;
  });
}

async function equationRisks(rows: readonly TableRow[], named: string): Promise<number[]> {
  const [id = '', output] = named.split(':');
  const opened = await openRisk();
  try {
    const { room } = opened;
    const served = equationNamed(room, id);
    const { outputs } = served.equation.data;
    const wanted = output ?? outputs.find(({ role }) => role === 'headline')?.name ?? '';
    if (!outputs.some(({ name }) => name === wanted))
      throw riskErrors.error('unknown-input', {
        field: '--equation',
        reason: `${id} has ${outputs.map(({ name }) => name).join(', ')}`,
      });
    const known = namesOf(served.equation);
    async function* read(): AsyncGenerator<CohortRow> {
      for (const [at, row] of rows.entries()) {
        const cells = Object.fromEntries(Object.entries(row).filter(([name]) => known.has(name)));
        yield { row: at + 1, id: null, read: tryRead(() => readNamedCells(served.equation, cells, room.registry)) };
      }
    }
    const risks: number[] = [];
    for await (const answer of answerRows(served, read())) {
      const value = answer.outcome === 'assessed' ? answer.outputs[wanted] : null;
      risks.push(typeof value === 'number' ? value : Number.NaN);
    }
    return risks;
  } finally {
    await opened.close();
  }
}

async function risksOf(rows: readonly TableRow[], { risk, equation }: Options): Promise<Risks> {
  const risks = new Map<string, readonly number[]>();
  for (const column of risk) risks.set(column, riskColumn(rows, column));
  for (const named of equation) risks.set(named, await equationRisks(rows, named));
  if (risks.size === 0) throw wrong('--risk', 'name a column of risks with --risk, or an equation with --equation');
  return risks;
}

interface Result {
  readonly persons: number;
  /** Persons whom every risk named here answers: all are measured on the same ones. */
  readonly assessed: number;
  readonly horizonYears: number;
  readonly replicates: number;
  readonly seed: number;
  readonly risks: readonly (FollowedRisk & { readonly name: string })[];
  readonly comparisons: readonly (RiskComparison & { readonly first: string; readonly second: string })[];
}

function inWords({ persons, assessed, horizonYears, risks, comparisons }: Result): string {
  const main = risks.map(({ name, events, harrell, uno, brier, meanPredicted, observed, observedOverExpected }) => [
    name,
    String(events),
    withInterval(harrell),
    withInterval(uno),
    withInterval(brier),
    digits(meanPredicted),
    digits(observed),
    withInterval(observedOverExpected),
  ]);
  const headings = [
    'risk',
    'events',
    "Harrell's C",
    "Uno's C",
    'Brier',
    'predicted',
    'observed',
    'observed / expected',
  ];
  const deciles = risks.flatMap(({ name, deciles: groups }) =>
    groups.map(({ n, predicted, observed }, at) => [
      `${name} ${at + 1}`,
      String(n),
      digits(predicted),
      digits(observed),
    ]),
  );
  const compared = comparisons.map(({ first, second, harrell, brier, netReclassification }) => [
    `${first} less ${second}`,
    withInterval(harrell),
    withInterval(brier),
    withInterval(netReclassification),
  ]);
  return [
    `${assessed} of ${persons} persons, horizon ${horizonYears} years`,
    alignedTable([headings, ...main]),
    '',
    alignedTable([['group of risk', 'n', 'predicted', 'observed'], ...deciles]),
    ...(compared.length === 0
      ? []
      : ['', alignedTable([['', "Harrell's C", 'Brier', 'net reclassification'], ...compared])]),
  ].join('\n');
}

async function run(file: string, options: Options): Promise<void> {
  const described = options.describe === undefined ? undefined : shippedDataset(options.describe).persons;
  const event = options.event ?? described?.event;
  const horizon = options.horizon ?? described?.horizonYears;
  if (event === undefined || horizon === undefined)
    throw wrong('--event', 'name the column of events and the horizon in years');
  const rows = await rowsOf(file);
  const outcomes = outcomesOf(rows, event, options.time ?? described?.time, horizon);
  const risks = await risksOf(rows, options);
  const kept = [...rows.keys()].filter((at) => [...risks.values()].every((values) => Number.isFinite(values[at]!)));
  if (kept.length === 0) throw wrong('--risk', 'no person has every risk that was named');
  const followed = { times: kept.map((at) => outcomes[at]!.time), events: kept.map((at) => outcomes[at]!.event) };
  const { replicates, cuts } = options;
  const names = [...risks.keys()];
  const of = (name: string): number[] => kept.map((at) => risks.get(name)![at]!);
  const progress = startProgress(names.length);
  const measured = names.map((name, at) => {
    const result = { name, ...followedRisk(followed, of(name), { horizon, replicates }) };
    progress.update(at + 1, at + 1);
    return result;
  });
  progress.stop();
  const [first, ...others] = names;
  const result: Result = {
    persons: rows.length,
    assessed: kept.length,
    horizonYears: horizon,
    replicates,
    seed: SEED,
    risks: measured,
    comparisons: others.map((second) => ({
      first: first ?? '',
      second,
      ...compareRisks(followed, [of(first ?? ''), of(second)], { horizon, replicates, cuts }),
    })),
  };
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `${inWords(result)}\n`);
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0');
  return value;
}

function categories(text: string): readonly number[] {
  const list = text.split(',').map(Number);
  if (!list.every((value) => value > 0 && value < 1))
    throw new InvalidArgumentError('shares with commas, for example 0.05,0.1');
  return list;
}

export function addRiskEvaluateCommand(risk: Command): void {
  risk
    .command('evaluate')
    .description('risks of persons against what became of them')
    .argument('<file>', 'CSV or Parquet, a person a row')
    .option('--event <column>', '1 where the event came, 0 where it did not')
    .option(
      '--time <column>',
      'years to the event or the end of observation; without it everyone was seen to the horizon',
    )
    .option('--horizon <years>', 'of the risk', positive)
    .option('--describe <id>', 'a shipped descriptor that says these (haidang datasets list)')
    .option('--risk <column>', 'risks from 0 to 1 in the table; may be repeated', collect, [])
    .option('--equation <id[:output]>', 'computed from the other columns; may be repeated', collect, [])
    .option('--cuts <a,b>', 'categories of the net reclassification', categories, [])
    .option('--replicates <n>', 'draws of the bootstrap', positive, 300)
    .option('--json', 'one JSON object')
    .action(asMisuse(run));
}
