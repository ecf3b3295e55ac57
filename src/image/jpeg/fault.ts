// Faults of a JPEG stream, before a room gives them codes of its own: the picture upload and the DICOM codecs refuse the same faults.

export type JpegFaultKind = 'truncated' | 'broken' | 'several-images' | 'unsupported';

export class JpegFault extends Error {
  readonly kind: JpegFaultKind;

  constructor(kind: JpegFaultKind, reason: string) {
    super(reason);
    this.kind = kind;
  }
}

export const broken = (reason: string): JpegFault => new JpegFault('broken', reason);
export const cut = (reason: string): JpegFault => new JpegFault('truncated', reason);
