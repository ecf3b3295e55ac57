// A queue by urgency, then by arrival: a reading never waits behind the check of a map.
import { type Urgency, URGENCIES } from '#inference/engine/engine.ts';

export interface UrgencyQueue<Item> {
  add(item: Item): void;
  /** Before all others of its urgency. */
  addFirst(item: Item): void;
  /** Does nothing where the item does not wait. */
  remove(item: Item): void;
  /** The first of those that `fits` lets through; absent: of all. */
  take(fits?: (item: Item) => boolean): Item | undefined;
  /** In the order in which they will be taken. */
  items(): readonly Item[];
}

const rankOf = ({ urgency }: { readonly urgency: Urgency }): number => URGENCIES.indexOf(urgency);

export function createUrgencyQueue<Item extends { readonly urgency: Urgency }>(): UrgencyQueue<Item> {
  const queue: Item[] = [];
  function insertBefore(item: Item, isLater: (other: Item) => boolean): void {
    const index = queue.findIndex(isLater);
    queue.splice(index < 0 ? queue.length : index, 0, item);
  }
  return {
    add: (item) => insertBefore(item, (other) => rankOf(other) > rankOf(item)),
    addFirst: (item) => insertBefore(item, (other) => rankOf(other) >= rankOf(item)),
    remove(item) {
      const index = queue.indexOf(item);
      if (index >= 0) queue.splice(index, 1);
    },
    take(fits = () => true) {
      const index = queue.findIndex(fits);
      return index < 0 ? undefined : queue.splice(index, 1)[0];
    },
    items: () => queue,
  };
}
