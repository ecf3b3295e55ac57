// `haidang risk cohort FILE --equation ID`: a table of persons → the table of their risks, in the same order, with the reason for every gap.
import type { Table } from '#cli/tables/table-rows.ts';
import { createWriteStream, existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Command } from 'commander';
import { answerRows, type CohortAnswer, type CohortRow } from '#risk/cohort/rows.ts';
import { tryRead } from '#risk/cohort/ndjson.ts';
import { riskErrors } from '#risk/errors.ts';

import { namesOf, readNamedCells } from '#risk/input/named-inputs.ts';
import type { ServedEquation } from '#risk/equation/library.ts';
import type { Registry } from '#risk/measure/registry.ts';
import type { TableRow } from '#risk/table/csv.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { csvToParquet } from '#cli/tables/parquet.ts';
import { startProgress, type TableProgress } from '#cli/tables/progress.ts';
import { asMisuse, equationNamed, openRisk } from '#cli/tables/risk-room.ts';
import { openTable } from '#cli/tables/table.ts';

interface Options {
  readonly equation: string;
  readonly out?: string;
  readonly id: string;
  readonly ignoreOthers?: boolean;
  readonly resume?: boolean;
}

const cellOf = (value: number | string | null): string => {
  if (value === null) return '';
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const headerOf = ({ equation }: ServedEquation): string =>
  ['row', 'id', 'outcome', ...equation.data.outputs.map(({ name }) => name), 'category', 'reasons'].join(',');

function csvLine(answer: CohortAnswer, { equation }: ServedEquation): string {
  const { outputs } = equation.data;
  const assessed = answer.outcome === 'assessed' ? answer : undefined;
  const reasons = answer.outcome === 'assessed' ? [] : answer.reasons;
  const values = outputs.map(({ name }) => assessed?.outputs[name] ?? null);
  const why = reasons.map(({ code, field }) => (field === null ? code : `${code}:${field}`)).join(';');
  return [answer.row, answer.id, answer.outcome, ...values, assessed?.category ?? null, why].map(cellOf).join(',');
}

/** A column that the equation does not know may be a misspelt one: it is named, and nothing is computed. */
function checkColumns(row: TableRow, served: ServedEquation, { id, ignoreOthers }: Options): void {
  const known = namesOf(served.equation);
  const strangers = Object.keys(row).filter((name) => name !== id && !known.has(name));
  if (strangers.length === 0 || ignoreOthers === true) return;
  const reason = `${served.equation.data.id} has no ${strangers.join(', ')}; leave them out or say --ignore-others`;
  throw riskErrors.error('unknown-input', { field: strangers[0] ?? '', reason });
}

interface CohortRun {
  readonly table: Table;
  readonly served: ServedEquation;
  readonly registry: Registry;
  readonly options: Options;
  readonly progress: TableProgress;
  /** Rows that were answered before a break. */
  readonly skip: number;
}

async function* cohortRows({ table, served, registry, options, progress, skip }: CohortRun): AsyncGenerator<CohortRow> {
  const known = namesOf(served.equation);
  let number = 0;
  for await (const { row, done } of table.rows()) {
    if (number === 0) checkColumns(row, served, options);
    number += 1;
    progress.update(done, number);
    if (number <= skip) continue;
    const cells = Object.fromEntries(Object.entries(row).filter(([name]) => known.has(name)));
    const read = tryRead(() => readNamedCells(served.equation, cells, registry));
    yield { row: number, id: row[options.id] ?? null, read };
  }
}

/** Whole lines of an earlier answer; half a line at its end (the break) is cut off. */
async function answeredBefore(path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  const text = await readFile(path);
  const end = text.lastIndexOf(0x0a) + 1;
  const file = await open(path, 'r+');
  await file.truncate(end);
  await file.close();
  let lines = 0;
  for (let at = text.indexOf(0x0a); at >= 0 && at < end; at = text.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

async function write(to: Writable, text: string): Promise<void> {
  if (!to.write(text)) await once(to, 'drain');
}

async function run(file: string, options: Options): Promise<void> {
  const opened = await openRisk();
  const { room } = opened;
  const served = equationNamed(room, options.equation);
  const table = await openTable(resolveUserPath(file));
  const target = options.out === undefined ? undefined : resolveUserPath(options.out);
  const parquet = target?.endsWith('.parquet') === true;
  const path = parquet ? `${target}.csv` : target;
  const csv = path?.endsWith('.csv') === true;
  const before = options.resume === true && path !== undefined ? await answeredBefore(path) : 0;
  const skip = Math.max(before - (csv ? 1 : 0), 0);
  const to = path === undefined ? process.stdout : createWriteStream(path, { flags: before > 0 ? 'a' : 'w' });
  const progress = startProgress(table.size);
  const counts = { assessed: 0, 'not-assessed': 0, rejected: 0 };
  try {
    if (csv && before === 0) await write(to, `${headerOf(served)}\n`);
    const rows = cohortRows({ table, served, registry: room.registry, options, progress, skip });
    for await (const answer of answerRows(served, rows)) {
      counts[answer.outcome] += 1;
      await write(to, `${csv ? csvLine(answer, served) : JSON.stringify(answer)}\n`);
    }
  } finally {
    progress.stop();
    if (to !== process.stdout) {
      to.end();
      await once(to, 'finish');
    }
    await opened.close();
  }
  if (parquet && path !== undefined && target !== undefined) {
    await csvToParquet(path, target);
    await rm(path);
  }
  const gone = skip === 0 ? '' : `${skip} rows were answered before; `;
  process.stderr.write(
    `${gone}${counts.assessed} assessed, ${counts['not-assessed']} not assessed, ${counts.rejected} rejected\n`,
  );
  if (counts['not-assessed'] + counts.rejected > 0) process.exitCode = 1;
}

export function addRiskCohortCommand(risk: Command): void {
  risk
    .command('cohort')
    .description('one equation over a table of persons (CSV or Parquet)')
    .argument('<file>', 'columns named as the equation’s inputs; an empty cell is absent')
    .requiredOption('--equation <id>', 'the equation, for example who_cvd_2019_nonlab_sea')
    .option('--out <file>', '.csv, .ndjson or .parquet; without it NDJSON on standard output')
    .option('--id <column>', 'column that names the person in the answer', 'id')
    .option('--ignore-others', 'leave columns out that the equation does not know')
    .option('--resume', 'go on where an earlier --out ended')
    .action(asMisuse(run));
}
