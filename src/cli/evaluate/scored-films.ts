// A model with films that it has scored, for commands that fit or measure something on them: the scores come from an earlier run, or are made.
import { join } from 'node:path';
import { type DatasetChoice, evaluateModel, openDataset } from '#cli/evaluate/evaluate-model.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { loadModel } from '#models/load.ts';
import { readPredictions } from '#research/report/predictions.ts';
import { readConfig } from '#service/config.ts';

export interface ScoredFilmsChoice extends DatasetChoice {
  readonly model: string;
  /** File of predictions of an earlier run. */
  readonly predictions?: string;
}

export async function scoredFilmsOf(choice: ScoredFilmsChoice) {
  const { modelsDir } = readConfig(process.env, userFolder());
  const folder = join(modelsDir, choice.model);
  const model = await loadModel(folder);
  const dataset = await openDataset(choice);
  const films =
    choice.predictions === undefined
      ? (await evaluateModel(choice.model, dataset, { dataset: choice.dataset, scoresOnly: true })).scored
      : readPredictions(resolveUserPath(choice.predictions), dataset.films);
  return { folder, model, dataset, films };
}
