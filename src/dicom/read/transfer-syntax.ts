// Transfer syntax UID → how the data set is written and which codec unpacks its frames. Named once, here (PS3.6 table A-1).
import { dicomErrors } from '#dicom/errors.ts';

export type Codec =
  | 'native'
  | 'rle'
  | 'jpeg'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  | 'deflated-frame'
  | 'jpeg-xl'
  | 'video'
  | 'unsupported';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly codec: Codec;
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
  readonly deflated: boolean;
  /** True where decoding gives back the very values that were encoded. */
  readonly lossless: boolean;
}

const BASE = '1.2.840.10008.1.2';

interface Row {
  readonly codec: Codec;
  readonly name: string;
  readonly lossless?: boolean;
}

/** Explicit VR little endian around frames that a codec packed; keys are appended to 1.2.840.10008.1.2. */
const ENCAPSULATED: Readonly<Record<string, Row>> = {
  '.5': { codec: 'rle', name: 'RLE Lossless', lossless: true },
  '.8.1': { codec: 'deflated-frame', name: 'Deflated Image Frame Compression', lossless: true },
  '.4.50': { codec: 'jpeg', name: 'JPEG Baseline (Process 1)' },
  '.4.51': { codec: 'jpeg', name: 'JPEG Extended (Process 2 and 4)' },
  '.4.52': { codec: 'unsupported', name: 'JPEG Extended (Process 3 and 5)' },
  '.4.53': { codec: 'jpeg', name: 'JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)' },
  '.4.54': { codec: 'unsupported', name: 'JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)' },
  '.4.55': { codec: 'jpeg', name: 'JPEG Full Progression, Non-Hierarchical (Process 10 and 12)' },
  '.4.56': { codec: 'unsupported', name: 'JPEG Full Progression, Non-Hierarchical (Process 11 and 13)' },
  '.4.57': { codec: 'jpeg', name: 'JPEG Lossless, Non-Hierarchical (Process 14)', lossless: true },
  '.4.58': { codec: 'unsupported', name: 'JPEG Lossless, Non-Hierarchical (Process 15)' },
  '.4.59': { codec: 'unsupported', name: 'JPEG Extended, Hierarchical (Process 16 and 18)' },
  '.4.60': { codec: 'unsupported', name: 'JPEG Extended, Hierarchical (Process 17 and 19)' },
  '.4.61': { codec: 'unsupported', name: 'JPEG Spectral Selection, Hierarchical (Process 20 and 22)' },
  '.4.62': { codec: 'unsupported', name: 'JPEG Spectral Selection, Hierarchical (Process 21 and 23)' },
  '.4.63': { codec: 'unsupported', name: 'JPEG Full Progression, Hierarchical (Process 24 and 26)' },
  '.4.64': { codec: 'unsupported', name: 'JPEG Full Progression, Hierarchical (Process 25 and 27)' },
  '.4.65': { codec: 'unsupported', name: 'JPEG Lossless, Hierarchical (Process 28)' },
  '.4.66': { codec: 'unsupported', name: 'JPEG Lossless, Hierarchical (Process 29)' },
  '.4.70': { codec: 'jpeg', name: 'JPEG Lossless, First-Order Prediction (Process 14 [SV 1])', lossless: true },
  '.4.80': { codec: 'jpeg-ls', name: 'JPEG-LS Lossless', lossless: true },
  '.4.81': { codec: 'jpeg-ls', name: 'JPEG-LS Lossy (Near-Lossless)' },
  '.4.90': { codec: 'jpeg-2000', name: 'JPEG 2000 (Lossless Only)', lossless: true },
  '.4.91': { codec: 'jpeg-2000', name: 'JPEG 2000' },
  '.4.92': { codec: 'unsupported', name: 'JPEG 2000 Part 2 Multi-component (Lossless Only)' },
  '.4.93': { codec: 'unsupported', name: 'JPEG 2000 Part 2 Multi-component' },
  '.4.94': { codec: 'unsupported', name: 'JPIP Referenced' },
  '.4.95': { codec: 'unsupported', name: 'JPIP Referenced Deflate' },
  '.4.100': { codec: 'video', name: 'MPEG2 Main Profile / Main Level' },
  '.4.100.1': { codec: 'video', name: 'Fragmentable MPEG2 Main Profile / Main Level' },
  '.4.101': { codec: 'video', name: 'MPEG2 Main Profile / High Level' },
  '.4.101.1': { codec: 'video', name: 'Fragmentable MPEG2 Main Profile / High Level' },
  '.4.102': { codec: 'video', name: 'MPEG-4 AVC/H.264 High Profile / Level 4.1' },
  '.4.102.1': { codec: 'video', name: 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1' },
  '.4.103': { codec: 'video', name: 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1' },
  '.4.103.1': { codec: 'video', name: 'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1' },
  '.4.104': { codec: 'video', name: 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video' },
  '.4.104.1': { codec: 'video', name: 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video' },
  '.4.105': { codec: 'video', name: 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video' },
  '.4.105.1': { codec: 'video', name: 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video' },
  '.4.106': { codec: 'video', name: 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2' },
  '.4.106.1': { codec: 'video', name: 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2' },
  '.4.107': { codec: 'video', name: 'HEVC/H.265 Main Profile / Level 5.1' },
  '.4.108': { codec: 'video', name: 'HEVC/H.265 Main 10 Profile / Level 5.1' },
  '.4.110': { codec: 'jpeg-xl', name: 'JPEG XL Lossless', lossless: true },
  '.4.111': { codec: 'jpeg-xl', name: 'JPEG XL JPEG Recompression' },
  '.4.112': { codec: 'jpeg-xl', name: 'JPEG XL' },
  '.4.201': { codec: 'htj2k', name: 'High-Throughput JPEG 2000 (Lossless Only)', lossless: true },
  '.4.202': { codec: 'htj2k', name: 'High-Throughput JPEG 2000 with RPCL Options (Lossless Only)', lossless: true },
  '.4.203': { codec: 'htj2k', name: 'High-Throughput JPEG 2000' },
  '.4.204': { codec: 'unsupported', name: 'JPIP HTJ2K Referenced' },
  '.4.205': { codec: 'unsupported', name: 'JPIP HTJ2K Referenced Deflate' },
  '.6.1': { codec: 'unsupported', name: 'RFC 2557 MIME Encapsulation' },
  '.6.2': { codec: 'unsupported', name: 'XML Encoding' },
  '.7.1': { codec: 'unsupported', name: 'SMPTE ST 2110-20 Uncompressed Progressive Active Video' },
  '.7.2': { codec: 'unsupported', name: 'SMPTE ST 2110-20 Uncompressed Interlaced Active Video' },
  '.7.3': { codec: 'unsupported', name: 'SMPTE ST 2110-30 PCM Digital Audio' },
};

const little = { codec: 'native', explicitVr: true, bigEndian: false, deflated: false, lossless: true } as const;

export const IMPLICIT_LITTLE: TransferSyntax = {
  ...little,
  uid: BASE,
  name: 'Implicit VR Little Endian',
  explicitVr: false,
};
export const EXPLICIT_LITTLE: TransferSyntax = { ...little, uid: `${BASE}.1`, name: 'Explicit VR Little Endian' };
export const EXPLICIT_BIG: TransferSyntax = {
  ...little,
  uid: `${BASE}.2`,
  name: 'Explicit VR Big Endian',
  bigEndian: true,
};
const DEFLATED: TransferSyntax = {
  ...little,
  uid: `${BASE}.1.99`,
  name: 'Deflated Explicit VR Little Endian',
  deflated: true,
};

const NATIVE = [IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED];

/** Throws dicom.unknown-transfer-syntax. A known one that no codec here can unpack is found, and refused when decoded. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const native = NATIVE.find((syntax) => syntax.uid === uid);
  if (native !== undefined) return native;
  const row = uid.startsWith(BASE) ? ENCAPSULATED[uid.slice(BASE.length)] : undefined;
  if (row === undefined) {
    throw dicomErrors.error('unknown-transfer-syntax', { field: '(0002,0010) TransferSyntaxUID', reason: shown(uid) });
  }
  return {
    uid,
    name: row.name,
    codec: row.codec,
    explicitVr: true,
    bigEndian: false,
    deflated: false,
    lossless: row.lossless ?? false,
  };
}

/** A UID is repeated in an error only where it is one: a broken file may hold anything in its place. */
const shown = (uid: string): string =>
  /^[0-9.]{1,64}$/.test(uid) ? `transfer syntax ${uid} is not known` : 'the transfer syntax is not a UID';

/** Every syntax that a codec here unpacks: what other doors may offer. */
export const decodableSyntaxes = (): readonly TransferSyntax[] => [
  ...NATIVE,
  ...Object.keys(ENCAPSULATED)
    .map((suffix) => transferSyntaxOf(`${BASE}${suffix}`))
    .filter(({ codec }) => codec !== 'unsupported' && codec !== 'video' && codec !== 'jpeg-xl'),
];
