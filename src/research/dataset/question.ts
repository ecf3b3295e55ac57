// Question that a dataset answers: the films for each head and their true labels, read from dataset.json, never from code.
import { type Fault, fault } from './fault.ts';
import type { LabelledFilm } from './film.ts';
import type { FilmDatasetData, QuestionData } from './schema.ts';

export interface Question {
  readonly source: string;
  /** The head's code. */
  readonly finding: string;
  /** Undefined: the film does not count here. */
  readonly truth: (film: LabelledFilm) => boolean | undefined;
}

/** The mean AUROC over several questions of one source. */
export interface MeanQuestion {
  readonly source: string;
  readonly finding: string;
  readonly of: readonly Question[];
  readonly counts: (film: LabelledFilm) => boolean;
}

export interface Questions {
  readonly questions: readonly Question[];
  readonly means: readonly MeanQuestion[];
}

const labelsOf = (film: LabelledFilm, { column, separator }: QuestionData): string[] => {
  const cell = film.cells[column] ?? '';
  return separator === undefined ? [cell] : cell.split(separator).map((label) => label.trim());
};

/** Films of the sources that the question names; all of them where it names none. */
function groupsOf(question: QuestionData, id: string): (readonly [string, (film: LabelledFilm) => boolean])[] {
  if (question.sources === undefined) return [[id, () => true]];
  return Object.entries(question.sources).map(([name, sources]) => [name, ({ source }) => sources.includes(source)]);
}

function truthOf(question: QuestionData, head: string, counts: (film: LabelledFilm) => boolean): Question['truth'] {
  const positive = new Set(question.heads[head] ?? []);
  const ignored = new Set(question.ignored);
  return (film) => {
    if (!counts(film)) return undefined;
    const labels = labelsOf(film, question);
    if (labels.some((label) => positive.has(label))) return true;
    return labels.some((label) => ignored.has(label)) ? undefined : false;
  };
}

export function questionsOf(data: FilmDatasetData): Questions {
  const questions: Question[] = [];
  const means: MeanQuestion[] = [];
  for (const question of data.questions) {
    for (const [source, counts] of groupsOf(question, data.id)) {
      const own = Object.keys(question.heads).map((finding) => ({
        source,
        finding,
        truth: truthOf(question, finding, counts),
      }));
      questions.push(...own);
      if (question.mean !== undefined) means.push({ source, finding: question.mean, of: own, counts });
    }
  }
  return { questions, means };
}

/** Labels that no question of the film's source knows: "yes" where 1 was declared would else be a silent negative. */
export function labelFaults(films: readonly LabelledFilm[], data: FilmDatasetData, table: string): Fault[] {
  return data.questions.flatMap((question) => {
    const allowed = [...new Set([...Object.values(question.heads).flat(), ...question.negative, ...question.ignored])];
    const known = new Set(allowed);
    const groups = groupsOf(question, data.id);
    return films
      .filter((film) => groups.some(([, counts]) => counts(film)))
      .flatMap((film) => {
        const value = labelsOf(film, question).find((label) => !known.has(label));
        if (value === undefined) return [];
        return [fault('label-unknown', { file: table, row: film.row, column: question.column, value, allowed })];
      });
  });
}
