// Places studies in the order of reading, because a late critical film costs a life: no model moves a study below what the order asks
// for, and age lifts routine studies. `store/search/reading-order.ts` gives the same order from an index; a test compares the two.
import { MINUTE_MS } from '#kernel/clock.ts';
import { PRIORITIES, type Priority } from '#kernel/finding.ts';

export interface Waiting {
  readonly studyUid: string;
  /** What the model found; `routine` where it found nothing, could not assess, or has not read yet. */
  readonly found: Priority;
  /** What the order itself asks for (RIS, emergency room), where known. The model never lowers it. */
  readonly requested?: Priority;
  /** A person has rejected every alert of the study: the finding no longer moves it up. */
  readonly answered?: boolean;
  /** ISO 8601. */
  readonly receivedAt: string;
}

export interface AgeingPolicy {
  /** An unread routine study that is as old as this is placed as if it were urgent. */
  readonly routineBecomesUrgentMinutes: number;
}

/** Four hours: half a shift. Nothing ages into `critical`: that word stays for what was found or asked for. */
export const defaultAgeing: AgeingPolicy = Object.freeze({ routineBecomesUrgentMinutes: 240 });

export type PlaceReason = 'found' | 'requested' | 'waited' | 'answered' | 'arrival';

export interface Placed<Item extends Waiting> {
  readonly item: Item;
  readonly place: Priority;
  readonly because: PlaceReason;
  readonly waitedMinutes: number;
}

/** 0 is most urgent. */
const rank = (priority: Priority): number => PRIORITIES.indexOf(priority);
const higher = (a: Priority, b: Priority): Priority => (rank(a) <= rank(b) ? a : b);

export function place<Item extends Waiting>(item: Item, now: Date, ageing: AgeingPolicy): Placed<Item> {
  const waitedMinutes = Math.max(0, (now.getTime() - Date.parse(item.receivedAt)) / MINUTE_MS);
  const found = item.answered === true ? 'routine' : item.found;
  const asked = higher(found, item.requested ?? 'routine');
  if (asked === 'routine' && waitedMinutes >= ageing.routineBecomesUrgentMinutes)
    return { item, place: 'urgent', because: 'waited', waitedMinutes };
  if (asked === 'routine')
    return { item, place: asked, because: item.answered === true ? 'answered' : 'arrival', waitedMinutes };
  const because = rank(found) <= rank(item.requested ?? 'routine') ? 'found' : 'requested';
  return { item, place: asked, because, waitedMinutes };
}

/** Most urgent first; among equals the one that came first; the UID decides between twins, so that the order is always the same. */
export function order<Item extends Waiting>(
  items: readonly Item[],
  now: Date,
  ageing: AgeingPolicy = defaultAgeing,
): readonly Placed<Item>[] {
  return items
    .map((item) => place(item, now, ageing))
    .sort(
      (a, b) =>
        rank(a.place) - rank(b.place) ||
        Date.parse(a.item.receivedAt) - Date.parse(b.item.receivedAt) ||
        (a.item.studyUid < b.item.studyUid ? -1 : 1),
    );
}
