// The markers of a JPEG or JPEG-LS stream (ITU-T T.81 annex B, T.87 annex C) → its header and scans; refuses one that does not reach its end.
import { broken, cut, JpegFault } from './fault.ts';

export interface Component {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantTable: number;
}

export interface StartOfFrame {
  /** 0xC0 to 0xCF, or 0xF7 for JPEG-LS. */
  readonly marker: number;
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly components: readonly Component[];
}

export interface ScanComponent {
  readonly id: number;
  readonly dcTable: number;
  readonly acTable: number;
}

/** Code lengths and symbols of one Huffman table, as DHT writes them. */
export interface HuffmanSpec {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

export interface Scan {
  readonly components: readonly ScanComponent[];
  /** Spectral selection, or the predictor of a lossless scan; NEAR in JPEG-LS. */
  readonly start: number;
  readonly end: number;
  /** Successive approximation: high and low bit position (low is the point transform of a lossless scan). */
  readonly high: number;
  readonly low: number;
  readonly restartInterval: number;
  /** DC tables at 0 to 3, AC tables at 16 to 19, as they stood when the scan began. */
  readonly tables: ReadonlyMap<number, HuffmanSpec>;
  /** Entropy-coded bytes between restart markers, stuffing still inside. */
  readonly segments: readonly Uint8Array[];
}

export interface JpegStream {
  readonly frame: StartOfFrame;
  readonly scans: readonly Scan[];
  /** By quantisation table: by how much its first coefficient, the mean of a block, is multiplied. */
  readonly dcSteps: ReadonlyMap<number, number>;
  /** What the stream itself says of its colours: an Adobe segment names the transform, JFIF means YCbCr. */
  readonly colours: 'rgb' | 'ycbcr' | undefined;
  /** Length up to and including the end marker. */
  readonly length: number;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DQT = 0xdb;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP14 = 0xee;
export const SOF_JPEG_LS = 0xf7;

const isStartOfFrame = (marker: number): boolean =>
  marker === SOF_JPEG_LS || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);
const isStandalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

const isNamed = (payload: Uint8Array, name: string): boolean =>
  String.fromCharCode(...payload.subarray(0, name.length)) === name;

interface Marker {
  readonly code: number;
  /** Payload of its segment. */
  readonly from: number;
  readonly to: number;
}

function nextMarker(bytes: Uint8Array, at: number): Marker {
  if (at + 2 > bytes.length) throw cut('the stream ends before its end marker');
  if (bytes[at] !== 0xff) throw broken('bytes where a marker should be');
  let position = at + 1;
  // Any number of fill bytes may stand before a marker.
  while (bytes[position] === 0xff) position++;
  const code = bytes[position];
  if (code === undefined) throw cut('the stream ends before its end marker');
  const from = position + 1;
  if (code === SOI || code === EOI || isStandalone(code)) return { code, from, to: from };
  if (from + 2 > bytes.length) throw cut('a marker segment is cut');
  const to = from + bytes[from]! * 256 + bytes[from + 1]!;
  if (to < from + 2) throw broken('a marker segment has no length');
  if (to > bytes.length) throw cut('a marker segment is cut');
  return { code, from: from + 2, to };
}

function readFrame(payload: Uint8Array, marker: number): StartOfFrame {
  const count = payload[5] ?? 0;
  if (payload.length < 6 + 3 * count || count === 0) throw broken('the frame header is too short');
  const components = Array.from({ length: count }, (_, index) => ({
    id: payload[6 + 3 * index]!,
    horizontal: payload[7 + 3 * index]! >> 4,
    vertical: payload[7 + 3 * index]! & 15,
    quantTable: payload[8 + 3 * index]!,
  }));
  if (components.some(({ horizontal, vertical }) => horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4)) {
    throw broken('a sampling factor is out of range');
  }
  return {
    marker,
    precision: payload[0]!,
    rows: payload[1]! * 256 + payload[2]!,
    columns: payload[3]! * 256 + payload[4]!,
    components,
  };
}

function readTables(payload: Uint8Array, tables: Map<number, HuffmanSpec>): void {
  let at = 0;
  while (at < payload.length) {
    const counts = payload.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < 16 || at + 17 + total > payload.length) throw broken('a Huffman table is cut');
    tables.set(payload[at]!, { counts, symbols: payload.subarray(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

/** Sixty-four values of one or two bytes, the first of which belongs to the mean of a block (T.81 B.2.4.1). */
function readQuantTables(payload: Uint8Array, steps: Map<number, number>): void {
  let at = 0;
  while (at < payload.length) {
    const wide = payload[at]! >> 4 > 0;
    const [high = 0, low = 0] = payload.subarray(at + 1, at + 3);
    steps.set(payload[at]! & 15, wide ? high * 256 + low : high);
    at += 1 + (wide ? 128 : 64);
  }
}

function readScanHeader(payload: Uint8Array): Omit<Scan, 'restartInterval' | 'tables' | 'segments'> {
  const count = payload[0] ?? 0;
  if (count < 1 || count > 4 || payload.length < 4 + 2 * count) throw broken('the scan header is too short');
  const components = Array.from({ length: count }, (_, index) => ({
    id: payload[1 + 2 * index]!,
    dcTable: payload[2 + 2 * index]! >> 4,
    acTable: payload[2 + 2 * index]! & 15,
  }));
  const at = 1 + 2 * count;
  return {
    components,
    start: payload[at]!,
    end: payload[at + 1]!,
    high: payload[at + 2]! >> 4,
    low: payload[at + 2]! & 15,
  };
}

/** Entropy-coded bytes run to the next marker that is not a restart; JPEG-LS stuffs a bit after FF, JPEG a zero byte. */
function readEntropy(bytes: Uint8Array, start: number, isLs: boolean): { segments: Uint8Array[]; next: number } {
  const segments: Uint8Array[] = [];
  let from = start;
  let at = start;
  while (at + 1 < bytes.length) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) break;
    const code = bytes[at + 1]!;
    if (isLs ? code < 0x80 : code === 0) {
      at += 2;
    } else if (code === 0xff) {
      at += 1;
    } else if (code >= 0xd0 && code <= 0xd7) {
      segments.push(bytes.subarray(from, at));
      at += 2;
      from = at;
    } else {
      segments.push(bytes.subarray(from, at));
      return { segments, next: at };
    }
  }
  throw cut('the stream ends inside a scan');
}

/** A second image after the first belongs to another frame, and which of the two was meant is unknown. */
export function checkAlone(bytes: Uint8Array, { length }: Pick<JpegStream, 'length'>): void {
  const rest = bytes.subarray(length);
  const at = rest.findIndex((byte) => byte !== 0);
  if (at >= 0 && rest[at] === 0xff && rest[at + 1] === SOI) {
    throw new JpegFault('several-images', 'a frame holds more than one image');
  }
}

/**
 * Walks all markers from the start to the end marker; bytes behind it are left alone. Throws JpegFault: `truncated` where the end is not
 * reached, `broken` where the markers make no sense.
 */
export function readJpegStream(bytes: Uint8Array): JpegStream {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw broken('the stream does not begin with a start marker');
  const tables = new Map<number, HuffmanSpec>();
  const scans: Scan[] = [];
  const dcSteps = new Map<number, number>();
  let frame: StartOfFrame | undefined;
  let restartInterval = 0;
  let colours: JpegStream['colours'];
  let at = 2;
  for (;;) {
    const { code, from, to } = nextMarker(bytes, at);
    const payload = bytes.subarray(from, to);
    at = to;
    if (code === EOI) break;
    if (isStartOfFrame(code)) {
      if (frame !== undefined) throw broken('two frame headers');
      frame = readFrame(payload, code);
    } else if (code === DHT) {
      readTables(payload, tables);
    } else if (code === DQT) {
      readQuantTables(payload, dcSteps);
    } else if (code === DRI) {
      restartInterval = payload.reduce((value, byte) => value * 256 + byte, 0);
    } else if (code === APP14 && payload.length >= 12 && isNamed(payload, 'Adobe')) {
      colours = payload[11] === 0 ? 'rgb' : 'ycbcr';
    } else if (code === APP0 && isNamed(payload, 'JFIF')) {
      colours ??= 'ycbcr';
    } else if (code === SOS) {
      if (frame === undefined) throw broken('a scan before the frame header');
      const header = readScanHeader(payload);
      const { segments, next } = readEntropy(bytes, to, frame.marker === SOF_JPEG_LS);
      scans.push({ ...header, restartInterval, tables: new Map(tables), segments });
      at = next;
    } else if (code === SOI) {
      throw broken('a start marker inside the stream');
    }
  }
  if (frame === undefined || scans.length === 0) throw broken('no image in the stream');
  return { frame, scans, dcSteps, colours, length: at };
}
