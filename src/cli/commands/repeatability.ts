// `haidang repeatability`: how far a model's answers move between two films of one person whose labels stayed. The service compares priors by it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { findingChange, VERDICTS } from '#calibration/change.ts';
import { calibrationErrors } from '#calibration/errors.ts';
import { repeatabilityBound } from '#calibration/fit-repeatability.ts';
import { filmPairs, type LabelledPair } from '#cli/calibrate/film-pairs.ts';
import { questionFor } from '#cli/calibrate/head-report.ts';
import { type ScoredFilmsChoice, scoredFilmsOf } from '#cli/evaluate/scored-films.ts';
import { CareError } from '#kernel/errors.ts';
import type { Model } from '#models/model.ts';
import { type Repeatability, repeatabilitySchema } from '#models/schema.ts';
import { alignedTable } from '#research/report/text.ts';
import { addDatasetOptions } from './evaluate.ts';

interface Options extends ScoredFilmsChoice {
  readonly write?: boolean;
  readonly json?: boolean;
}

const COVERAGE = 0.95;
const METHOD =
  'consecutive films of one person with the same label; conformal bound of the difference of their logits, each person counted once';

type Counts = Readonly<Record<(typeof VERDICTS)[number], number>>;

interface HeadRow {
  readonly code: string;
  readonly measured: Repeatability['heads'][number] | null;
  readonly reason: string | null;
  /** What the service would say of the pairs, by whether the label stayed. */
  readonly same: Counts;
  readonly changed: Counts;
}

function verdicts(code: string, pairs: readonly LabelledPair[], model: Model): Counts {
  const { calibration, repeatability } = model;
  const counts = { increased: 0, decreased: 0, unchanged: 0, 'cannot-tell': 0 };
  for (const pair of pairs) {
    const change = repeatability && findingChange(code, pair, { calibration, repeatability });
    counts[change?.verdict ?? 'cannot-tell'] += 1;
  }
  return counts;
}

function measured(code: string, pairs: readonly LabelledPair[]): Pick<HeadRow, 'measured' | 'reason'> {
  try {
    const bound = repeatabilityBound(
      pairs.filter(({ same }) => same),
      COVERAGE,
    );
    return { measured: { code, ...bound }, reason: null };
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    return { measured: null, reason: error.reason };
  }
}

function inWords(rows: readonly HeadRow[]): string {
  const headings = [
    'finding',
    'pairs',
    'persons',
    'logit moves by',
    'same: told as changed',
    'unchanged',
    'changed: told as changed',
  ];
  const told = (counts: Counts) => counts.increased + counts.decreased;
  const all = (counts: Counts) => VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
  return alignedTable([
    headings,
    ...rows.map(({ code, measured: found, reason, same, changed }) => [
      code,
      String(found?.pairs ?? '-'),
      String(found?.patients ?? '-'),
      found === null ? (reason ?? '') : found.logitDifference.toFixed(2),
      `${told(same)}/${all(same)}`,
      `${same.unchanged}/${all(same)}`,
      `${told(changed)}/${all(changed)}`,
    ]),
  ]);
}

async function run(options: Options): Promise<void> {
  const { folder, model, dataset, films } = await scoredFilmsOf(options);
  const asked = model.manifest.heads.map(({ code }) => {
    const question = questionFor(code, films, dataset);
    const pairs = question === undefined ? [] : filmPairs(question, films);
    return { code, pairs, ...measured(code, pairs) };
  });
  const heads = asked.flatMap(({ measured: found }) => found ?? []);
  if (heads.length === 0)
    throw calibrationErrors.error('cannot-fit', {
      reason: asked.map(({ code, reason }) => `${code}: ${reason}`).join('; '),
    });
  const repeatability = repeatabilitySchema.parse({
    modelId: model.manifest.id,
    modelVersion: model.manifest.version,
    method: METHOD,
    coverage: COVERAGE,
    measuredOn: { dataset: dataset.data.id, split: options.split ?? 'all' },
    heads,
  });
  // Without --write the bounds that the model has are judged on these films: on a split of its own, a test of them.
  const judged = options.write === true ? { ...model, repeatability } : model;
  if (options.write === true)
    writeFileSync(join(folder, 'repeatability.json'), `${JSON.stringify(repeatability, null, 2)}\n`);
  const rows = asked.map(({ pairs, ...head }): HeadRow => {
    const of = (same: boolean) =>
      verdicts(
        head.code,
        pairs.filter((pair) => pair.same === same),
        judged,
      );
    return { ...head, same: of(true), changed: of(false) };
  });
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ ...repeatability, heads: rows })}\n` : `${inWords(rows)}\n`,
  );
}

export function addRepeatabilityCommand(program: Command): void {
  addDatasetOptions(
    program
      .command('repeatability')
      .description('how far a model’s answers move between two films of a person whose findings did not change')
      .option('--model <id>', 'folder under models/', 'cxr-findings'),
  )
    .option('--predictions <file.csv>', 'answers of an earlier evaluate instead of a run')
    .option('--write', 'replace the bounds of the model; without it they are tried on these films')
    .option('--json', 'one JSON object')
    .action(run);
}
