// Storage commitment reports (PS3.4 annex J): which of the results that we sent the PACS has taken into its care.
import { ascii } from '#dicom/read/element.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { fileHeader } from '#dicom/write/part10.ts';
import { CareError } from '#kernel/errors.ts';

export interface CommitmentReport {
  readonly transactionUid: string;
  readonly committed: readonly string[];
  readonly failed: readonly string[];
}

const CARRIER = '1.2.840.10008.1.20.1';

/** Undefined for a report that cannot be read. */
export function readReport(dataSet: Buffer, transferSyntaxUid: string): CommitmentReport | undefined {
  try {
    const header = fileHeader({ sopClassUid: CARRIER, sopInstanceUid: CARRIER, transferSyntaxUid });
    const { dataSet: set } = parseDicom(Buffer.concat([header, dataSet]));
    const transactionUid = ascii(set, 0x00081195);
    if (transactionUid === undefined) return undefined;
    const uids = (tag: number): readonly string[] => itemsOf(set, tag).flatMap((item) => ascii(item, 0x00081155) ?? []);
    return { transactionUid, committed: uids(0x00081199), failed: uids(0x00081198) };
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}
