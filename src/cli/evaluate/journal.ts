// A run of many films writes each answer down as it comes, so that a run that was broken off goes on where it stopped.
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { evaluationErrors } from '#research/errors.ts';
import type { LabelledFilm } from '#research/dataset/film.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { FilmFaithfulness } from './explain-film.ts';

export interface Answered extends FilmFaithfulness {
  readonly scored: ScoredFilm;
}

export interface Journal {
  /** Answers of an earlier run, by film. */
  readonly earlier: ReadonlyMap<string, Answered>;
  add(answer: Answered): void;
}

/** What must be the same for an earlier answer to count. */
export type RunIdentity = Readonly<Record<string, string>>;

const box = z.object({
  file: z.string(),
  finding: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  source: z.string(),
});
const entry = z.object({
  film: z.string(),
  refused: z.string().optional(),
  heads: z.array(
    z.tuple([
      z.string(),
      z.object({
        logit: z.number(),
        probability: z.number(),
        decision: z.enum(['positive', 'negative', 'indeterminate']),
      }),
    ]),
  ),
  pointed: z.array(
    z.object({
      patientId: z.string(),
      source: z.string(),
      finding: z.string(),
      x: z.number(),
      y: z.number(),
      boxes: z.array(box),
    }),
  ),
  curves: z.array(
    z.object({ patientId: z.string(), finding: z.string(), deletion: z.number(), insertion: z.number() }),
  ),
});

/** Half a line at the end is where the earlier run broke off: it is cut. */
function wholeLines(file: string): string[] {
  const text = readFileSync(file);
  const end = text.lastIndexOf(0x0a) + 1;
  truncateSync(file, end);
  return text.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
}

const silent: Journal = { earlier: new Map(), add: () => undefined };

/** Throws CareError `evaluation.dataset` where the file belongs to another model, calibration or data set. */
export function openJournal(file: string | undefined, identity: RunIdentity, films: readonly LabelledFilm[]): Journal {
  if (file === undefined) return silent;
  const byFile = new Map(films.map((film) => [film.file, film]));
  const earlier = new Map<string, Answered>();
  const [first, ...lines] = existsSync(file) ? wholeLines(file) : [];
  if (first === undefined) writeFileSync(file, `${JSON.stringify(identity)}\n`);
  else if (first !== JSON.stringify(identity))
    throw evaluationErrors.error('dataset', {
      field: '--resume',
      reason: `${file} belongs to another run (${first}); this one is ${JSON.stringify(identity)}`,
    });
  for (const line of lines) {
    const { film: name, refused, heads, pointed, curves } = entry.parse(JSON.parse(line));
    const film = byFile.get(name);
    if (film !== undefined) earlier.set(name, { scored: { film, refused, heads: new Map(heads) }, pointed, curves });
  }
  return {
    earlier,
    add({ scored: { film, refused, heads }, pointed, curves }) {
      appendFileSync(file, `${JSON.stringify({ film: film.file, refused, heads: [...heads], pointed, curves })}\n`);
    },
  };
}
