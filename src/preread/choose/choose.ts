// Which image of a study is read: a frontal one, PA before AP, then the one with the most pixels; always the same for the same images.
import type { Prepared } from '#preread/read/prepare.ts';

const VIEW_ORDER: readonly (string | undefined)[] = ['PA', 'AP'];

const viewRank = (view: string | undefined): number => {
  const rank = VIEW_ORDER.indexOf(view?.toUpperCase());
  return rank < 0 ? VIEW_ORDER.length : rank;
};

const pixels = ({ sourceColumns, sourceRows }: Prepared): number => sourceColumns * sourceRows;

/** PA comes first because the models saw most of it, and because the heart's size is only true there. */
export const bestFirst = (images: readonly Prepared[]): readonly Prepared[] =>
  images.toSorted(
    (a, b) =>
      viewRank(a.facts.view) - viewRank(b.facts.view) ||
      pixels(b) - pixels(a) ||
      (a.facts.sopInstanceUid < b.facts.sopInstanceUid ? -1 : 1),
  );
