// One labelled film through the service's own pipeline. A film that cannot be read is a refused film with its reason, never the end of a run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningEngine } from '#inference/engine/start-engine.ts';
import type { Engine, ModelOutputs } from '#inference/engine/engine.ts';
import { systemClock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { Model } from '#models/model.ts';
import { type Prepared, prepareImage, specFor } from '#preread/read/prepare.ts';
import { readStudy } from '#preread/read/read-study.ts';
import type { Dataset } from '#research/dataset/dataset.ts';
import type { LabelledFilm } from '#research/dataset/film.ts';
import type { HeadScore, ScoredFilm } from '#research/analysis/figures.ts';

export const DEADLINE_MS = 60_000;

export interface Bench {
  readonly model: Model;
  readonly engine: RunningEngine;
  readonly dataset: Dataset;
}

/** What the forward pass left behind, for the maps. */
export interface Ran {
  readonly prepared: Prepared;
  readonly outputs: ModelOutputs['outputs'];
}

export interface ScoreResult {
  readonly scored: ScoredFilm;
  readonly ran: Ran | undefined;
}

const declaredOf = ({ ageYears, sex, view }: LabelledFilm) => ({
  ...(ageYears !== undefined && { ageYears }),
  ...((sex === 'M' || sex === 'F') && { sex }),
  ...((view === 'PA' || view === 'AP') && { view }),
});

/** A code for what went wrong with the file itself. */
function refusalOf(thrown: unknown): string {
  if (thrown instanceof CareError) return thrown.code;
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string')
    return `evaluation.film-unreadable (${thrown.code})`;
  return `evaluation.film-failed (${thrown instanceof Error ? thrown.message : String(thrown)})`;
}

export async function scoreFilm(film: LabelledFilm, { model, engine, dataset }: Bench): Promise<ScoreResult> {
  const { manifest } = model;
  let prepared: Prepared | undefined;
  let outputs: ModelOutputs['outputs'] = {};
  const watched: Engine = {
    states: () => engine.states(),
    run: async (...args) => {
      const ran = await engine.run(...args);
      ({ outputs } = ran);
      return ran;
    },
  };
  try {
    const bytes = await readFile(join(dataset.folder, film.file));
    const { reading } = await readStudy(
      { uid: film.file, images: [{ sha256: sha256Hex(bytes), load: async () => bytes }], declared: declaredOf(film) },
      {
        model,
        engine: watched,
        clock: systemClock,
        facilityId: 'evaluation',
        policyVersion: 'none',
        deadlineMs: DEADLINE_MS,
        open: async () => (prepared = await prepareImage(bytes, specFor(manifest))),
      },
    );
    if (reading.outcome !== 'assessed' || prepared === undefined)
      return { scored: { film, refused: reading.reasons[0]?.code ?? 'unknown', heads: new Map() }, ran: undefined };
    const logits = outputs[manifest.outputs.logits]?.data;
    const places = new Map(manifest.heads.map(({ code }, place) => [code, place]));
    const heads = new Map(
      reading.findings.map(({ code, probability, decision }): [string, HeadScore] => [
        code,
        { logit: logits?.[places.get(code) ?? -1] ?? Number.NaN, probability, decision },
      ]),
    );
    return { scored: { film, refused: undefined, heads }, ran: { prepared, outputs } };
  } catch (thrown) {
    return { scored: { film, refused: refusalOf(thrown), heads: new Map() }, ran: undefined };
  }
}
