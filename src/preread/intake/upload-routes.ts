// The door for images: each file of the body is judged and stored or refused, and the answer tells of each.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpErrors } from '#http/errors.ts';
import { mediaType, readParts } from '#http/multipart.ts';
import type { StreamedBody } from '#http/openapi.ts';
import { problemOf, problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { createUploads, type Upload, type Uploads, wholeBody } from '#http/uploads.ts';
import { type InstanceVerdictView, uploadQuery, uploadAnswer, uploadProblem } from '#preread/schema.ts';
import type { InstanceVerdict } from '#kernel/acceptance.ts';
import type { Declared } from '#preread/choose/candidate-images.ts';

export interface UploadDeps {
  readonly maxInstanceBytes: number;
  take(
    bytes: Buffer | undefined,
    from: {
      readonly facilityId: string;
      readonly actor: string;
      readonly declared: Declared;
      readonly isWhole: boolean;
    },
  ): Promise<InstanceVerdict>;
  /** The study is whole: it is read without waiting for more images. */
  startNow(studyUid: string, facilityId: string): Promise<void>;
  judged(verdict: InstanceVerdict['status']): void;
}

/** A morning of a hospital in one request is a mistake; a chest study has two images, a CT a thousand. */
const MAX_PARTS = 2000;

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

async function* filesOf(request: FastifyRequest, body: Upload['body'], maxBytes: number): AsyncGenerator<NamedFile> {
  const type = request.headers['content-type'];
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

interface Taken {
  readonly name: string;
  readonly verdict: InstanceVerdict;
}

/** One file after the other. Throws CareError for the body as a whole; whatever was stored before stays stored. */
async function takeAll(
  request: FastifyRequest,
  { declared, isWhole }: { readonly declared: Declared; readonly isWhole: boolean },
  { uploads, ...deps }: UploadDeps & { readonly uploads: Uploads },
): Promise<Taken[]> {
  const { facilityId, actor } = request.identity;
  return uploads.take(request, async ({ body, judge }) => {
    const taken: Taken[] = [];
    for await (const { name, bytes } of filesOf(request, body, deps.maxInstanceBytes)) {
      const verdict = await judge(() => deps.take(bytes, { facilityId, actor, declared, isWhole }));
      deps.judged(verdict.status);
      taken.push({ name, verdict });
    }
    return taken;
  });
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
  const uploads = createUploads(deps.maxInstanceBytes);

  app.post(
    '/v1/studies',
    {
      config: { scope: 'studies:write' },
      schema: {
        tags: ['studies'],
        operationId: 'uploadStudies',
        summary: 'Send images: DICOM (multipart/form-data, multipart/related or application/dicom), PNG or JPEG',
        description:
          'Answered after commit. An image is known by its SOP Instance UID. Sent again with the same pixels, in whatever wrapping, it is a duplicate; the study and what was concluded from it follow its corrected tags. Other pixels are a conflict.',
        consumes: ['multipart/form-data', 'multipart/related', ...SINGLE],
        querystring: uploadQuery,
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
      const { ageYears, sex, view, whole } = request.query;
      const declared: Declared = {
        ...(ageYears !== undefined && { ageYears }),
        ...(sex !== undefined && { sex }),
        ...(view !== undefined && { view }),
      };
      // One file by itself needs no second transaction to be read at once.
      const isWhole = whole !== undefined && !MULTIPART.test(mediaType(request.headers['content-type']));
      const taken = await takeAll(request, { declared, isWhole }, { ...deps, uploads });
      const errors = taken.flatMap(({ verdict }) => (verdict.status === 'refused' ? [verdict.error] : []));
      const instances = taken.map(({ name, verdict }) => viewOf(name, verdict, request.id));
      const [first] = errors;
      if (first !== undefined && errors.length === taken.length) {
        const worst = errors.reduce((most, error) => (error.status > most.status ? error : most), first);
        if (worst.retryAfterSeconds !== undefined) reply.header('retry-after', String(worst.retryAfterSeconds));
        return reply
          .code(worst.status)
          .type('application/problem+json')
          .send({ ...problemOf(worst, request.id), ...(worst.status < 500 && { instances }) });
      }
      const studies = new Set(instances.flatMap(({ studyUid }) => studyUid ?? []));
      const isStarted = isWhole && taken.every(({ verdict }) => verdict.status === 'stored');
      if (whole !== undefined && !isStarted)
        for (const studyUid of studies) await deps.startNow(studyUid, request.identity.facilityId);
      return reply.code(statusOf(taken.map(({ verdict }) => verdict))).send({ studies: [...studies], instances });
    },
  );
}
