// Height of a pixel for its width (PS3.3 C.7.6.3.1.7): from the ratio itself, else from the spacing. A film is shown with square pixels.
import { type DataSet, numbersOrNaN } from './element.ts';

/** Pixel Aspect Ratio, Pixel Spacing, Imager Pixel Spacing, Nominal Scanned Pixel Spacing: each vertical first, then horizontal. */
const TAGS = [0x00280034, 0x00280030, 0x00181164, 0x00182010];
/** Rounding in the tags is no shape. */
const LEAST_DIFFERENCE = 0.01;
/** No detector and no scanner has pixels longer than this. */
const MOST = 8;

/** 1 where the pixels are square, or where nothing sensible says otherwise. */
export function pixelAspectOf(set: DataSet): number {
  for (const tag of TAGS) {
    const [vertical = Number.NaN, horizontal = Number.NaN] = numbersOrNaN(set, tag);
    const ratio = vertical / horizontal;
    if (vertical > 0 && horizontal > 0 && ratio <= MOST && ratio >= 1 / MOST) {
      return Math.abs(ratio - 1) < LEAST_DIFFERENCE ? 1 : ratio;
    }
  }
  return 1;
}
