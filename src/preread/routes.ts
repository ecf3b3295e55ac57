// The door for what was read: a study with its pre-read, heatmaps and films as PNG, and the marks that a clinician sets.
import type { HospitalOrder } from '#kernel/hospital-order.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { sha256Hex } from '#kernel/ids.ts';
import { problemResponses } from '#http/problem.ts';
import { readingSchema, readingView } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { prereadErrors } from './errors.ts';
import type { Pictures } from '#preread/read/film-images.ts';
import type { BlobRef } from '#kernel/blob.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import { heatmapParams, idParams, imageParams, imageQuery, pixelsQuery, studyParams, studySchema } from './schema.ts';
import { type ReadingRevision, type StudyParts, studyView } from './views.ts';

export interface ReadingDoorStore {
  readonly intake: {
    study(studyUid: string): Promise<StoredStudy | undefined>;
    instance(sopInstanceUid: string): Promise<{ readonly blob: BlobRef } | undefined>;
    opened(studyUid: string, actor: string): Promise<void>;
    closed(studyUid: string, actor: string): Promise<void>;
    reopened(studyUid: string, actor: string): Promise<void>;
    requestReading(studyUid: string, actor: string): Promise<string>;
  };
  readonly readings: {
    get(id: string): Promise<ReadingRevision | undefined>;
    ofStudy(studyUid: string): Promise<readonly ReadingRevision[]>;
    /** A person looks at the study: its maps are checked sooner. */
    wantMaps(studyUid: string): Promise<void>;
    heatmap(readingId: string, findingCode: string): Promise<{ readonly blob: BlobRef } | undefined>;
  };
  readonly worklist: {
    one(studyUid: string): Promise<
      | {
          readonly study: StoredStudy;
          readonly reading?: ReadingRevision;
          readonly job?: NonNullable<StudyParts['job']>;
          readonly openAlertIds: readonly string[];
          readonly order?: HospitalOrder;
        }
      | undefined
    >;
  };
}

export interface ReadingDoorDeps {
  facility(id: string): Promise<ReadingDoorStore>;
  readonly blobs: { get(sha256: string): Promise<Buffer> };
  readonly pictures: Pick<Pictures, 'film' | 'pixels'>;
}

const BINARY = z.instanceof(Buffer).meta({ type: 'string', format: 'binary' });
const PNG = { 'image/png': { schema: BINARY } };
const pngResponses = { 200: { description: 'PNG', content: PNG }, ...problemResponses };

/** The content never changes under its address, but a patient's film stays out of shared caches. */
const sendPng = (reply: FastifyReply, png: Buffer) =>
  reply
    .header('cache-control', 'private, max-age=86400, immutable')
    .header('etag', `"${sha256Hex(png).slice(0, 32)}"`)
    .type('image/png')
    .send(png);

