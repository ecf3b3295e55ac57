// Backup, scrub and replay of a service that runs: the embedded database has one owner, so the command asks the owner. For administrators only.
import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { replayedSchema } from '#preread/replay/schema.ts';
import type { Store } from '#store/store.ts';
import type { Replay } from './replay.ts';

export interface UpkeepRoutesDeps {
  readonly store: Pick<Store, 'backup' | 'verify'>;
  readonly version: string;
  readonly replay: Replay;
  readonly fault: (event: string, thrown: unknown) => void;
}

const verified = z.strictObject({
  blobs: z.number().int(),
  missing: z.array(z.string()),
  damaged: z.array(z.string()),
});

export async function upkeepRoutes(plain: FastifyInstance, deps: UpkeepRoutesDeps): Promise<void> {
  const { store, version, fault, replay } = deps;
  const app = typed(plain);
  const config = { scope: 'admin:write' as const };
  const tags = ['admin'];
  app.post(
    '/v1/admin/backup',
    {
      config,
      schema: {
        tags,
        operationId: 'backup',
        summary: 'Everything that is stored, as one file for `haidang restore`; it holds patients’ data',
        response: {
          200: {
            description: 'A backup; cut off where it failed half-way',
            content: {
              'application/gzip': { schema: z.instanceof(PassThrough).meta({ type: 'string', format: 'binary' }) },
            },
          },
          ...problemResponses,
        },
      },
    },
    async (_request, reply) => {
      const out = new PassThrough();
      store.backup(out, version).catch((thrown: unknown) => {
        fault('backup not finished', thrown);
        out.destroy(thrown instanceof Error ? thrown : undefined);
      });
      return reply.type('application/gzip').send(out);
    },
  );
  app.post(
    '/v1/admin/verify',
    {
      config,
      schema: {
        tags,
        operationId: 'verifyFiles',
        summary: 'Compares every stored file with its hash',
        response: { 200: verified, ...problemResponses },
      },
    },
    async () => {
      const { blobs, missing, damaged } = await store.verify();
      return { blobs, missing: [...missing], damaged: [...damaged] };
    },
  );
  app.post(
    '/v1/admin/replay/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'replayReading',
        summary: 'Computes a reading (or a study’s current one) again from the stored bytes and says what differs',
        params: z.strictObject({ id: z.string().max(64) }),
        response: { 200: replayedSchema, ...problemResponses },
      },
    },
    async ({ params, identity }) => replay(identity.facilityId, params.id),
  );
}
