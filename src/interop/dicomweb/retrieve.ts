// Parts of a WADO-RS answer: whole instances, frames, rendered pictures and bulk data, as they are stored.
import type { FastifyRequest } from 'fastify';
import { frameBytes } from '#dicom/pixels/frame-bytes.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import { encodeJpeg } from '#image/picture.ts';
import { wantedParts } from './accept.ts';
import { dicomwebErrors } from './errors.ts';
import { type AnswerPart, whole } from './multipart-answer.ts';
import type { ArchivedInstance, DicomWebDeps } from './ports.ts';

const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';

export const addressOf = ({ studyUid, seriesUid, sopInstanceUid }: ArchivedInstance, base: string): string =>
  `${base}/dicomweb/studies/${studyUid}/series/${seriesUid}/instances/${sopInstanceUid}`;

/** Throws dicomweb.not-acceptable where the client names another transfer syntax than the stored one: nothing is recoded. */
export function instancePart(instance: ArchivedInstance, request: FastifyRequest, deps: DicomWebDeps): AnswerPart {
  const wanted = wantedParts(request, 'application/dicom');
  const stored = instance.transferSyntaxUid ?? EXPLICIT_LITTLE;
  const asked = wanted?.transferSyntax ?? '*';
  if (wanted === undefined || (asked !== '*' && asked !== stored))
    throw dicomwebErrors.error('not-acceptable', { field: 'Accept', reason: `stored as ${stored}` });
  return {
    contentType: `application/dicom; transfer-syntax=${stored}`,
    location: addressOf(instance, deps.publicUrl()),
    content: () => deps.blobs.stream(instance.blob.sha256),
  };
}

/** PS3.18 table 8.7.3-5, by the end of the transfer syntax UID. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
};
const mediaTypeOf = (uid: string): string =>
  MEDIA_TYPES[uid] ??
  (/^1\.2\.840\.10008\.1\.2\.4\.(5[0-9]|70)$/.test(uid) ? 'image/jpeg' : 'application/octet-stream');

export interface FramePart extends AnswerPart {
  readonly type: string;
}

/** `frame` counts from 1. A compressed frame goes out as it is; its type and transfer syntax say how. */
export function framePart(file: DicomFile, frame: number, request: FastifyRequest): FramePart {
  const { bytes, transferSyntaxUid } = frameBytes(file, frame - 1);
  const own = mediaTypeOf(transferSyntaxUid);
  const type = [own, 'application/octet-stream'].find((each) => {
    const wanted = wantedParts(request, each);
    const asked = wanted?.transferSyntax ?? '*';
    return wanted !== undefined && (asked === '*' || asked === transferSyntaxUid);
  });
  if (type === undefined)
    throw dicomwebErrors.error('not-acceptable', { field: 'Accept', reason: `stored as ${transferSyntaxUid}` });
  return { type, contentType: `${type}; transfer-syntax=${transferSyntaxUid}`, content: () => whole(bytes) };
}

export interface RenderOptions {
  readonly longestSide: number;
  readonly type: 'image/jpeg' | 'image/png';
}

/** The first frame as a person looks at it. Throws CareError of the dicom room for what cannot be shown. */
export async function rendered(
  instance: ArchivedInstance,
  { longestSide, type }: RenderOptions,
  deps: DicomWebDeps,
): Promise<Buffer> {
  const { png } = await deps.pictures.film(await deps.blobs.get(instance.blob.sha256), longestSide);
  return type === 'image/png' ? Buffer.from(png) : encodeJpeg(png);
}