function studyRoutes(plain: FastifyInstance, deps: ReadingDoorDeps): void {
  const app = typed(plain);
  const config = { scope: 'readings:read' } as const;
  const tags = ['studies'];

  app.get(
    '/v1/studies/:uid',
    {
      config,
      schema: {
        tags,
        operationId: 'getStudy',
        summary: 'A study with its current pre-read, or where its reading stands',
        params: studyParams,
        response: { 200: studySchema, ...problemResponses },
      },
    },
    async ({ params, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const found = await store.worklist.one(params.uid);
      if (found === undefined) throw prereadErrors.error('no-such-study', { field: 'uid' });
      const { study, reading, job, openAlertIds, order } = found;
      return studyView(study, { reading, job, alertIds: openAlertIds, order });
    },
  );

  app.get(
    '/v1/studies/:uid/readings',
    {
      config,
      schema: {
        tags,
        operationId: 'getReadingsOfStudy',
        summary: 'All readings of a study, newest first, the superseded too',
        params: studyParams,
        response: { 200: z.array(readingSchema), ...problemResponses },
      },
    },
    async ({ params, identity }) => {
      const store = await deps.facility(identity.facilityId);
      return (await store.readings.ofStudy(params.uid)).map(readingView);
    },
  );
}

/** What a clinician does about a study. */
function markRoutes(plain: FastifyInstance, deps: ReadingDoorDeps): void {
  const app = typed(plain);
  const tags = ['studies'];
  const noContent = { 204: z.null().describe('Done'), ...problemResponses };

  const scopeOf = {
    opened: 'alerts:acknowledge',
    closed: 'alerts:write',
    reopened: 'alerts:write',
    reread: 'studies:write',
  } as const;
  for (const [action, operationId, summary] of [
    ['opened', 'markOpened', 'A clinician has opened the study'],
    ['closed', 'closeStudy', 'A clinician has finished with the study: it leaves the worklist'],
    ['reopened', 'reopenStudy', 'A clinician takes the study back into the worklist'],
    ['reread', 'requestReading', 'Read the study again'],
  ] as const) {
    app.post(
      `/v1/studies/:uid/${action}`,
      {
        config: { scope: scopeOf[action] },
        schema: { tags, operationId, summary, params: studyParams, response: noContent },
      },
      async ({ params, identity }, reply) => {
        const { intake, readings } = await deps.facility(identity.facilityId);
        if (action === 'reread') await intake.requestReading(params.uid, identity.actor);
        else await intake[action](params.uid, identity.actor);
        if (action === 'opened') await readings.wantMaps(params.uid);
        return reply.code(204).send(null);
      },
    );
  }
}

function resultRoutes(plain: FastifyInstance, deps: ReadingDoorDeps): void {
  const app = typed(plain);
  const config = { scope: 'readings:read' } as const;
  const tags = ['studies'];

  app.get(
    '/v1/readings/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getReading',
        summary: 'One reading with its provenance',
        params: idParams,
        response: { 200: readingSchema, ...problemResponses },
      },
    },
    async ({ params, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const reading = await store.readings.get(params.id);
      if (reading === undefined) throw prereadErrors.error('no-such-reading', { field: 'id' });
      return readingView(reading);
    },
  );

  app.get(
    '/v1/readings/:id/heatmaps/:finding',
    {
      config,
      schema: {
        tags,
        operationId: 'getHeatmap',
        summary: 'Where the film speaks for a finding: a transparent PNG that covers the whole film',
        params: heatmapParams,
        response: pngResponses,
      },
    },
    async ({ params, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const row = await store.readings.heatmap(params.id, params.finding);
      if (row === undefined) throw prereadErrors.error('no-heatmap', { field: 'finding' });
      return sendPng(reply, await deps.blobs.get(row.blob.sha256));
    },
  );
}

function imageRoutes(plain: FastifyInstance, deps: ReadingDoorDeps): void {
  const app = typed(plain);
  const config = { scope: 'readings:read' } as const;
  const tags = ['studies'];

  app.get(
    '/v1/images/:uid',
    {
      config,
      schema: {
        tags,
        operationId: 'getImage',
        summary: 'The film as a person looks at it: 8-bit gray PNG, at most `size` pixels on its longer side',
        params: imageParams,
        querystring: imageQuery,
        response: pngResponses,
      },
    },
    async ({ params, query, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const instance = await store.intake.instance(params.uid);
      if (instance === undefined) throw prereadErrors.error('no-such-image', { field: 'uid' });
      const film = await deps.pictures.film(await deps.blobs.get(instance.blob.sha256), query.size);
      return sendPng(reply, Buffer.from(film.png));
    },
  );

  app.get(
    '/v1/images/:uid/pixels',
    {
      config,
      schema: {
        tags,
        operationId: 'getPixels',
        summary:
          'The stored values of a film, unchanged, for a viewer that windows by itself: uint32 length of a JSON header, the header, a table of 8-bit brightness, then uint16 values (little-endian)',
        params: imageParams,
        querystring: pixelsQuery,
        response: {
          200: { description: 'Values', content: { 'application/octet-stream': { schema: BINARY } } },
          ...problemResponses,
        },
      },
    },
    async ({ params, query, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const instance = await store.intake.instance(params.uid);
      if (instance === undefined) throw prereadErrors.error('no-such-image', { field: 'uid' });
      const body = await deps.pictures.pixels(await deps.blobs.get(instance.blob.sha256), query.frame);
      return reply
        .header('cache-control', 'private, max-age=86400, immutable')
        .type('application/octet-stream')
        .send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    },
  );
}

export async function readingRoutes(app: FastifyInstance, deps: ReadingDoorDeps): Promise<void> {
  studyRoutes(app, deps);
  markRoutes(app, deps);
  resultRoutes(app, deps);
  imageRoutes(app, deps);
}
