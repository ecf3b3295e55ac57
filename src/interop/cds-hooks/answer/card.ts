// The card of CDS Hooks 2.0 and its parts, and the specification's own invariants over a response.
import type { Severity } from '#kernel/alert.ts';

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export interface Action {
  readonly type: 'create' | 'update' | 'delete';
  readonly description: string;
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly resourceId?: readonly string[];
}

export interface Suggestion {
  readonly label: string;
  readonly uuid: string;
  readonly isRecommended?: boolean;
  readonly actions: readonly Action[];
}

export interface Link {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute' | 'smart';
  readonly appContext?: string;
}

export interface Card {
  readonly uuid: string;
  /** Shorter than 140 characters. */
  readonly summary: string;
  /** GitHub-flavoured markdown. */
  readonly detail?: string;
  readonly indicator: Severity;
  readonly source: { readonly label: string; readonly url?: string; readonly topic?: Coding };
  readonly suggestions?: readonly Suggestion[];
  readonly selectionBehavior?: 'at-most-one' | 'any';
  readonly overrideReasons?: readonly Coding[];
  readonly links?: readonly Link[];
  readonly extension?: Readonly<Record<string, unknown>>;
}

const suggestionFaults = (card: Card): string[] => {
  const suggestions = card.suggestions ?? [];
  const actions = suggestions.flatMap((one) => one.actions);
  const faults: string[] = [];
  const recommended = suggestions.filter(({ isRecommended }) => isRecommended === true).length;
  if (card.selectionBehavior === 'at-most-one' && recommended > 1) faults.push('resp-1');
  if (actions.some(({ type, resourceId }) => type === 'delete' && (resourceId ?? []).length === 0))
    faults.push('resp-2');
  if (actions.some(({ description }) => description === '')) faults.push('resp-5');
  if (suggestions.length > 0 && card.selectionBehavior === undefined) faults.push('resp-6');
  return faults;
};

/** The invariants of HL7/cds-hooks (input/fsh/invariants) that this card breaks; empty when it is good. */
export function cardFaults(card: Card): readonly string[] {
  const faults = suggestionFaults(card);
  if (card.summary === '' || card.summary.length >= 140) faults.push('summary');
  if (card.source.label === '') faults.push('source');
  if ((card.links ?? []).some(({ type, appContext }) => appContext !== undefined && type !== 'smart'))
    faults.push('resp-3');
  if ((card.overrideReasons ?? []).some(({ display }) => display === '')) faults.push('resp-4');
  return faults;
}
