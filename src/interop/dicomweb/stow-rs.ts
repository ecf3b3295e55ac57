// STOW-RS (PS3.18 10.5): each part is judged and stored by the same intake as every other door, and answered after its commit.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { createUploads, type Upload, wholeBody } from '#http/uploads.ts';
import { headerParameter, mediaType, readParts } from '#http/multipart.ts';
import type { StreamedBody } from '#http/openapi.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { failureReason } from '#interop/dicom-model/failure-reason.ts';
import type { InstanceVerdict } from '#kernel/acceptance.ts';
import { chosenType } from './accept.ts';
import { type DicomJson, jsonValue } from './dicom-json.ts';
import { dicomwebErrors } from './errors.ts';
import { JSON_TYPES } from './door.ts';

export interface StowDeps {
  readonly maxInstanceBytes: number;
  take(
    bytes: Buffer | undefined,
    from: { readonly facilityId: string; readonly actor: string },
  ): Promise<InstanceVerdict>;
  judged(verdict: InstanceVerdict['status']): void;
  readonly publicUrl: () => string;
}

/** A CT of a thousand slices twice over; one request is one or a few studies. */
const MAX_PARTS = 4000;

/** For the OpenAPI document: the body is a stream. */
export const stowBody: StreamedBody = {
  'multipart/related': { schema: { type: 'string', format: 'binary' } },
  'application/dicom': { schema: { type: 'string', format: 'binary' } },
};

interface Names {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  readonly studyUid?: string;
}

/** As far as a refused file says who it is. */
function namesOf(bytes: Buffer | undefined): Names {
  if (bytes === undefined) return {};
  try {
    const { sopClassUid, sopInstanceUid, studyInstanceUid: studyUid } = readTags(parseDicom(bytes));
    return { sopClassUid, sopInstanceUid, studyUid };
  } catch {
    return {};
  }
}

interface Taken {
  readonly names: Names;
  readonly verdict: InstanceVerdict;
}

async function takeOne(
  bytes: Buffer | undefined,
  { request, study }: { readonly request: FastifyRequest; readonly study: string | undefined },
  deps: StowDeps,
): Promise<Taken> {
  const names = namesOf(bytes);
  const { facilityId, actor } = request.identity;
  const elsewhere = study !== undefined && names.studyUid !== undefined && names.studyUid !== study;
  const verdict: InstanceVerdict = elsewhere
    ? { status: 'refused', error: dicomwebErrors.error('other-study', { field: 'StudyInstanceUID' }) }
    : await deps.take(bytes, { facilityId, actor });
  deps.judged(verdict.status);
  return { names, verdict };
}

async function* partsOf(
  request: FastifyRequest,
  body: Upload['body'],
  maxPartBytes: number,
): AsyncGenerator<Buffer | undefined> {
  const type = request.headers['content-type'];
  const partType = headerParameter(type, 'type')?.toLowerCase();
  if (partType === 'application/dicom+json' || partType === 'application/dicom+xml')
    throw dicomwebErrors.error('metadata-body', { field: 'Content-Type' });
  if (mediaType(type) === 'application/dicom') {
    yield await wholeBody(body, maxPartBytes);
    return;
  }
  for await (const part of readParts(type, body, { maxPartBytes, maxParts: MAX_PARTS })) {
    if (
      part.contentType !== '' &&
      part.contentType !== 'application/dicom' &&
      part.contentType !== 'application/octet-stream'
    )
      throw dicomwebErrors.error('metadata-body', { field: 'Content-Type', reason: 'a part is not application/dicom' });
    yield part.bytes;
  }
}

/** PS3.18 table 10.5.3-1. */
function answerOf(taken: readonly Taken[], base: string): DicomJson {
  const reference = ({ sopClassUid, sopInstanceUid }: Names): DicomJson => ({
    '00081150': jsonValue('UI', sopClassUid),
    '00081155': jsonValue('UI', sopInstanceUid),
  });
  const referenced = taken.flatMap(({ names, verdict }) =>
    verdict.status === 'refused'
      ? []
      : [
          {
            ...reference({ ...names, sopInstanceUid: verdict.sopInstanceUid }),
            '00081190': jsonValue('UR', `${base}/studies/${verdict.studyUid}`),
          },
        ],
  );
  const failed = taken.flatMap(({ names, verdict }) =>
    verdict.status === 'refused'
      ? [{ ...reference(names), '00081197': jsonValue('US', failureReason(verdict.error)) }]
      : [],
  );
  const studies = new Set(taken.flatMap(({ verdict }) => (verdict.status === 'refused' ? [] : [verdict.studyUid])));
  const [only] = studies;
  return {
    '00081190': jsonValue('UR', ...(studies.size === 1 && only !== undefined ? [`${base}/studies/${only}`] : [])),
    ...(referenced.length > 0 && { '00081199': { vr: 'SQ', Value: referenced } }),
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
  };
}

/** 200 all stored, 202 some refused, 409 all refused; 503 where only faults of ours stood in the way: send it again. */
function statusOf(taken: readonly Taken[]): 200 | 202 | 409 | 503 {
  const errors = taken.flatMap(({ verdict }) => (verdict.status === 'refused' ? [verdict.error] : []));
  if (errors.length === 0) return 200;
  if (errors.length < taken.length) return 202;
  return errors.every(({ status }) => status >= 500) ? 503 : 409;
}

const answer = z.record(z.string(), z.unknown());

export async function stowRoutes(plain: FastifyInstance, deps: StowDeps): Promise<void> {
  // Also JSON: it is a wrong type here, not a wrong body.
  plain.removeAllContentTypeParsers();
  for (const type of ['application/dicom', /^multipart\/related/])
    plain.addContentTypeParser(type, (_request, _payload, done) => done(null));
  const app = typed(plain);
  const uploads = createUploads(deps.maxInstanceBytes);

  const takeAll = (request: FastifyRequest, study: string | undefined): Promise<readonly Taken[]> =>
    uploads.take(request, async ({ body, judge }) => {
      const taken: Taken[] = [];
      for await (const bytes of partsOf(request, body, deps.maxInstanceBytes))
        taken.push(await judge(() => takeOne(bytes, { request, study }, deps)));
      return taken;
    });

  for (const [path, operationId] of [
    ['/dicomweb/studies', 'storeInstances'],
    ['/dicomweb/studies/:study', 'storeInstancesOfStudy'],
  ] as const)
    app.post(
      path,
      {
        config: { scope: 'studies:write' },
        schema: {
          tags: ['dicomweb'],
          operationId,
          summary: 'STOW-RS: DICOM files as multipart/related',
          consumes: ['multipart/related', 'application/dicom'],
          params: z.strictObject({
            study: z
              .string()
              .regex(/^[0-9.]{1,64}$/)
              .optional(),
          }),
          response: { 200: answer, 202: answer, ...problemResponses, 409: answer, 503: answer },
        },
      },
      async (request, reply) => {
        const type = chosenType(request, JSON_TYPES);
        const taken = await takeAll(request, request.params.study);
        return reply
          .code(statusOf(taken))
          .type(type)
          .send(answerOf(taken, `${deps.publicUrl()}/dicomweb`));
      },
    );
}
