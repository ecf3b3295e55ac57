// `haidang plot`: ROC, calibration or decision curve of reports that `evaluate --out` wrote, as one SVG.
import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Language } from '#kernel/errors.ts';
import { readReportFile } from '#cli/evaluate/report-file.ts';
import { resolveUserPath } from '#cli/paths.ts';
import type { Analysis } from '#research/analysis/analysis.ts';
import { evaluationErrors } from '#research/errors.ts';
import type { Evaluation } from '#research/report/evaluation.ts';
import { PLOT_KINDS, type PlotKind, type Plotted, plotSvg } from '#research/report/plots.ts';

interface Options {
  readonly kind: PlotKind;
  readonly finding?: string;
  readonly source?: string;
  readonly out?: string;
  readonly lang: Language;
}

/** Written by this program, so only its kind is looked at. */
const reportSchema = z.custom<Evaluation>(
  (value) =>
    z
      .object({ model: z.string(), analyses: z.array(z.object({ source: z.string(), finding: z.string() })) })
      .safeParse(value).success,
);

function plotted(file: string, { finding, source }: Options, several: boolean): Plotted[] {
  const report = readReportFile(file, reportSchema);
  const wanted = report.analyses.filter(
    (each) => (finding === undefined || each.finding === finding) && (source === undefined || each.source === source),
  );
  if (wanted.length === 0) {
    const there = report.analyses.map((each: Analysis) => `${each.source} ${each.finding}`).join(', ');
    throw evaluationErrors.error('dataset', { field: file, reason: `${file} has no such finding; it has ${there}` });
  }
  const name = basename(dirname(resolveUserPath(file)));
  return wanted.map((analysis) => ({ label: several ? `${report.model} (${name})` : analysis.finding, analysis }));
}

/** More lines than these cannot be told apart. */
const MOST_LINES = 6;

function plot(files: readonly string[], options: Options): void {
  const shown = files.flatMap((file) => plotted(file, options, files.length > 1)).slice(0, MOST_LINES);
  const svg = plotSvg(options.kind, shown, options.lang);
  if (options.out === undefined) process.stdout.write(`${svg}\n`);
  else writeFileSync(resolveUserPath(options.out), `${svg}\n`);
}

export function addPlotCommand(program: Command): void {
  program
    .command('plot')
    .description('a curve of one or several reports as SVG')
    .argument('<report.json...>', 'of evaluate --out')
    .addOption(new Option('--kind <kind>').choices(PLOT_KINDS).default('roc'))
    .option('--finding <head>', 'only this finding')
    .option('--source <name>', 'only this source')
    .option('--out <file.svg>', 'without it to standard output')
    .addOption(new Option('--lang <language>').choices(['vi', 'en']).default('en'))
    .action(plot);
}
