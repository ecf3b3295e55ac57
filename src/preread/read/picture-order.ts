// Order of the work for the decoding threads: a person who waits for a film comes first, and yet no flood of views holds up the films that are taken in
// and read.
import type { PictureTask } from './decode-messages.ts';

/** A list shows films at this size and smaller; no reader waits for one of its many. */
const THUMBNAIL_SIDE = 256;
/** While a film waits to be taken in or read, it waits for no more views than these. */
const VIEWS_IN_A_ROW = 2;
const FILM_RANK = 2;

/** A reader who waits for a film comes first, then films that are taken in, a list's thumbnails, and the pictures of maps. */
function rankOf(task: PictureTask): number {
  switch (task.kind) {
    case 'film':
      return task.longestSide > THUMBNAIL_SIDE ? 0 : 3;
    case 'pixels':
      return 1;
    case 'decode':
    case 'prepare':
    case 'identity':
      return FILM_RANK;
    case 'heatmap':
      return 4;
    default:
      return task satisfies never;
  }
}

/** Takes the next one out of a queue; of one rank in order of arrival. */
export function pictureOrder<Item extends { readonly task: PictureTask }>(): (queue: Item[]) => Item | undefined {
  let views = 0;
  return (queue) => {
    const ranks = queue.map(({ task }) => rankOf(task));
    const isFilmsTurn = views >= VIEWS_IN_A_ROW && ranks.includes(FILM_RANK);
    const at = isFilmsTurn ? ranks.indexOf(FILM_RANK) : ranks.indexOf(Math.min(...ranks));
    views = (ranks[at] ?? FILM_RANK) < FILM_RANK ? views + 1 : 0;
    return queue.splice(at < 0 ? 0 : at, 1)[0];
  };
}
