// Does a stated probability fit the prevalence that its head declares? Runs a model over a labelled folder through the service's own pipeline and prints
// for each head the median probability on normal films, calibration in the large, and the area under the curve before and after the shift:
// `npm run --silent benchmark:prevalence -- --dataset FOLDER [--model ID] [--split val] [--keep]`. Leaves 1 where a bar is missed.
import { evaluateModel, openDataset } from '#cli/evaluate/evaluate-model.ts';
import { readConfig } from '#service/config.ts';
import { userFolder } from '#cli/paths.ts';
import { loadModel } from '#models/load.ts';
import { join } from 'node:path';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import { FEWEST_CASES } from '#research/analysis/figures.ts';
import type { LabelledFilm } from '#research/dataset/film.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { auroc, scored } from '#research/statistics/discrimination.ts';
import { readOptions } from '../options.ts';
import { keepResult, quantile, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  dataset: { type: 'string' },
  model: { type: 'string', default: 'cxr-findings' },
  split: { type: 'string', default: 'val' },
  keep: { type: 'boolean', default: false },
});
const { dataset: folder, model: id, split } = options;
if (folder === undefined) throw new Error('--dataset is needed: a folder with labels.csv and its films');

type Head = (typeof model)['calibration']['heads'][number];

const RARE = 'tuberculosis';
const CHILDREN = 'paediatric-pneumonia';
const ADULT = 18;
/** On normal films half of the stated probabilities lie below it. */
const MOST_MEDIAN = 0.02;
/** Expected over declared, on films of the sources on which the head was fitted. */
const MOST_OFF = 0.2;

const { modelsDir } = readConfig(process.env, userFolder());
const model = await loadModel(join(modelsDir, id));
const dataset = await openDataset({ dataset: folder, split });
const { scored: films } = await evaluateModel(id, dataset, { dataset: folder, split });

/** Of the NIH, without any finding by either of its labels. */
const isNormal = ({ source, cells }: LabelledFilm): boolean =>
  source.startsWith('nih14') && cells['label'] === 'normal' && ['', 'Normal'].includes(cells['rsna_class'] ?? '');
const normal = films.filter(({ film, refused }) => refused === undefined && isNormal(film));

const probabilitiesOn = (some: readonly ScoredFilm[], code: string): readonly number[] =>
  some.flatMap(({ heads }) => heads.get(code)?.probability ?? []);

interface Row {
  readonly head: string;
  readonly films: number;
  readonly positives: number;
  readonly declared: number;
  readonly population: string;
  readonly medianOnNormal: number;
  /** Mean probability where the finding is as common as declared, over the declared prevalence. */
  readonly expectedOverDeclared: number;
  readonly aucOfLogit: number;
  readonly aucOfProbability: number;
}

const { questions } = questionsOf(dataset.data);

/** What is true of a film of a source on which the head was fitted; normal films of the NIH have nothing that no question asks of them. */
function truthOf(film: LabelledFilm, head: Head): boolean | undefined {
  if (!head.fittedOn.dataset.split('+').includes(film.source)) return undefined;
  const asked = questions.filter(({ finding }) => finding === head.code).map(({ truth }) => truth(film));
  const known = asked.find((truth) => truth !== undefined);
  if (known !== undefined || !isNormal(film)) return known;
  return head.code === CHILDREN && (film.ageYears ?? ADULT) >= ADULT ? undefined : false;
}

function rowOf(head: Head): Row | undefined {
  const cases = films.flatMap(({ film, heads }) => {
    const [label, score] = [truthOf(film, head), heads.get(head.code)];
    return label === undefined || score === undefined ? [] : [{ label, score }];
  });
  const truths = cases.map(({ label }) => label);
  const positives = truths.filter(Boolean).length;
  if (positives < FEWEST_CASES || cases.length - positives < FEWEST_CASES) return undefined;
  const declared = head.prevalence.value;
  const mean = (of: boolean): number => {
    const some = cases.filter(({ label }) => label === of).map(({ score }) => score.probability);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  };
  const areaOf = (values: readonly number[]): number =>
    auroc(scored(values, truths), new Float64Array(truths.length).fill(1));
  return {
    head: head.code,
    films: cases.length,
    positives,
    declared: round(declared, 4),
    population: head.prevalence.population.en,
    medianOnNormal: round(quantile(probabilitiesOn(normal, head.code), 0.5), 4),
    expectedOverDeclared: round((declared * mean(true) + (1 - declared) * mean(false)) / declared, 3),
    aucOfLogit: round(areaOf(cases.map(({ score }) => score.logit)), 4),
    aucOfProbability: round(areaOf(cases.map(({ score }) => score.probability)), 4),
  };
}

const rows = model.calibration.heads.flatMap((head) => rowOf(head) ?? []);
const misses = rows.flatMap(({ head, medianOnNormal, expectedOverDeclared, aucOfLogit, aucOfProbability }) => [
  ...(head === RARE && medianOnNormal > MOST_MEDIAN ? [`${head}: median ${medianOnNormal}`] : []),
  ...(Math.abs(expectedOverDeclared - 1) > MOST_OFF ? [`${head}: expected over declared ${expectedOverDeclared}`] : []),
  ...(aucOfLogit === aucOfProbability ? [] : [`${head}: another area`]),
]);
const result = { model: id, calibration: model.calibration.version, split, normalFilms: normal.length, rows, misses };
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
if (options.keep) keepResult('prevalence', result, { measuredAt: new Date().toISOString() });
if (misses.length > 0) process.exitCode = 1;
