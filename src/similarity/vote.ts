// Neighbours vote on a finding: where confirmed cases say otherwise than the model, the reader is told.
import type { Decision } from '#kernel/finding.ts';
import type { Neighbour } from './vector-index.ts';

export type Vote =
  /** The model's own labels do not vote: it would agree with itself. */
  | { readonly kind: 'too-few'; readonly confirmed: number; readonly positive: number }
  | { readonly kind: 'agrees' | 'disagrees' | 'undecided'; readonly confirmed: number; readonly positive: number };

export interface VoteOptions {
  /** Fewer confirmed neighbours than this say nothing. */
  readonly minimumConfirmed?: number;
  /** Share of one side that counts as a clear vote. */
  readonly clearShare?: number;
}

/** What somebody other than the model said of this finding. A person's word on it goes before a label of the whole study. */
function saidOf({ confirmed, findings, labelSource }: Neighbour, code: string): boolean | undefined {
  if (confirmed?.present.includes(code)) return true;
  if (confirmed?.absent.includes(code)) return false;
  return labelSource === 'model' ? undefined : findings.includes(code);
}

/** "The model says pneumothorax, one of ten confirmed neighbours does" is a disagreement. */
export function voteOfNeighbours(
  neighbours: readonly Neighbour[],
  finding: { readonly code: string; readonly decision: Decision },
  { minimumConfirmed = 5, clearShare = 0.8 }: VoteOptions = {},
): Vote {
  const voices = neighbours.flatMap((each) => saidOf(each, finding.code) ?? []);
  const confirmed = voices.length;
  const positive = voices.filter(Boolean).length;
  if (confirmed < minimumConfirmed) return { kind: 'too-few', confirmed, positive };
  const forIt = positive >= clearShare * confirmed;
  const againstIt = confirmed - positive >= clearShare * confirmed;
  if (finding.decision === 'indeterminate' || (!forIt && !againstIt)) return { kind: 'undecided', confirmed, positive };
  const same = (finding.decision === 'positive') === forIt;
  return { kind: same ? 'agrees' : 'disagrees', confirmed, positive };
}
