// The door for what a clinician says of single findings: there, not there, or missed by the model. It feeds figures and similar cases; it
// never changes the model's own reading.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Opinion, OpinionOf } from '#kernel/opinion.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { prereadErrors } from '#preread/errors.ts';
import { studyParams } from '#preread/schema.ts';

export interface OpinionStore {
  readonly opinions: {
    ofStudy(studyUid: string): Promise<readonly Opinion[]>;
    say(opinion: OpinionOf & Pick<Opinion, 'present'>): Promise<void>;
    takeBack(opinion: OpinionOf): Promise<void>;
  };
}

export interface OpinionDeps {
  /** A word about a finding that no model knows would be counted nowhere. */
  isFinding(code: string): boolean;
  facility(id: string): Promise<OpinionStore>;
}

const opinionSchema = z
  .strictObject({ findingCode: z.string(), present: z.boolean(), saidBy: z.string(), at: z.string() })
  .meta({ id: 'Opinion' });

const opinionParams = z.strictObject({ ...studyParams.shape, finding: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

export async function opinionRoutes(plain: FastifyInstance, deps: OpinionDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['studies'];
  const writes = { scope: 'alerts:write' } as const;
  const done = { 204: z.null().describe('Done'), ...problemResponses };

  function known(code: string): string {
    if (!deps.isFinding(code)) throw prereadErrors.error('unknown-finding', { field: 'finding' });
    return code;
  }

  app.get(
    '/v1/studies/:uid/opinions',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags,
        operationId: 'getOpinions',
        summary: 'What people said of the findings of a study, in answer to an alert or on the film',
        params: studyParams,
        response: { 200: z.array(opinionSchema), ...problemResponses },
      },
    },
    async ({ params, identity }) => {
      const { opinions } = await deps.facility(identity.facilityId);
      return [...(await opinions.ofStudy(params.uid))];
    },
  );

  app.put(
    '/v1/studies/:uid/opinions/:finding',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'sayOpinion',
        summary: 'A clinician says that a finding is there, or is not; the newest word counts',
        params: opinionParams,
        body: z.strictObject({ present: z.boolean() }),
        response: done,
      },
    },
    async ({ params, body, identity }, reply) => {
      const { opinions } = await deps.facility(identity.facilityId);
      const findingCode = known(params.finding);
      await opinions.say({ studyUid: params.uid, findingCode, present: body.present, actor: identity.actor });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/v1/studies/:uid/opinions/:finding',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'takeBackOpinion',
        summary: 'A clinician takes the word back',
        params: opinionParams,
        response: done,
      },
    },
    async ({ params, identity }, reply) => {
      const { opinions } = await deps.facility(identity.facilityId);
      await opinions.takeBack({ studyUid: params.uid, findingCode: known(params.finding), actor: identity.actor });
      return reply.code(204).send(null);
    },
  );
}
