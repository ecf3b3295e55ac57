// What a coded answer states: any of its codings that is known counts, each in its own system; words count only where there is no code.
import type { Measurement } from '#kernel/measurement.ts';
import { codingOfBare, systemOf } from './systems.ts';
import type { Answer, AnswerSet } from '#terminology/value-sets/answer-set.ts';
import { YES_NO } from '#terminology/value-sets/yes-no.ts';

type Answered = Pick<Measurement, 'value' | 'answers'>;

const byWords = ({ answers }: AnswerSet, text: string): Answer | undefined =>
  answers.find(({ words = [] }) => words.includes(text.trim().normalize('NFC').toLowerCase()));

/** A sender's code is not a word: `1` and `Y` may be codes of anything. */
const isWord = ({ value, answers = [] }: Answered): boolean => !answers.some(({ code }) => code === value);

/** Undefined where no coding and no word is of the list. */
export function answerOf(set: AnswerSet, answered: Answered): Answer | undefined {
  const text = String(answered.value);
  const bare = answered.answers === undefined ? codingOfBare(text) : undefined;
  for (const { system, code } of answered.answers ?? (bare === undefined ? [] : [bare])) {
    const known = systemOf(system);
    const found = set.answers.find(({ codes }) => known !== undefined && codes[known]?.includes(code.trim()));
    if (found !== undefined) return found;
  }
  return isWord(answered) ? byWords(set, text) : undefined;
}

/** Undefined for what is neither a plain yes nor a plain no. */
export function readFlag(answered: Answered): boolean | undefined {
  if (typeof answered.value === 'boolean') return answered.value;
  return answerOf(YES_NO, answered)?.states['yes'];
}
