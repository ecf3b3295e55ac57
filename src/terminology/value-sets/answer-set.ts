// The shape of a list of coded answers to one question: what each answer states, in every system in which it is sent.
import type { CodeSystem } from '#terminology/systems.ts';

export interface Answer {
  readonly codes: Readonly<Partial<Record<CodeSystem, readonly string[]>>>;
  /** As this service's own door takes it. */
  readonly words?: readonly string[];
  /** By concept. Empty: the answer says that it is not known, which is an answer. */
  readonly states: Readonly<Record<string, boolean>>;
}

export interface AnswerSet {
  /** Under which the answer is sent at this service's own door. */
  readonly name: string;
  /** Under which it is sent elsewhere. */
  readonly loinc: readonly string[];
  readonly answers: readonly Answer[];
}
