// The order of reading. Two promises: no study is ever placed lower than it was asked for, and none starves.
import { PRIORITIES, type Priority } from '#kernel/finding.ts';

export interface Waiting {
  readonly studyUid: string;
  /** What the model found; `routine` where it found nothing, could not assess, or has not read yet. */
  readonly found: Priority;
  /** What the order itself asks for (RIS, emergency room), where known. The model never lowers it. */
  readonly requested?: Priority;
  /** ISO 8601. */
  readonly receivedAt: string;
}

export interface AgeingPolicy {
  /** An unread routine study that is as old as this is placed as if it were urgent. */
  readonly routineBecomesUrgentMinutes: number;
}

/** Four hours: half a shift. Nothing ages into `critical`: that word stays for what was found or asked for. */
export const defaultAgeing: AgeingPolicy = Object.freeze({ routineBecomesUrgentMinutes: 240 });

export type PlaceReason = 'found' | 'requested' | 'waited' | 'arrival';

export interface Placed<Item extends Waiting> {
  readonly item: Item;
  readonly place: Priority;
  readonly because: PlaceReason;
  readonly waitedMinutes: number;
}

const MINUTE_MS = 60_000;

/** 0 is most urgent. */
const rank = (priority: Priority): number => PRIORITIES.indexOf(priority);
const higher = (a: Priority, b: Priority): Priority => (rank(a) <= rank(b) ? a : b);

function place<Item extends Waiting>(item: Item, now: Date, ageing: AgeingPolicy): Placed<Item> {
  const waitedMinutes = Math.max(0, (now.getTime() - Date.parse(item.receivedAt)) / MINUTE_MS);
  const asked = higher(item.found, item.requested ?? 'routine');
  if (asked === 'routine' && waitedMinutes >= ageing.routineBecomesUrgentMinutes)
    return { item, place: 'urgent', because: 'waited', waitedMinutes };
  if (asked === 'routine') return { item, place: asked, because: 'arrival', waitedMinutes };
  const because = rank(item.found) <= rank(item.requested ?? 'routine') ? 'found' : 'requested';
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
