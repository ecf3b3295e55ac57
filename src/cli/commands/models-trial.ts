// `haidang models trial`: what a model and the live one say of the same labelled films → a file of cases, and the verdict on them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type DatasetChoice, evaluateModel, openDataset } from '#cli/evaluate/evaluate-model.ts';
import { type Accepted, exitInWords, listed, marginOption, untestedOption } from '#cli/models-promote/exit.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { systemClock } from '#kernel/clock.ts';
import { loadModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { exitOf } from '#promotion/exit.ts';
import { pseudonymIn, reportCases, type ReportedModel, type TrialReport } from '#promotion/report.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { Dataset } from '#research/dataset/dataset.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { readPredictions } from '#research/report/predictions.ts';
import { readConfig } from '#service/config.ts';
import { knownModel } from '#service/promotion.ts';
import { packageVersion } from '#service/version.ts';
import { addDatasetOptions } from './evaluate.ts';

interface TrialOptions extends DatasetChoice {
  readonly against?: string;
  readonly predictions?: readonly [string, string];
  readonly margin: number;
  readonly untested: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

const reported = (model: Model): ReportedModel => {
  const { findings: _findings, ...rest } = knownModel(model);
  return rest;
};

function casesIn(
  { candidate, live, model }: { candidate: readonly ScoredFilm[]; live: readonly ScoredFilm[]; model: Model },
  dataset: Dataset,
): TrialReport['findings'] {
  const hashed = pseudonymIn(dataset.data.id);
  const others = new Map(live.map((film) => [film.film.file, film.heads]));
  const ranges = new Map(model.calibration.heads.map(({ code, logitRange }) => [code, logitRange]));
  return questionsOf(dataset.data).questions.flatMap(({ finding, source, truth }) => {
    const range = ranges.get(finding);
    const rows = candidate.flatMap(({ film, heads }) => {
      const present = truth(film);
      const [own, other] = [heads.get(finding), others.get(film.file)?.get(finding)];
      if (present === undefined || own === undefined || other === undefined) return [];
      const beyond = range !== undefined && (own.logit < range.minimum || own.logit > range.maximum);
      return [{ patient: hashed(film.patientId), present, own, other, beyond }];
    });
    if (rows.length === 0) return [];
    return [
      {
        finding,
        source,
        patients: rows.map(({ patient }) => patient),
        present: rows.map(({ present }): 0 | 1 => (present ? 1 : 0)),
        candidate: rows.map(({ own }) => own.probability),
        live: rows.map(({ other }) => other.probability),
        beyondCalibration: rows.filter(({ beyond }) => beyond).length,
      },
    ];
  });
}

async function trial(id: string, options: TrialOptions): Promise<void> {
  const { modelsDir, cxrModel } = readConfig(process.env, userFolder());
  const against = options.against ?? cxrModel;
  const [model, live] = [await loadModel(join(modelsDir, id)), await loadModel(join(modelsDir, against))];
  const dataset = await openDataset(options);
  const answers = async (name: string, at: 0 | 1): Promise<readonly ScoredFilm[]> => {
    const file = options.predictions?.[at];
    if (file !== undefined) return readPredictions(resolveUserPath(file), dataset.films);
    return (await evaluateModel(name, dataset, { ...options, scoresOnly: true })).scored;
  };
  const report: TrialReport = {
    format: 'haidang-model-trial',
    madeAt: systemClock.now().toISOString(),
    program: `haidang ${packageVersion()}`,
    candidate: reported(model),
    live: reported(live),
    dataset: {
      id: dataset.data.id,
      split: options.split ?? 'all',
      splitSha256: dataset.splitSha256,
      films: dataset.films.length,
    },
    findings: casesIn({ candidate: await answers(id, 0), live: await answers(against, 1), model }, dataset),
  };
  const target = resolveUserPath(options.out);
  writeFileSync(target, `${JSON.stringify(report)}\n`);
  const exit = exitOf(reportCases(report, report), {
    margin: options.margin,
    findings: live.manifest.heads.map(({ code }) => code),
    untested: options.untested,
  });
  if (!exit.passed) process.exitCode = 1;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ file: target, exit })}\n`
      : `${exitInWords(exit)}written to ${target}\n`,
  );
}

function twoFiles(text: string): readonly [string, string] {
  const [own, live, ...more] = listed(text);
  if (own === undefined || live === undefined || more.length > 0)
    throw new InvalidArgumentError('two files with a comma between them, the candidate’s first');
  return [own, live];
}

export function addModelsTrialCommand(models: Command): void {
  addDatasetOptions(
    models
      .command('trial')
      .description('a model against the live one on a labelled data set: a file of cases for its promotion')
      .argument('<id>', 'the model that is to be promoted')
      .option('--against <id>', 'instead of the one that HAIDANG_CXR_MODEL names')
      .option('--predictions <a.csv,b.csv>', 'answers of earlier runs instead, the candidate’s first', twoFiles),
  )
    .addOption(marginOption())
    .addOption(untestedOption())
    .option('--out <file>', 'where the cases go', 'model-trial.json')
    .option('--json', 'one JSON object')
    .action((id: string, { acceptUntested, ...options }: Accepted<TrialOptions>) =>
      trial(id, { ...options, untested: acceptUntested }),
    );
}
