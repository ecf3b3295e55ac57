// Conditions that only one sex can have: such a code of the other stands in the wrong record, so it is shown and states nothing.
import type { RiskSubject } from '#kernel/risk-subject.ts';

const ONLY_OF: ReadonlyMap<string, RiskSubject['sex']> = new Map([['pregnancy', 'female']]);

/** False where the sex is not known. */
export const isImpossibleFor = (sex: RiskSubject['sex'], concept: string): boolean =>
  sex !== undefined && ONLY_OF.has(concept) && ONLY_OF.get(concept) !== sex;
