// The shape of a list of coded answers to one question: what each answer states, in every system in which it is sent.
import type { CodeSystem } from '#terminology/systems.ts';

type Codes = Readonly<Partial<Record<CodeSystem, readonly string[]>>>;

export interface Answer {
  readonly codes: Codes;
  /** As this service's own door takes it, and as senders write it without a code. */
  readonly words?: readonly string[];
  /** By concept: yes or no, or a level of the concept. Empty: the answer says that it is not known, which is an answer. */
  readonly states: Readonly<Record<string, boolean | string>>;
}

export interface AnswerSet {
  /** Under which the answer is sent at this service's own door. */
  readonly name: string;
  /** Under which it is sent elsewhere. */
  readonly questions: Codes;
  /** A plain yes or no to the question states this concept. */
  readonly flag?: string;
  /** A number with a unit answers it too, as the first of these quantities that has such a unit. */
  readonly quantities?: readonly string[];
  /** After so many days an answer says nothing any more. */
  readonly validDays?: number;
  readonly answers: readonly Answer[];
}
