// Short cuts of the DICOM tests: bytes to values, and the code with which bytes are refused.
import { decodeStored } from '#dicom/pixels/decode.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { CareError } from '#kernel/errors.ts';

export const decodeBytes = async (bytes: Buffer) => decodeStored(parseDicom(bytes));

export const valuesOf = async (bytes: Buffer): Promise<number[]> => [...(await decodeBytes(bytes)).values];

/** The catalogue code, or `decoded` where it was not refused. Anything but a CareError is a fault and is thrown. */
export async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'decoded';
  } catch (error) {
    if (error instanceof CareError) return error.code;
    throw error;
  }
}
