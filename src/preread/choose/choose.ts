// Chooses the image of a study that is read. An exposure of the patient comes before anything made from one, a frontal PA before AP, the later of two
// exposures before the earlier; size and UID only break ties, so that the same images always give the same choice.
import type { Decoded } from '#preread/read/prepare.ts';
import type { ImageOrigin } from './image-origin.ts';

const VIEW_ORDER: readonly (string | undefined)[] = ['PA', 'AP'];

const viewRank = (view: string | undefined): number => {
  const rank = VIEW_ORDER.indexOf(view?.toUpperCase());
  return rank < 0 ? VIEW_ORDER.length : rank;
};

const ENERGY_ORDER: readonly ImageOrigin['energy'][] = [undefined, 'soft-tissue', 'bone'];

/** The ways in which an image is not the exposure itself, the gravest first; each is 0 for a plain exposure. */
const originRanks = (origin: ImageOrigin | undefined): readonly number[] => [
  Number(origin?.capture === true),
  Number(origin?.forProcessing === true),
  ENERGY_ORDER.indexOf(origin?.energy),
  Number(origin?.derived === true),
  Number(origin?.secondary === true),
];

const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, at) => value - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** Negative where `a` is nearer to the exposure itself. */
export const byOrigin = (a: ImageOrigin | undefined, b: ImageOrigin | undefined): number =>
  firstDifference(originRanks(a), originRanks(b));

/** A retake replaces the exposure before it. An image without a time is not the later one. */
function byAcquisition(a: ImageOrigin | undefined, b: ImageOrigin | undefined): number {
  const [timeA, timeB] = [a?.acquiredAt ?? '', b?.acquiredAt ?? ''];
  if (timeA !== timeB) return timeA > timeB ? -1 : 1;
  return (
    (b?.acquisitionNumber ?? 0) - (a?.acquisitionNumber ?? 0) ||
    (b?.seriesNumber ?? 0) - (a?.seriesNumber ?? 0) ||
    (b?.instanceNumber ?? 0) - (a?.instanceNumber ?? 0)
  );
}

const pixels = ({ sourceColumns, sourceRows }: Decoded): number => sourceColumns * sourceRows;

/** PA comes before AP because the models saw most of it, and because the heart's size is only true there. */
export const bestFirst = <Image extends Decoded>(images: readonly Image[]): readonly Image[] =>
  images.toSorted(
    (a, b) =>
      byOrigin(a.facts.origin, b.facts.origin) ||
      viewRank(a.facts.view) - viewRank(b.facts.view) ||
      byAcquisition(a.facts.origin, b.facts.origin) ||
      pixels(b) - pixels(a) ||
      (a.facts.sopInstanceUid < b.facts.sopInstanceUid ? -1 : 1),
  );
