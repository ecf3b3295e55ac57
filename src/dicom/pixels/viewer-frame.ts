// One frame for a viewer that windows by itself: the stored values, the brightness that each is shown with at first (the same as the gray
// frame's), and how values become the units of window and level.
import { numbersOrNaN } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import { pixelAspectOf } from '#dicom/read/pixel-aspect.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { shutterOf } from '#dicom/read/shutter.ts';
import { checkedLayout, decodeStoredFrame } from './decode.ts';
import { isInverted, meaningOf } from './gray-frame.ts';
import { modalityMap, voiGroup } from './modality-lut.ts';
import { paddingOf } from './padding.ts';
import type { PixelArray } from './stored-values.ts';

export interface ViewerFrame {
  readonly columns: number;
  readonly rows: number;
  /** 0: padding, or hidden by a shutter: always black. Else the stored value is `code - 1 + first`. */
  readonly codes: Uint16Array;
  readonly first: number;
  /** By code: gray 0 to 255 as the file's own look-up tables say. */
  readonly display: Uint8Array;
  /** Stored value × slope + intercept is what window and level speak of. */
  readonly slope: number;
  readonly intercept: number;
  /** The file's window, where it has one and no table in its place. */
  readonly window?: { readonly center: number; readonly width: number };
  /** High values are dark. */
  readonly inverted: boolean;
  /** Millimetres between the centres of neighbouring pixels, where the file says. */
  readonly spacing?: { readonly row: number; readonly column: number; readonly at: 'patient' | 'detector' };
  readonly pixelAspect: number;
}

const WINDOW_CENTER = 0x00281050;
const WINDOW_WIDTH = 0x00281051;
const VOI_LUT = 0x00283010;
const MODALITY_LUT = 0x00283000;
const PIXEL_SPACING = 0x00280030;
const IMAGER_SPACING = 0x00181164;
const MOST_LEVELS = 65_535;

function spacingOf({ dataSet }: DicomFile): ViewerFrame['spacing'] {
  const pair = (tag: number): readonly [number, number] | undefined => {
    const [row = 0, column = 0] = numbersOrNaN(dataSet, tag);
    return row > 0 && column > 0 ? [row, column] : undefined;
  };
  const [patient, detector] = [pair(PIXEL_SPACING), pair(IMAGER_SPACING)];
  const spacing = patient ?? detector;
  if (spacing === undefined) return undefined;
  // A spacing that repeats the detector's is the detector's: a radiograph magnifies (PS3.3 C.8.7.1.1.7 and 10.7.1.3).
  const same = detector !== undefined && spacing[0] === detector[0] && spacing[1] === detector[1];
  return { row: spacing[0], column: spacing[1], at: same || patient === undefined ? 'detector' : 'patient' };
}

function rangeOf(values: PixelArray, isPadding: ((stored: number) => boolean) | undefined): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (isPadding?.(value) === true) continue;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return lowest > highest ? [0, 0] : [lowest, highest];
}

/** Throws what `decodeStored` throws, and dicom.unsupported-pixels for colour and for more than 65,535 levels. */
export async function viewerFrame(file: DicomFile, frame: number): Promise<ViewerFrame> {
  const set = file.dataSet;
  const layout = checkedLayout(file);
  if (layout.samples !== 1 || layout.photometric === 'PALETTE COLOR')
    throw dicomErrors.error('unsupported-pixels', { field: '(0028,0002)', reason: 'colour has no window' });
  const pixelAspect = pixelAspectOf(set);
  const shutter = shutterOf(set, { columns: layout.columns, rows: layout.rows, pixelAspect });
  const stored = await decodeStoredFrame(file, { frame });
  const isPadding = paddingOf(set, { signed: layout.signed });
  const { columns, rows, values } = stored;
  const [first, last] = rangeOf(values, isPadding);
  if (last - first >= MOST_LEVELS)
    throw dicomErrors.error('unsupported-pixels', { field: '(0028,0101)', reason: 'more than 65,535 levels' });
  const { map } = meaningOf(set, { stored, isPadding, shutter }, frame);
  const display = new Uint8Array(last - first + 2);
  for (let code = 1; code < display.length; code++) display[code] = Math.round(map(code - 1 + first) * 255);
  const codes = new Uint16Array(columns * rows);
  for (let at = 0; at < codes.length; at++) {
    const value = values[at]!;
    const hidden = shutter?.hides((at % columns) + 0.5, Math.floor(at / columns) + 0.5) === true;
    codes[at] = hidden || isPadding?.(value) === true ? 0 : value - first + 1;
  }
  const modality = modalityMap(set, frame, { signed: layout.signed });
  const isTable = itemsOf(set, MODALITY_LUT).length > 0;
  const intercept = isTable ? 0 : modality(0);
  const group = voiGroup(set, frame);
  const [center = Number.NaN] = numbersOrNaN(group, WINDOW_CENTER);
  const [width = Number.NaN] = numbersOrNaN(group, WINDOW_WIDTH);
  const hasWindow = !isTable && Number.isFinite(center) && width > 0 && itemsOf(group, VOI_LUT).length === 0;
  const spacing = spacingOf(file);
  return {
    columns,
    rows,
    codes,
    first,
    display,
    slope: isTable ? 1 : modality(1) - intercept,
    intercept,
    ...(hasWindow && { window: { center, width } }),
    inverted: isInverted(set, layout),
    ...(spacing !== undefined && { spacing }),
    pixelAspect,
  };
}
