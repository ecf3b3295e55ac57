// Why an instance was refused, in the numbers that a sender's program acts on (PS3.4 GG.4.2, B.2.3 and PS3.7 annex C).
import type { CareError } from '#kernel/errors.ts';

const OUT_OF_RESOURCES = 0xa700;
const OTHER_CLASS = 0xa900;
const NOT_UNDERSTOOD = 0xc000;
const PROCESSING = 0x0110;
const CLASS_NOT_SUPPORTED = 0x0122;

export function failureReason({ code, status }: CareError): number {
  if (status === 413 || status === 507 || code === 'http.busy') return OUT_OF_RESOURCES;
  if (status >= 500) return PROCESSING;
  // No image: reports and segmentations of others are not kept here, and sending them again cannot help.
  if (code === 'dicom.no-pixel-data') return CLASS_NOT_SUPPORTED;
  if (code.startsWith('store.conflicting') || code === 'dicomweb.other-study') return OTHER_CLASS;
  return NOT_UNDERSTOOD;
}
