// One model on one data set: films scored, figures and analyses made of them, with all that is needed to measure it again.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { readConfig } from '#service/config.ts';
import { packageVersion } from '#service/version.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { parquetRows } from '#cli/tables/parquet.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { systemClock } from '#kernel/clock.ts';
import { loadModel, loadModels, modelNamed } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { analyses } from '#research/analysis/analysis.ts';
import { type ScoredFilm, figures } from '#research/analysis/figures.ts';
import { curveFigures, pointingFigures } from '#research/analysis/pointing.ts';
import { type Dataset, readDataset } from '#research/dataset/dataset.ts';
import { type Fault, fault, faultSentence } from '#research/dataset/fault.ts';
import { columnName } from '#research/dataset/film.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { evaluationErrors } from '#research/errors.ts';
import type { Evaluation } from '#research/report/evaluation.ts';
import { REPLICATES, SEED } from '#research/statistics/bootstrap.ts';
import { type Journal, openJournal } from './journal.ts';
import { runFilms } from './run-films.ts';
import type { Bench } from './score-film.ts';

export interface DatasetChoice {
  readonly dataset: string;
  readonly split?: string;
  readonly describe?: string;
}

export interface EvaluateOptions {
  readonly precision?: Precision;
  readonly resume?: string;
  /** No maps are judged: they cost most of a run, and only the report of `evaluate` shows them. */
  readonly scoresOnly?: boolean;
  /** For PPV and NPV; absent: the films' own. */
  readonly prevalence?: number;
}

export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly scored: readonly ScoredFilm[];
}

/** More than these say the same again. */
const MOST_FAULTS_TOLD = 20;

/** A box of a film that is not in the table spoils no figure. */
const spoiling = (faults: readonly Fault[]): Fault[] => faults.filter(({ code }) => code !== 'box-without-film');

/** Rows that were refused leave 1; the figures of the rest are still given. */
function tellFaults(faults: readonly Fault[]): void {
  const told = spoiling(faults);
  if (told.length === 0) return;
  process.exitCode = 1;
  for (const each of told.slice(0, MOST_FAULTS_TOLD)) process.stderr.write(`${faultSentence(each, 'en')}\n`);
  process.stderr.write(`${told.length} rows or files were refused; the figures are of the others.\n`);
}

export async function openDataset({ dataset, split, describe }: DatasetChoice): Promise<Dataset> {
  const opened = await readDataset(resolveUserPath(dataset), {
    readParquet: parquetRows,
    ...(split !== undefined && { split }),
    ...(describe !== undefined && { describe: describe.endsWith('.json') ? resolveUserPath(describe) : describe }),
  });
  tellFaults(opened.faults);
  return opened;
}

/** Throws CareError of the room models; where there is no such folder, with the names of those that there are. */
async function modelHere(modelsDir: string, id: string): Promise<Model> {
  // A name, and no path that leads elsewhere.
  if (basename(id) === id && existsSync(join(modelsDir, id, 'model.json'))) return loadModel(join(modelsDir, id));
  const { models, refused } = await loadModels(modelsDir);
  return modelNamed({ models, refused }, id);
}

/** A model none of whose heads is asked for would give an empty report. */
function checkHeads({ manifest }: Model, { data }: Dataset): void {
  const asked = [...new Set(data.questions.flatMap(({ heads }) => Object.keys(heads)))];
  const heads = manifest.heads.map(({ code }) => code);
  if (asked.some((code) => heads.includes(code))) return;
  throw evaluationErrors.error('dataset', {
    field: 'questions',
    reason: `${data.id} asks for ${asked.join(', ') || 'no head'}; ${manifest.id} has ${heads.join(', ')}`,
  });
}

const aboutOf = ({ title, source, licence, citation, limits, columns }: Dataset['data']): Evaluation['about'] => ({
  title: title.en,
  source,
  licence,
  citation: citation ?? null,
  limits,
  namesPatients: columns.patient !== undefined,
});

const modelFacts = ({ manifest, calibration }: Model): Evaluation['aboutModel'] => ({
  title: manifest.title.en,
  licence: manifest.licence,
  findings: manifest.heads.map(({ code }) => code),
  modalities: manifest.gate.modalities,
  views: manifest.gate.views,
  ageYears: manifest.gate.ageYears,
  pixels: `${manifest.input.rows} × ${manifest.input.columns}, ${manifest.input.channels} channel(s)`,
  calibrationMethod: calibration.method,
  errorRate: calibration.errorRate,
});

