// One file of a case through another door than the upload: STOW-RS, or C-STORE byte for byte in the syntax in which it lies.
import { parseDicom } from '#dicom/read/parse.ts';
import { ascii } from '#dicom/read/element.ts';
import { openAssociation } from '#interop/dimse/send/association.ts';
import { COMMAND } from '#interop/dimse/wire/command.ts';
import { dataSetOf } from '../interop/dimse/support.ts';

export const DOORS = ['upload', 'stow', 'c-store'] as const;
export type Door = (typeof DOORS)[number];

export interface Address {
  readonly web: string;
  readonly dicomPort: number;
}

async function stow({ web }: Address, bytes: Buffer): Promise<boolean> {
  const body = Buffer.concat([
    Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
    bytes,
    Buffer.from('\r\n--b--\r\n'),
  ]);
  const response = await fetch(`${web}/dicomweb/studies`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
    body: Uint8Array.from(body),
  });
  const answer = await response.text();
  return answer.includes('00081199') && !answer.includes('00081198');
}

/** Undefined for a file that no sender could put into a C-STORE: without meta information, class or instance. */
async function cStore({ dicomPort }: Address, bytes: Buffer): Promise<boolean | undefined> {
  let file;
  try {
    file = parseDicom(bytes);
  } catch {
    return undefined;
  }
  const [sopClassUid, sopInstanceUid] = [ascii(file.dataSet, 0x00080016), ascii(file.dataSet, 0x00080018)];
  const hasMeta = bytes.subarray(128, 132).toString('latin1') === 'DICM' && bytes.readUInt16LE(132) === 2;
  if (!hasMeta || sopClassUid === undefined || sopInstanceUid === undefined) return undefined;
  const association = await openAssociation(
    { host: '127.0.0.1', port: dicomPort, calledAe: 'HAIDANG', callingAe: 'CASES' },
    [{ id: 1, abstractSyntax: sopClassUid, transferSyntaxes: [file.transferSyntax.uid] }],
    { signal: AbortSignal.timeout(60_000) },
  );
  if (!association.accepted.has(1)) {
    await association.release();
    return undefined;
  }
  const { command } = await association.ask({
    contextId: 1,
    command: { field: COMMAND.storeRequest, sopClassUid, sopInstanceUid, messageId: 1, priority: 0 },
    dataSet: dataSetOf(bytes),
  });
  await association.release();
  return command.status === 0;
}

/** Whether it was taken; undefined where it cannot take this door. */
export const sendThrough = (door: Door, address: Address, bytes: Buffer): Promise<boolean | undefined> =>
  door === 'stow' ? stow(address, bytes) : cStore(address, bytes);
