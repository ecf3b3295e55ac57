// Turns gray values in [0, 1] into stored pixel values, with the elements that turn them back.
import { bytes as byteElement, numbers, sequence, text, type Element } from '#dicom/write/element.ts';

export const VOI_STYLES = ['linear', 'linear-exact', 'sigmoid', 'lut', 'rescale', 'modality-lut', 'none'] as const;
type VoiStyle = (typeof VOI_STYLES)[number];

export interface PixelStyle {
  readonly bitsStored: 8 | 10 | 12 | 14 | 16;
  readonly photometric: 'MONOCHROME1' | 'MONOCHROME2';
  /** How the stored values come back to gray; `rescale` and `modality-lut` are for CR only. */
  readonly voi: VoiStyle;
}

export interface StoredPixels {
  readonly columns: number;
  readonly rows: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly photometric: 'MONOCHROME1' | 'MONOCHROME2';
  /** Little-endian. */
  readonly bytes: Uint8Array;
  /** VOI and modality LUT elements. */
  readonly elements: readonly Element[];
}

interface Curve {
  /** Gray as it shall leave the VOI LUT → stored value, not yet rounded. */
  readonly stored: (gray: number) => number;
  readonly elements: readonly Element[];
}

const ds = (value: number): string => String(Number(value.toPrecision(9)));

const window = (center: number, width: number, shape?: string): Element[] => [
  text(0x00281050, 'DS', ds(center)),
  text(0x00281051, 'DS', ds(width)),
  ...(shape === undefined ? [] : [text(0x00281056, 'CS', shape)]),
];

/** A LUT item (PS3.3 C.11.1 and C.11.2) of 16-bit entries from stored value 0 on. */
function lutItem(entries: Uint16Array, modality: boolean): Element[] {
  const count = entries.length === 65536 ? 0 : entries.length;
  return [
    numbers(0x00283002, 'US', count, 0, 16),
    text(0x00283003, 'LO', 'PHANTOM CURVE'),
    ...(modality ? [text(0x00283004, 'LO', 'US')] : []),
    byteElement(0x00283006, 'OW', new Uint8Array(entries.buffer)),
  ];
}

/** A film-like toe and shoulder, monotone from 0 to 1, with its exact inverse. */
const toe = (t: number): number => (t + t * t) / 2;
const untoe = (s: number): number => (Math.sqrt(1 + 8 * s) - 1) / 2;

function curveOf(style: VoiStyle, bits: number): Curve {
  const top = 2 ** bits - 1;
  // The values used leave room at both ends, as a detector does.
  const [low, high] = [Math.round(top * 0.06), Math.round(top * 0.9)];
  const span = high - low;
  const straight = (gray: number): number => low + gray * span;
  switch (style) {
    case 'linear':
      // PS3.3 C.11.2.1.2.1: from center - 0.5 - (width - 1) / 2 on, over width - 1.
      return { stored: straight, elements: window(low + span / 2 + 0.5, span + 1) };
    case 'linear-exact':
      return { stored: straight, elements: window(low + span / 2, span, 'LINEAR_EXACT') };
    case 'sigmoid': {
      // ln(199) × width / 4 on either side must fit into the stored range.
      const [center, width] = [top / 2, top * 0.37];
      const clip = (gray: number): number => Math.min(0.995, Math.max(0.005, gray));
      return {
        stored: (gray) => center - (width / 4) * Math.log(1 / clip(gray) - 1),
        elements: window(center, width, 'SIGMOID'),
      };
    }
    case 'lut': {
      const entries = Uint16Array.from({ length: top + 1 }, (_, i) => Math.round(65535 * untoe(i / top)));
      return { stored: (gray) => top * toe(gray), elements: [sequence(0x00283010, lutItem(entries, false))] };
    }
    case 'rescale': {
      const [slope, intercept] = [0.5, -100];
      return {
        stored: straight,
        elements: [
          ...window((low + span / 2) * slope + intercept + 0.5, span * slope + 1),
          text(0x00281052, 'DS', ds(intercept)),
          text(0x00281053, 'DS', ds(slope)),
          text(0x00281054, 'LO', 'US'),
        ],
      };
    }
    case 'modality-lut': {
      const entries = Uint16Array.from({ length: top + 1 }, (_, i) => Math.round(65535 * untoe(i / top)));
      return {
        stored: (gray) => top * toe(gray),
        elements: [sequence(0x00283000, lutItem(entries, true)), ...window(32768, 65536)],
      };
    }
    case 'none':
      return { stored: (gray) => gray * top, elements: [] };
    default:
      return style satisfies never;
  }
}

/** `gray` row-major, 0 black. MONOCHROME1 stores the negative: it is turned back after the VOI LUT. */
export function storePixels(
  gray: Float32Array,
  size: { columns: number; rows: number },
  style: PixelStyle,
): StoredPixels {
  const curve = curveOf(style.voi, style.bitsStored);
  const top = 2 ** style.bitsStored - 1;
  const negative = style.photometric === 'MONOCHROME1';
  const wide = style.bitsStored > 8;
  const values = wide ? new Uint16Array(gray.length) : new Uint8Array(gray.length);
  for (let i = 0; i < gray.length; i++) {
    const clean = Math.min(1, Math.max(0, gray[i]!));
    const value = Math.round(curve.stored(negative ? 1 - clean : clean));
    values[i] = value < 0 ? 0 : value > top ? top : value;
  }
  return {
    ...size,
    bitsAllocated: wide ? 16 : 8,
    bitsStored: style.bitsStored,
    photometric: style.photometric,
    bytes: new Uint8Array(values.buffer),
    elements: curve.elements,
  };
}
