// The list's filters, kept in the address: the way back, a reload and a shared link all find them.
import type { WorklistRow } from '#client/client.ts';
import { address, replace } from '#web/pages/shell/router.ts';

export type Place = WorklistRow['place'];
export type OutcomeFilter = 'assessed' | 'not-assessed' | 'failed' | 'unread';

export interface Filters {
  readonly state?: 'closed' | 'all';
  readonly place?: Place;
  readonly outcome?: OutcomeFilter;
  readonly finding?: string;
  readonly search?: string;
}

const NAMES = ['state', 'place', 'outcome', 'finding', 'search'] as const;

const oneOf = <Value extends string>(value: string | null, known: readonly Value[]): Value | undefined =>
  known.find((each) => each === value);

export const PLACES = ['critical', 'urgent', 'routine'] as const;
export const OUTCOMES = ['assessed', 'not-assessed', 'failed', 'unread'] as const;
export const STATES = ['closed', 'all'] as const;

export function filtersOf(search: string): Filters {
  const given = new URLSearchParams(search);
  const state = oneOf(given.get('state'), STATES);
  const place = oneOf(given.get('place'), PLACES);
  const outcome = oneOf(given.get('outcome'), OUTCOMES);
  const finding = given.get('finding');
  const text = given.get('search');
  return {
    ...(state && { state }),
    ...(place && { place }),
    ...(outcome && { outcome }),
    ...(finding && { finding }),
    ...(text && { search: text }),
  };
}

export function setFilter(name: (typeof NAMES)[number], value: string): void {
  const next = new URLSearchParams(address.value.search);
  if (value === '') next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  replace(text === '' ? '/' : `/?${text}`);
}
