// Modality values → brightness in [0, 1] (PS3.3 C.11.2): VOI LUT Sequence, else the first window with its function.
import { CareError } from '#kernel/errors.ts';
import { ascii, type DataSet, numbersOrNaN } from '#dicom/read/element.ts';
import { LUT_TAGS, lookUp, readLookupTable } from './lookup-table.ts';
import type { ValueMap } from './modality-lut.ts';
import { itemsOf } from '#dicom/read/reader.ts';

const VOI_LUT = 0x00283010;
const CENTER = 0x00281050;
const WIDTH = 0x00281051;
const FUNCTION = 0x00281056;

const clamp = (value: number): number => Math.min(Math.max(value, 0), 1);

export interface Window {
  readonly center: number;
  readonly width: number;
}

/** PS3.3 C.11.2.1.2.1: width 1 is a threshold; the half steps are those of the standard. */
export function linearWindow({ center, width }: Window): ValueMap {
  const lower = center - 0.5 - (width - 1) / 2;
  const upper = center - 0.5 + (width - 1) / 2;
  return (value) => {
    if (value <= lower) return 0;
    if (value > upper) return 1;
    return clamp((value - (center - 0.5)) / (width - 1) + 0.5);
  };
}

/** C.11.2.1.3.2. */
export const linearExactWindow =
  ({ center, width }: Window): ValueMap =>
  (value) =>
    clamp((value - center) / width + 0.5);

/** C.11.2.1.3.1. */
export const sigmoidWindow =
  ({ center, width }: Window): ValueMap =>
  (value) =>
    1 / (1 + Math.exp((-4 * (value - center)) / width));

/** From the lowest to the highest value given; all values alike are black. */
export const rangeMap =
  (lowest: number, highest: number): ValueMap =>
  (value) =>
    highest > lowest ? clamp((value - lowest) / (highest - lowest)) : 0;

interface WrittenWindow extends Window {
  readonly kind: string;
}

function windowMap({ center, width, kind }: WrittenWindow): ValueMap | undefined {
  // A failed export writes a window that is not a number: it is ignored.
  if (!Number.isFinite(center) || !Number.isFinite(width)) return undefined;
  // A width of zero or less describes no window; the standard forbids it, and some CR writers put it there.
  if (kind === 'LINEAR') return width >= 1 ? linearWindow({ center, width }) : undefined;
  if (width <= 0) return undefined;
  if (kind === 'SIGMOID') return sigmoidWindow({ center, width });
  return kind === 'LINEAR_EXACT' ? linearExactWindow({ center, width }) : undefined;
}

function windowMaps(group: DataSet): readonly ValueMap[] {
  const centers = numbersOrNaN(group, CENTER);
  const widths = numbersOrNaN(group, WIDTH);
  const kind = ascii(group, FUNCTION)?.toUpperCase() ?? 'LINEAR';
  return centers.flatMap((center, index) => windowMap({ center, width: widths[index] ?? Number.NaN, kind }) ?? []);
}

/** Undefined where the item's descriptor and data do not make a table: what stands behind it then shows the picture. */
function lutMap(lut: DataSet, signedInput: boolean): ValueMap | undefined {
  try {
    const table = readLookupTable(lut, LUT_TAGS, { signedInput });
    return (value) => lookUp(table, value) / table.peak;
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

export interface WrittenVoi {
  /** In the order of preference. */
  readonly maps: readonly ValueMap[];
  /** The file holds a VOI LUT that cannot be used. */
  readonly isBroken: boolean;
}

/**
 * A VOI LUT is preferred to a window: it is the tone curve that the maker of the image chose, the window its approximation. No map where the
 * image has neither.
 */
export function voiMaps(group: DataSet, { signedInput }: { readonly signedInput: boolean }): WrittenVoi {
  const luts = itemsOf(group, VOI_LUT).map((lut) => lutMap(lut, signedInput));
  const tables = luts.filter((map) => map !== undefined);
  return { maps: [...tables, ...windowMaps(group)], isBroken: tables.length < luts.length };
}