function refusalsOf(scored: readonly ScoredFilm[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { refused } of scored) if (refused !== undefined) counts[refused] = (counts[refused] ?? 0) + 1;
  return counts;
}

/** Codes of the gate: a film that it refuses was read, and is no fault of the data set. */
const OF_THE_GATE = 'preread.';

const unreadable = (scored: readonly ScoredFilm[], { data }: Dataset): Fault[] =>
  scored.flatMap(({ film, refused }) => {
    if (refused === undefined || refused.startsWith(OF_THE_GATE)) return [];
    const file = 'file' in data.table ? data.table.file : film.file;
    const column = columnName(data.columns.file);
    return [fault('film-unreadable', { file, row: film.row, column, value: film.file, allowed: [refused] })];
  });

/** Runs the model on every film that the journal does not know yet, with a bar on standard error. */
async function scoreFilms(bench: Bench, journal: Journal, { scoresOnly = false }: EvaluateOptions) {
  const { model, dataset } = bench;
  const progress = new SingleBar(
    { format: `${model.manifest.id} {bar} {value}/{total} films, {eta_formatted} left`, stream: process.stderr },
    Presets.shades_classic,
  );
  const started = performance.now();
  progress.start(dataset.films.length, 0);
  const answers = await runFilms(bench, { journal, scoresOnly, onFilm: () => progress.increment() });
  progress.stop();
  const seconds = (performance.now() - started) / 1000;
  return { answers, seconds };
}

/** Throws CareError of the rooms models and evaluation. */
export async function evaluateModel(
  id: string,
  dataset: Dataset,
  options: EvaluateOptions & DatasetChoice,
): Promise<Evaluated> {
  const { modelsDir, providers } = readConfig(process.env, userFolder());
  const model = await modelHere(modelsDir, id);
  checkHeads(model, dataset);
  const { precision, sha256 } = model.file(options.precision);
  await using engine = await startEngine({
    models: [model],
    ...(options.precision !== undefined && { precision: options.precision }),
    processes: 2,
    providers,
  });
  const state = engine.states().get(id);
  if (state?.state !== 'ready')
    throw evaluationErrors.error('model-refused', {
      field: id,
      reason: state?.state === 'refused' ? state.reason : 'the process that ran it died',
    });
  const { data, films, splitSha256, faults } = dataset;
  const journal = openJournal(
    options.resume === undefined ? undefined : resolveUserPath(options.resume),
    {
      model: id,
      modelSha256: sha256,
      calibration: model.calibration.version,
      dataset: data.id,
      splitSha256,
      ...(options.scoresOnly === true && { scores: 'only' }),
    },
    films,
  );
  const { answers, seconds } = await scoreFilms({ model, engine, dataset }, journal, options);
  const scored = answers.map((answer) => answer.scored);
  const broken = unreadable(scored, dataset);
  tellFaults(broken);
  const questions = questionsOf(data);
  const rows = [
    ...figures(
      scored,
      questions,
      new Map(model.calibration.heads.map(({ code, prevalence }) => [code, prevalence.value])),
    ),
    ...pointingFigures(answers.flatMap(({ pointed }) => pointed)),
    ...curveFigures(answers.flatMap(({ curves }) => curves)),
  ];
  const evaluation: Evaluation = {
    model: id,
    dataset: options.dataset,
    split: options.split ?? 'all',
    figures: rows,
    run: {
      date: systemClock.now().toISOString(),
      program: `haidang ${packageVersion()}`,
      modelVersion: model.manifest.version,
      modelSha256: sha256,
      precision,
      provider: state.provider,
      calibration: model.calibration.version,
      datasetId: data.id,
      splitSha256,
      films: films.length,
      patients: new Set(films.map(({ patientId }) => patientId)).size,
      refusedFilms: scored.filter(({ refused }) => refused !== undefined).length,
      refusedRows: spoiling(faults).length,
      replicates: REPLICATES,
      seed: SEED,
      seconds: Number(seconds.toFixed(1)),
      filmsPerSecond: Number((films.length / seconds).toFixed(1)),
    },
    about: aboutOf(data),
    aboutModel: modelFacts(model),
    analyses: analyses(scored, questions, options.prevalence),
    refusals: refusalsOf(scored),
    faults: [...spoiling(faults), ...broken].slice(0, MOST_FAULTS_TOLD).map((each) => faultSentence(each, 'en')),
  };
  return { evaluation, scored };
}
