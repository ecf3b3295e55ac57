// Statement of a coded answer: any of its codings that is known counts, each in its own system; words count only where there is no code.
import type { Measurement } from '#kernel/measurement.ts';
import type { Coding } from '#kernel/coding.ts';
import { codingOfBare, systemOf } from './systems.ts';
import type { Answer, AnswerSet } from '#terminology/value-sets/answer-set.ts';
import { BREATHING } from '#terminology/value-sets/breathing.ts';
import { CONSCIOUSNESS } from '#terminology/value-sets/consciousness.ts';
import { PREGNANCY_STATUS } from '#terminology/value-sets/pregnancy-status.ts';
import { SMOKING_STATUS } from '#terminology/value-sets/smoking-status.ts';
import { YES_NO } from '#terminology/value-sets/yes-no.ts';

type Answered = Pick<Measurement, 'value' | 'answers'>;

/** `Smokes tobacco daily (finding)`: SNOMED CT's full names end with their kind. */
const KIND = / \((?:finding|qualifier value)\)$/;

const byWords = ({ answers }: AnswerSet, text: string): Answer | undefined => {
  const plain = text.trim().normalize('NFC').toLowerCase().replace(KIND, '');
  return answers.find(({ words = [] }) => words.includes(plain));
};

/** A sender's code is not a word: `1` and `Y` may be codes of anything. */
const isWord = ({ value, answers = [] }: Answered): boolean => !answers.some(({ code }) => code === value);

function byCoding({ answers }: AnswerSet, { system, code }: Coding): Answer | undefined {
  const known = systemOf(system);
  return answers.find(({ codes }) => known !== undefined && codes[known]?.includes(code.trim()));
}

/** "Unknown" beside a code that says more is no answer of its own. */
const statesSomething = ({ states }: Answer): boolean => Object.keys(states).length > 0;

/** Undefined where no coding and no word is of the list. */
export function answerOf(set: AnswerSet, answered: Answered): Answer | undefined {
  const text = String(answered.value);
  const bare = answered.answers === undefined ? codingOfBare(text) : undefined;
  const codings = answered.answers ?? (bare === undefined ? [] : [bare]);
  const found = codings.flatMap((coding) => byCoding(set, coding) ?? []);
  return found.find(statesSomething) ?? found[0] ?? (isWord(answered) ? byWords(set, text) : undefined);
}

/** Undefined for what is neither a plain yes nor a plain no. */
export function readFlag(answered: Answered): boolean | undefined {
  if (typeof answered.value === 'boolean') return answered.value;
  const yes = answerOf(YES_NO, answered)?.states['yes'];
  return typeof yes === 'boolean' ? yes : undefined;
}

/** Questions whose answers come as codes. */
const ANSWER_SETS: readonly AnswerSet[] = [SMOKING_STATUS, CONSCIOUSNESS, BREATHING, PREGNANCY_STATUS];

export const answerSetNamed = (name: string): AnswerSet | undefined => ANSWER_SETS.find((set) => set.name === name);

const asks = ({ questions }: AnswerSet, { system, code }: Coding): boolean => {
  const known = systemOf(system);
  return known !== undefined && questions[known]?.includes(code.trim()) === true;
};

/** A finding such as "breathing room air" may be recorded alone, without a question. */
const isFinding = ({ answers }: AnswerSet, { system, code }: Coding): boolean =>
  systemOf(system) === 'snomed' && answers.some(({ codes }) => codes.snomed?.includes(code.trim()));

/** The set whose question a coding asks, or of which it is itself an answer. */
export const answerSetOf = (coding: Coding): AnswerSet | undefined =>
  ANSWER_SETS.find((set) => asks(set, coding)) ?? ANSWER_SETS.find((set) => isFinding(set, coding));

/** A coding that says something by itself, so that a record of it needs no value. */
export const saysItself = (coding: Coding): boolean => ANSWER_SETS.some((set) => isFinding(set, coding));

/** What an answer states by concept; undefined where it is none of the set's. `codings`: under which it was sent. */
export function statedBy(set: AnswerSet, answered: Answered, codings: readonly Coding[]): Answer['states'] | undefined {
  const finding = codings.find((coding) => isFinding(set, coding));
  if (finding !== undefined && !codings.some((coding) => asks(set, coding))) {
    const present = readFlag(answered);
    // That one of several findings is absent says nothing of the others.
    return present === false ? {} : present && answerOf(set, { value: '', answers: [finding] })?.states;
  }
  const yes = set.flag === undefined ? undefined : readFlag(answered);
  return set.flag === undefined || yes === undefined ? answerOf(set, answered)?.states : { [set.flag]: yes };
}
