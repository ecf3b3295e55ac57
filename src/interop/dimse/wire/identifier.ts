// The data set of a query, a report or any message that is no image: read with the reader of files, written in the agreed syntax.
import type { DataSet as ReadDataSet } from '#dicom/read/element.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { type DataSet, encodeDataSet } from '#dicom/write/element.ts';
import { fileHeader } from '#dicom/write/part10.ts';
import { CareError } from '#kernel/errors.ts';
import { IMPLICIT_LITTLE } from '#interop/dimse/classes.ts';

/** A file needs a class and an instance; a message without either is none the worse. */
const CARRIER = '1.2.840.10008.1.20.1';

/** Undefined for one that cannot be read. */
export function readIdentifier(dataSet: Buffer, transferSyntaxUid: string): ReadDataSet | undefined {
  try {
    const header = fileHeader({ sopClassUid: CARRIER, sopInstanceUid: CARRIER, transferSyntaxUid });
    return parseDicom(Buffer.concat([header, dataSet])).dataSet;
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

export const writeIdentifier = (elements: DataSet, transferSyntaxUid: string): Buffer =>
  encodeDataSet(elements, transferSyntaxUid === IMPLICIT_LITTLE ? 'implicit-little' : 'explicit-little');
