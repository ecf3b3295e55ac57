// The door for cohorts: persons as a stream of lines, answered while they come.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { typed } from '#http/server.ts';
import type { RiskRoom } from '#risk/assess/assess-patient.ts';
import { riskErrors } from '#risk/errors.ts';
import { cohortQuery } from '#risk/schema.ts';
import { answerNdjson } from './ndjson.ts';

export function cohortRoutes(plain: FastifyInstance, { room }: { readonly room: RiskRoom }): void {
  const app = typed(plain);
  // The stream itself is the body: it is read as it comes, never held whole.
  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));

  app.post(
    '/v1/risk/cohort',
    {
      config: { scope: 'risk:assess' },
      // The stream is never held whole, so its length needs no bound.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      schema: {
        tags: ['risk'],
        operationId: 'assessCohort',
        summary:
          'A cohort as NDJSON, in and out as a stream: {"id"?, "inputs"} per line; read the answer while sending',
        querystring: cohortQuery,
        consumes: ['application/x-ndjson'],
      },
    },
    async ({ body, query }, reply) => {
      const served = room.library.equations.get(query.equation);
      if (served === undefined) throw riskErrors.error('unknown-equation', { field: 'equation' });
      if (!(body instanceof Readable)) throw riskErrors.error('bad-row', { field: 'Content-Type' });
      const { firstRow = 1 } = query;
      const lines = answerNdjson(body, { served, registry: room.registry, firstRow });
      return reply
        .type('application/x-ndjson')
        .send(Readable.from(lines, { objectMode: false, highWaterMark: 256 * 1024 }));
    },
  );
}
