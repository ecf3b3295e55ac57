// Every answer of a run as a table: a line per film and head, and one line with the reason for a film that was refused.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { evaluationErrors } from '#research/errors.ts';
import type { HeadScore, ScoredFilm } from '#research/analysis/figures.ts';
import type { LabelledFilm } from '#research/dataset/film.ts';

const COLUMNS = [
  'film',
  'patient',
  'source',
  'head',
  'logit',
  'probability',
  'decision',
  'refused',
  'split',
  'age',
  'sex',
  'view',
  'device',
] as const;

const cell = (value: string | number): string =>
  /[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

export function* predictionLines(films: readonly ScoredFilm[]): Generator<string> {
  yield COLUMNS.join(',');
  for (const { film, refused, heads } of films) {
    const about = [film.split, film.ageYears ?? '', film.sex, film.view, film.device];
    const line = (head: string, score: readonly (string | number)[], why: string): string =>
      [film.file, film.patientId, film.source, head, ...score, why, ...about].map(cell).join(',');
    if (refused !== undefined) yield line('', ['', '', ''], refused);
    for (const [head, { logit, probability, decision }] of heads) yield line(head, [logit, probability, decision], '');
  }
}

const row = z.object({
  film: z.string().min(1),
  head: z.string(),
  logit: z.string(),
  probability: z.string(),
  decision: z.enum(['positive', 'negative', 'indeterminate', '']),
  refused: z.string(),
});

/** Answers of an earlier run for these films. Throws CareError `evaluation.dataset` that names file, row and column. */
export function readPredictions(file: string, films: readonly LabelledFilm[]): ScoredFilm[] {
  const rows: unknown[] = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });
  const byFilm = new Map<string, { refused: string | undefined; heads: Map<string, HeadScore> }>();
  rows.forEach((each, index) => {
    const wrong = (column: string, reason: string) =>
      evaluationErrors.error('dataset', {
        field: column,
        reason: `${file}, row ${index + 2}, column ${column}: ${reason}`,
      });
    const parsed = row.safeParse(each);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw wrong(String(issue?.path[0] ?? ''), issue?.message ?? 'does not fit');
    }
    const { film, head, decision, refused } = parsed.data;
    const entry = byFilm.get(film) ?? { refused: undefined, heads: new Map() };
    byFilm.set(film, entry);
    if (head === '' || decision === '') {
      entry.refused = refused === '' ? 'unknown' : refused;
      return;
    }
    const probability = Number(parsed.data.probability);
    if (parsed.data.probability === '' || !(probability >= 0 && probability <= 1))
      throw wrong('probability', `“${parsed.data.probability}” is no probability`);
    const logit = parsed.data.logit === '' ? Number.NaN : Number(parsed.data.logit);
    entry.heads.set(head, { logit, probability, decision });
  });
  return films.flatMap((film) => {
    const found = byFilm.get(film.file);
    return found === undefined ? [] : [{ film, ...found }];
  });
}
