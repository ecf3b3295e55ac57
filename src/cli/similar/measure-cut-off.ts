// From films with labels and their embeddings: how alike two films must be before one is offered as a similar case of the other.
import type { Gathered, LabelledCase } from '#cli/train-head/cases.ts';
import type { Model } from '#models/model.ts';
import { type Similarity, similaritySchema } from '#models/schema.ts';
import { evaluationErrors } from '#research/errors.ts';
import { withInterval } from '#research/report/summary.ts';
import { patientBootstrap } from '#research/statistics/bootstrap.ts';
import { alikeShare, cutOffOf } from '#similarity/cut-off.ts';

const METHOD =
  'cosine that the given share of film pairs without a common finding stays below; pairs of different persons within one source';

/** A head that only serves the order of the worklist is no finding that two films could have in common. */
function comparedOf({ patient, source, embedding, labels }: LabelledCase, { manifest }: Model) {
  const findings = manifest.heads.flatMap(({ code, explains }) => (explains ? [code] : []));
  if (!findings.some((code) => labels.has(code))) return [];
  return [{ patient, source, vector: embedding, present: new Set(findings.filter((code) => labels.get(code))) }];
}

/** Throws CareError `evaluation.dataset` where no similarity tells films with a common finding from others. */
export function measureCutOff({ cases, from }: Gathered, model: Model, quantile: number): Similarity {
  const films = cases.flatMap((each) => comparedOf(each, model));
  const refuse = (reason: string) => evaluationErrors.error('dataset', { field: '--dataset', reason });
  const cutOff = cutOffOf(films, quantile);
  if (cutOff === undefined)
    throw refuse('films with and without a common finding are needed, of different persons within one source');
  const patients = films.map(({ patient }) => patient);
  const alike = patientBootstrap((weights) => alikeShare(cutOff.near, weights), { patients });
  const { minimum, unlikePairs, chance } = cutOff;
  if (!(alike.lower > chance))
    throw refuse(
      `from a similarity of ${minimum.toFixed(3)} on, ${withInterval(alike)} of the pairs have a common finding or none; of all pairs ${chance.toFixed(3)}: the similarity says nothing`,
    );
  return similaritySchema.parse({
    modelId: model.manifest.id,
    modelVersion: model.manifest.version,
    method: METHOD,
    minimum,
    quantile,
    measuredOn: { ...from, films: films.length, patients: new Set(patients).size, unlikePairs },
    alike: { ...alike, chance },
  });
}
