// Checks the maps of a reading that is committed already. The model's output is kept for a while; after a restart the film is read again.
import { checkingIn } from '#kernel/finding-maps.ts';
import type { Reading } from '#kernel/finding.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { OpenImage, Study } from '#preread/choose/candidate-images.ts';
import { judgeHeads } from '#preread/read/findings.ts';
import { type Maps, mapsOf } from '#preread/read/read-study.ts';
import type { ExplainDeps, ReadFilm } from './heatmaps.ts';

/** A tensor of 192 × 192 floats with its maps is 0.2 MB. */
const KEPT_FILMS = 64;

export interface KeptFilms {
  keep(readingId: string, film: ReadFilm): void;
  take(readingId: string): ReadFilm | undefined;
}

/** The oldest is forgotten first. */
export function keepFilms(most = KEPT_FILMS): KeptFilms {
  const films = new Map<string, ReadFilm>();
  return {
    keep(readingId, film) {
      films.set(readingId, film);
      const [oldest] = films.keys();
      if (films.size > most && oldest !== undefined) films.delete(oldest);
    },
    take(readingId) {
      const film = films.get(readingId);
      films.delete(readingId);
      return film;
    },
  };
}

export interface ExplainReadingDeps extends ExplainDeps {
  readonly open: OpenImage;
  readonly kept: Pick<KeptFilms, 'take'>;
}

/** Throws `preread.film-changed` where this model or this study no longer is the one that gave the reading. */
async function readAgain(study: Study, reading: Reading, deps: ExplainReadingDeps): Promise<ReadFilm> {
  const { manifest } = deps.model;
  const image = study.images.find(({ known }) => known?.sopInstanceUid === reading.sopInstanceUids[0]);
  if (image === undefined) throw prereadErrors.error('film-changed', { reason: 'the image is not there' });
  const prepared = await deps.open(image);
  const ran = await deps.engine.run(manifest.id, prepared.tensor, { deadlineMs: deps.deadlineMs, urgency: 'later' });
  if (ran.modelSha256 !== reading.provenance.modelSha256)
    throw prereadErrors.error('film-changed', { reason: 'another model reads now' });
  const logits = ran.outputs[manifest.outputs.logits]?.data;
  if (logits === undefined) throw new Error('the graph does not give the declared logits');
  const { results } = judgeHeads(logits, deps.model, image.known?.ageYears ?? prepared.facts.ageYears);
  const asked = checkingIn(reading);
  const worth = results.filter(({ head }) => asked.includes(head.code));
  if (worth.length !== asked.length) throw prereadErrors.error('film-changed', { reason: 'a finding is not given' });
  return { worth, ran, prepared };
}

/** Throws CareError: with a 5xx status it may be tried again. */
export async function explainReading(study: Study, reading: Reading, deps: ExplainReadingDeps): Promise<Maps> {
  const [sopInstanceUid] = reading.sopInstanceUids;
  if (sopInstanceUid === undefined) throw prereadErrors.error('film-changed', { reason: 'the reading names no image' });
  const film = deps.kept.take(reading.id) ?? (await readAgain(study, reading, deps));
  return mapsOf(sopInstanceUid, film, deps);
}
