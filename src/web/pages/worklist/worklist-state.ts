// The rows that the list shows, and when new ones may take their places: rows under the pointer or with the keyboard's focus never
// move, so that a click or Enter opens the study that the reader meant; what changed of them is shown where they stand.
import { computed, signal } from '@preact/signals';
import type { WorklistRow, WorklistRows } from '#client/client.ts';
import { faultText, v1 } from '#web/pages/shell/api.ts';
import { type Filters, filtersOf } from './filters.ts';

const PAGE = 60;
const MOST = 500;

export const rows = signal<readonly WorklistRow[]>([]);
export const total = signal<number | undefined>(undefined);
export const counts = signal<WorklistRows['counts'] | undefined>(undefined);
export const asOf = signal<string | undefined>(undefined);
export const fault = signal<string | undefined>(undefined);
export const isLoading = signal(false);
const next = signal<string | null>(null);
export const hasMore = computed(() => next.value !== null);

/** A newer list that waits until the reader's hand is away. */
const held = signal<WorklistRows | undefined>(undefined);
/** Studies of the newer list that stand nowhere in the shown one. */
export const heldNew = computed(() => {
  const shown = new Set(rows.value.map(({ studyUid }) => studyUid));
  return held.value?.items.filter(({ studyUid }) => !shown.has(studyUid)).length ?? 0;
});
export const isHeld = computed(() => held.value !== undefined);

/** The study that was opened last: where the reader comes back to. */
export const lastOpened = signal<string | undefined>(undefined);
export const scrollPlace = { y: 0 };

let shownFilters = '';
let asked = 0;

function show(answer: WorklistRows): void {
  rows.value = answer.items;
  next.value = answer.next;
  held.value = undefined;
}

/** Rows that are gone stay where they stood until the list may move; the reader sees that they are done. */
function showInPlace(answer: WorklistRows): void {
  const fresh = new Map(answer.items.map((row) => [row.studyUid, row]));
  rows.value = rows.value.map((row) => fresh.get(row.studyUid) ?? row);
  const same =
    answer.items.length === rows.value.length &&
    answer.items.every(({ studyUid }, at) => studyUid === rows.value[at]?.studyUid);
  if (same) next.value = answer.next;
  held.value = same ? undefined : answer;
}

export function release(): void {
  if (held.value !== undefined) show(held.value);
}

const queryOf = ({ state, place, outcome, finding, search }: Filters) => ({
  ...(state && { state }),
  ...(place && { place }),
  ...(outcome && { outcome }),
  ...(finding && { finding }),
  ...(search && { search }),
});

/** `held`: the list is under the reader's hand. */
export async function load(search: string, hand: 'away' | 'held'): Promise<void> {
  const turn = ++asked;
  const isNew = search !== shownFilters;
  isLoading.value = isNew || rows.value.length === 0;
  try {
    const limit = isNew ? PAGE : Math.min(MOST, Math.max(PAGE, rows.value.length));
    const { data } = await v1.getWorklistRows({ ...queryOf(filtersOf(search)), limit: String(limit) });
    // A later question has its own answer.
    if (turn !== asked) return;
    total.value = data.total;
    counts.value = data.counts;
    asOf.value = data.asOf;
    fault.value = undefined;
    if (hand === 'held' && !isNew) showInPlace(data);
    else show(data);
    shownFilters = search;
  } catch (thrown) {
    if (turn === asked) fault.value = faultText(thrown);
  } finally {
    if (turn === asked) isLoading.value = false;
  }
}

export async function loadMore(search: string): Promise<void> {
  const after = next.value;
  if (after === null || isLoading.value || held.value !== undefined) return;
  isLoading.value = true;
  const turn = asked;
  try {
    const { data } = await v1.getWorklistRows({ ...queryOf(filtersOf(search)), limit: String(PAGE), after });
    if (turn !== asked) return;
    const known = new Set(rows.value.map(({ studyUid }) => studyUid));
    rows.value = [...rows.value, ...data.items.filter(({ studyUid }) => !known.has(studyUid))];
    next.value = data.next;
  } catch (thrown) {
    fault.value = faultText(thrown);
  } finally {
    isLoading.value = false;
  }
}

/** The neighbours of a study in the list as it was last shown. */
export function neighboursOf(uid: string): { readonly previous?: string; readonly next?: string } {
  const at = rows.value.findIndex(({ studyUid }) => studyUid === uid);
  if (at < 0) return {};
  const previous = rows.value[at - 1]?.studyUid;
  const following = rows.value[at + 1]?.studyUid;
  return { ...(previous && { previous }), ...(following && { next: following }) };
}
