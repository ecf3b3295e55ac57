// Bytes of a DICOM file → data set and transfer syntax: with or without preamble and meta information, deflated, either byte order.
import { inflateRawSync } from 'node:zlib';
import type { DataSet, Encoding } from './element.ts';
import { ascii, tagText } from './element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { readDataSet } from './reader.ts';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  transferSyntaxOf,
  type TransferSyntax,
} from './transfer-syntax.ts';

export interface DicomFile {
  readonly transferSyntax: TransferSyntax;
  /** File meta information (group 0002); empty where the file has none. */
  readonly meta: DataSet;
  readonly dataSet: DataSet;
}

export interface ParseOptions {
  /** A deflated data set may not unpack to more than this: a bomb of 250 kB unpacks to 256 MB. */
  readonly maximumInflatedBytes?: number;
}

const PREAMBLE_BYTES = 128;
const TRANSFER_SYNTAX = 0x00020010;
const LITTLE: Encoding = { explicitVr: true, bigEndian: false };

/**
 * Parses a whole file. Nothing is decoded yet.
 * Throws dicom.not-dicom, dicom.truncated, dicom.broken-dataset, dicom.unknown-transfer-syntax, dicom.too-large.
 */
export function parseDicom(bytes: Buffer, options: ParseOptions = {}): DicomFile {
  const start = startOf(bytes);
  const { set: meta, next } = readDataSet(bytes, start, { encoding: LITTLE, onlyGroup: 0x0002 });
  const rest = bytes.subarray(next);
  const uid = ascii(meta, TRANSFER_SYNTAX);
  if (uid === undefined) {
    const guessed = guessSyntax(rest);
    if (guessed === undefined) {
      throw dicomErrors.error('missing-tag', {
        field: tagText(TRANSFER_SYNTAX),
        reason: 'the transfer syntax is missing, and the data set does not show it',
      });
    }
    return { transferSyntax: guessed, meta, dataSet: readWith(rest, guessed) };
  }
  const transferSyntax = transferSyntaxOf(uid);
  const body = transferSyntax.deflated ? inflate(rest, options.maximumInflatedBytes ?? 256 * 1024 * 1024) : rest;
  return { transferSyntax, meta, dataSet: readWith(body, asWritten(body, transferSyntax)) };
}

const readWith = (bytes: Buffer, encoding: Encoding): DataSet =>
  readDataSet(bytes, 0, { encoding: { explicitVr: encoding.explicitVr, bigEndian: encoding.bigEndian } }).set;

/** Where the meta information, or else the data set, begins. */
function startOf(bytes: Buffer): number {
  if (bytes.length >= PREAMBLE_BYTES + 4 && bytes.toString('latin1', PREAMBLE_BYTES, PREAMBLE_BYTES + 4) === 'DICM') {
    return PREAMBLE_BYTES + 4;
  }
  if (bytes.toString('latin1', 0, 4) === 'DICM') return 4;
  const startsWithMeta = bytes.length >= 8 && bytes.readUInt16LE(0) === 0x0002 && hasVr(bytes);
  if (startsWithMeta || guessSyntax(bytes) !== undefined) return 0;
  throw dicomErrors.error('not-dicom');
}

const VRS = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
);
const hasVr = (bytes: Buffer): boolean => VRS.has(bytes.toString('latin1', 4, 6));

/** A data set begins with a low group (0002 to 0018 is what writers use), so its first eight bytes tell the encoding. */
function guessSyntax(bytes: Buffer): TransferSyntax | undefined {
  if (bytes.length < 8) return undefined;
  const plausible = (group: number): boolean => group >= 0x0002 && group <= 0x0028 && group % 2 === 0;
  if (plausible(bytes.readUInt16LE(0))) {
    if (hasVr(bytes)) return EXPLICIT_LITTLE;
    return bytes.readUInt32LE(4) <= bytes.length - 8 ? IMPLICIT_LITTLE : undefined;
  }
  return plausible(bytes.readUInt16BE(0)) && hasVr(bytes) ? EXPLICIT_BIG : undefined;
}

/** Some writers name implicit VR and write explicit, or the reverse: the first element shows which it is. */
function asWritten(body: Buffer, named: Encoding): Encoding {
  if (named.bigEndian || body.length < 8) return named;
  return { bigEndian: false, explicitVr: hasVr(body) };
}

function inflate(packed: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw dicomErrors.error('too-large', { cause });
    if (code === 'Z_BUF_ERROR') throw dicomErrors.error('truncated', { reason: 'the deflated data set is cut', cause });
    throw dicomErrors.error('broken-dataset', { reason: 'the deflated data set is broken', cause });
  }
}
