// The order of findings on the study page: what endangers the patient first, then what is likely. A critical 9 % stands above a routine 80 %.
import type { Head } from '#web/pages/shell/heads.ts';
import type { Finding } from './study-state.ts';

const DECISIONS = ['positive', 'indeterminate', 'negative'] as const;
const PRIORITIES = ['critical', 'urgent', 'routine'];

export const urgencyOf = (head: Head | undefined): string => head?.priority ?? 'routine';

export function inOrder(findings: readonly Finding[], headOf: (code: string) => Head | undefined): readonly Finding[] {
  return findings
    .filter(({ code }) => headOf(code)?.explains !== false)
    .toSorted(
      (a, b) =>
        DECISIONS.indexOf(a.decision) - DECISIONS.indexOf(b.decision) ||
        PRIORITIES.indexOf(urgencyOf(headOf(a.code))) - PRIORITIES.indexOf(urgencyOf(headOf(b.code))) ||
        b.probability - a.probability,
    );
}
