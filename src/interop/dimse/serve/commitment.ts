// Storage commitment reports (PS3.4 annex J): which of the results that we sent the PACS has taken into its care.
import { ascii } from '#dicom/read/element.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { readIdentifier } from '#interop/dimse/wire/identifier.ts';

export interface CommitmentReport {
  readonly transactionUid: string;
  readonly committed: readonly string[];
  readonly failed: readonly string[];
}

/** Undefined for a report that cannot be read. */
export function readReport(dataSet: Buffer, transferSyntaxUid: string): CommitmentReport | undefined {
  const set = readIdentifier(dataSet, transferSyntaxUid);
  const transactionUid = set && ascii(set, 0x00081195);
  if (set === undefined || transactionUid === undefined) return undefined;
  const uids = (tag: number): readonly string[] => itemsOf(set, tag).flatMap((item) => ascii(item, 0x00081155) ?? []);
  return { transactionUid, committed: uids(0x00081199), failed: uids(0x00081198) };
}
