// Persons → three parts: to learn from, to stop on, and to be judged on. All films of a person lie in one part, the same ones every time.
import { sha256Hex } from '#kernel/ids.ts';

export type Part = 'training' | 'validation' | 'test';

const FIFTHS: readonly Part[] = ['training', 'training', 'training', 'validation', 'test'];

/** The same seed gives the same parts. */
export const partOf = (patient: string, seed: number): Part =>
  FIFTHS[Number.parseInt(sha256Hex(`${seed} ${patient}`).slice(0, 8), 16) % FIFTHS.length] ?? 'training';
