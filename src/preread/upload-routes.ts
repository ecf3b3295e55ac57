// The door for images: a body of one or many files comes in, each is judged and stored or refused, and the answer tells of each.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CareError } from '#kernel/errors.ts';
import { httpErrors } from '#http/errors.ts';
import { mediaType, readParts } from '#http/multipart.ts';
import type { StreamedBody } from '#http/openapi.ts';
import { problemOf, problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type InstanceVerdictView, declaredQuery, uploadAnswer, uploadProblem } from './schema.ts';
import type { InstanceVerdict } from './take-instance.ts';
import type { Declared } from './study.ts';

export interface UploadDeps {
  readonly maxInstanceBytes: number;
  take(
    bytes: Buffer | undefined,
    from: { readonly facilityId: string; readonly actor: string; readonly declared: Declared },
  ): Promise<InstanceVerdict>;
  judged(verdict: InstanceVerdict['status']): void;
}

/** A morning of a hospital in one request is a mistake; a chest study has two images, a CT a thousand. */
const MAX_PARTS = 2000;
/** Each holds one file in memory at a time. */
const MAX_UPLOADS = 8;

const SINGLE = ['application/dicom', 'application/octet-stream', 'image/png', 'image/jpeg'];
const MULTIPART = /^multipart\//;

const file = { type: 'string', format: 'binary' };
const files = { type: 'object', properties: { file: { type: 'array', items: file } }, required: ['file'] };

/** For the OpenAPI document: the body is a stream, and its parts are judged one by one. */
export const uploadBody: StreamedBody = {
  'multipart/form-data': { schema: files },
  ...Object.fromEntries(['multipart/related', ...SINGLE].map((type) => [type, { schema: file }])),
};

interface NamedFile {
  readonly name: string;
  readonly bytes: Buffer | undefined;
}

/** A whole body, or undefined where it is larger than allowed. */
async function wholeBody(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length > maxBytes ? undefined : Buffer.concat(chunks, length);
}

async function* filesOf(request: FastifyRequest, maxBytes: number): AsyncGenerator<NamedFile> {
  const type = request.headers['content-type'];
  // An early refusal must not tear down the connection on which its answer travels.
  const body = request.raw.iterator({ destroyOnReturn: false });
  if (!MULTIPART.test(mediaType(type))) {
    if (!SINGLE.includes(mediaType(type))) throw httpErrors.error('wrong-media-type', { field: 'Content-Type' });
    yield { name: '1', bytes: await wholeBody(body, maxBytes) };
    return;
  }
  let count = 0;
  for await (const part of readParts(type, body, { maxPartBytes: maxBytes, maxParts: MAX_PARTS })) {
    count += 1;
    yield { name: part.filename ?? String(count), bytes: part.bytes };
  }
}

const viewOf = (name: string, verdict: InstanceVerdict, requestId: string): InstanceVerdictView =>
  verdict.status === 'refused'
    ? {
        name,
        status: 'refused',
        studyUid: null,
        sopInstanceUid: null,
        problem: problemOf(verdict.error, requestId),
      }
    : {
        name,
        status: verdict.status,
        studyUid: verdict.studyUid,
        sopInstanceUid: verdict.sopInstanceUid,
        problem: null,
      };

/** 201 something new, 200 all known, 207 some refused, else the refusal's own status. */
function statusOf(verdicts: readonly InstanceVerdict[]): number {
  const count = (status: InstanceVerdict['status']): number =>
    verdicts.filter((verdict) => verdict.status === status).length;
  if (count('refused') > 0) return 207;
  return count('stored') > 0 ? 201 : 200;
}

export async function uploadRoutes(plain: FastifyInstance, deps: UploadDeps): Promise<void> {
  // The body is read by the route itself, as a stream.
  for (const type of [...SINGLE, MULTIPART]) plain.addContentTypeParser(type, (_request, _payload, done) => done(null));
  const app = typed(plain);
  let uploads = 0;

  app.post(
    '/v1/studies',
    {
      config: { scope: 'studies:write' },
      schema: {
        tags: ['studies'],
        operationId: 'uploadStudies',
        summary: 'Send images: DICOM (multipart/form-data, multipart/related or application/dicom), PNG or JPEG',
        description:
          'Answered after commit. An image is known by its SOP Instance UID: sent again, it is a duplicate and changes nothing.',
        consumes: ['multipart/form-data', 'multipart/related', ...SINGLE],
        querystring: declaredQuery,
        response: {
          200: uploadAnswer,
          201: uploadAnswer,
          207: uploadAnswer,
          ...problemResponses,
          '4xx': { description: 'All refused', content: { 'application/problem+json': { schema: uploadProblem } } },
        },
      },
    },
    async (request, reply) => {
      if (uploads >= MAX_UPLOADS) throw httpErrors.error('busy', { retryAfterSeconds: 1 });
      uploads += 1;
      try {
        const { facilityId, actor } = request.identity;
        const { ageYears, sex, view } = request.query;
        const declared = {
          ...(ageYears !== undefined && { ageYears }),
          ...(sex !== undefined && { sex }),
          ...(view !== undefined && { view }),
        };
        const verdicts: InstanceVerdict[] = [];
        const instances: InstanceVerdictView[] = [];
        for await (const { name, bytes } of filesOf(request, deps.maxInstanceBytes)) {
          const verdict = await deps.take(bytes, { facilityId, actor, declared });
          deps.judged(verdict.status);
          verdicts.push(verdict);
          instances.push(viewOf(name, verdict, request.id));
        }
        const errors = verdicts.flatMap((verdict) => (verdict.status === 'refused' ? [verdict.error] : []));
        const [first] = errors;
        if (first !== undefined && errors.length === verdicts.length) {
          const worst = errors.reduce((most, error) => (error.status > most.status ? error : most), first);
          return reply
            .code(worst.status)
            .type('application/problem+json')
            .send({ ...problemOf(worst, request.id), ...(worst.status < 500 && { instances }) });
        }
        const studies = new Set(instances.flatMap(({ studyUid }) => (studyUid === null ? [] : [studyUid])));
        return reply.code(statusOf(verdicts)).send({ studies: [...studies], instances });
      } catch (thrown) {
        // What is left of the body is read past, so that the answer can be sent on this connection.
        request.raw.resume();
        throw thrown instanceof CareError ? thrown : httpErrors.error('internal', { cause: thrown });
      } finally {
        uploads -= 1;
      }
    },
  );
}
