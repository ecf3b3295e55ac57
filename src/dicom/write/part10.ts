// A DICOM Part 10 file (PS3.10 section 7): preamble and file meta information before a data set in its own transfer syntax.
import { bytes, encodeDataSet, numbers, text } from './element.ts';
import { derivedUid } from './uid.ts';

export interface FileMeta {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Of the software that wrote the file; absent: this one. */
  readonly implementation?: { readonly classUid: string; readonly version: string };
  /** AE title of the sender, for a file that came over the network. */
  readonly sourceAeTitle?: string;
}

export const IMPLEMENTATION = Object.freeze({
  classUid: derivedUid('haidang', 'implementation'),
  version: 'HAIDANG_1',
});

/** Group 0002 is explicit little endian whatever follows it. */
const META_ENCODING = 'explicit-little';

export function fileHeader(meta: FileMeta): Buffer {
  const { classUid, version } = meta.implementation ?? IMPLEMENTATION;
  const body = encodeDataSet(
    [
      bytes(0x00020001, 'OB', Uint8Array.of(0, 1)),
      text(0x00020002, 'UI', meta.sopClassUid),
      text(0x00020003, 'UI', meta.sopInstanceUid),
      text(0x00020010, 'UI', meta.transferSyntaxUid),
      text(0x00020012, 'UI', classUid),
      text(0x00020013, 'SH', version),
      ...(meta.sourceAeTitle === undefined ? [] : [text(0x00020016, 'AE', meta.sourceAeTitle)]),
    ],
    META_ENCODING,
  );
  const length = encodeDataSet([numbers(0x00020000, 'UL', body.length)], META_ENCODING);
  return Buffer.concat([Buffer.alloc(128), Buffer.alloc(4, 'DICM', 'latin1'), length, body]);
}
