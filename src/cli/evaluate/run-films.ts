// Every film of a data set through one model, several in flight, with an order of results that does not depend on who came first.
import { sha256Hex } from '#kernel/ids.ts';
import { explainFilm } from './explain-film.ts';
import type { Answered, Journal } from './journal.ts';
import { type Bench, scoreFilm } from './score-film.ts';

/** Enough to keep two inference processes busy while this one decodes. */
const IN_FLIGHT = 4;
/** Those whose name's hash comes first; about half of them have a positive finding, and only these get a curve. */
const CURVE_CANDIDATES = 300;

export interface RunOptions {
  readonly journal: Journal;
  readonly scoresOnly: boolean;
  readonly onFilm: () => void;
}

export async function runFilms(bench: Bench, { journal, scoresOnly, onFilm }: RunOptions): Promise<Answered[]> {
  const byHash = bench.dataset.films.toSorted((a, b) => (sha256Hex(a.file) < sha256Hex(b.file) ? -1 : 1));
  const candidates = new Set(byHash.slice(0, CURVE_CANDIDATES).map(({ file }) => file));
  const answers: Answered[] = [];
  const queue = bench.dataset.films.values();
  async function worker(): Promise<void> {
    for (const film of queue) {
      const earlier = journal.earlier.get(film.file);
      if (earlier !== undefined) {
        answers.push(earlier);
        onFilm();
        continue;
      }
      const { scored, ran } = await scoreFilm(film, bench);
      const sampled = candidates.has(film.file) ? 'curve' : 'no-curve';
      const explained =
        ran === undefined || scoresOnly ? { pointed: [], curves: [] } : await explainFilm(scored, ran, bench, sampled);
      const answer = { scored, ...explained };
      journal.add(answer);
      answers.push(answer);
      onFilm();
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  // The order of arrival must not change a bootstrap.
  return answers.sort((a, b) => (a.scored.film.file < b.scored.film.file ? -1 : 1));
}
