// The door for a model's way into service: its figures against the live one, and the step to another stage.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type ModelIdentity, MODEL_STAGES } from '#kernel/model-stage.ts';
import { promotionErrors } from './errors.ts';
import type { ExitVerdict } from './exit.ts';
import { exitNow, known, promote, type PromotionDeps } from './promote.ts';
import { trialReportSchema } from './report.ts';

/** A report of 15 findings on 100,000 films. */
const BODY_LIMIT = 64 * 1024 * 1024;

export interface PromotionDoorDeps {
  readonly promotion: PromotionDeps;
  /** Whose administrators may do it. */
  readonly siteFacility: string;
  /** Lets the live model read in this process; the reason where it cannot, and then what read before goes on. */
  takeOver(live: ModelIdentity, actor: string): Promise<string | undefined>;
  /** How many films a silent model has read, over all facilities. */
  counts(model: ModelIdentity): Promise<Readonly<Record<'assessed' | 'not-assessed' | 'failed', number>>>;
}

const estimate = z.strictObject({ value: z.number(), lower: z.number(), upper: z.number() });
const exitSchema = z
  .strictObject({
    passed: z.boolean(),
    margin: z.number(),
    /** In English, one per demand that is not met. */
    against: z.array(z.string()),
    findings: z.array(
      z.strictObject({
        finding: z.string(),
        source: z.string(),
        n: z.number().int(),
        positives: z.number().int(),
        candidateAuroc: z.number().nullable(),
        liveAuroc: z.number().nullable(),
        difference: z.number().nullable(),
        lower: z.number().nullable(),
        upper: z.number().nullable(),
        notInferior: z.boolean().nullable(),
        slope: estimate.nullable(),
        beyondShare: z.number().nullable(),
        calibrated: z.boolean().nullable(),
      }),
    ),
  })
  .meta({ id: 'ModelExit' });

const exitView = (exit: ExitVerdict) => ({
  ...exit,
  against: [...exit.against],
  findings: exit.findings.map((each) => ({ ...each })),
});

const id = z.strictObject({ id: z.string().min(1).max(100) });
/** Of the model; absent: the one that the files of the model itself describe. */
const version = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .optional();
const margin = z.number().gt(0).lt(0.5);
const untested = z.array(z.string().min(1).max(100)).max(200);

function judgeFacility(facilityId: string, siteFacility: string): void {
  if (facilityId !== siteFacility) throw promotionErrors.error('not-the-site', { field: 'facility' });
}

function exitRoute(plain: FastifyInstance, deps: PromotionDoorDeps): void {
  const app = typed(plain);
  app.post(
    '/v1/models/:id/exit',
    {
      config: { scope: 'models:write' },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['models'],
        operationId: 'computeModelExit',
        summary:
          'Figures of a model against the live one on the confirmed cases, or on the cases of a report; changes nothing',
        params: id,
        body: z.strictObject({
          version,
          margin: margin.optional(),
          untested: untested.optional(),
          report: trialReportSchema.optional(),
        }),
        response: {
          200: z.strictObject({
            exit: exitSchema,
            silentReadings: z.strictObject({
              assessed: z.number().int(),
              'not-assessed': z.number().int(),
              failed: z.number().int(),
            }),
          }),
          ...problemResponses,
        },
      },
    },
    async ({ params, body, identity }) => {
      judgeFacility(identity.facilityId, deps.siteFacility);
      const named = { modelId: params.id, modelVersion: body.version };
      const exit = await exitNow({ ...body, ...named }, deps.promotion);
      const model = known(deps.promotion.models(), named);
      return { exit: exitView(exit), silentReadings: { ...(await deps.counts(model)) } };
    },
  );
}

function stageRoute(plain: FastifyInstance, deps: PromotionDoorDeps): void {
  const app = typed(plain);
  app.post(
    '/v1/models/:id/stage',
    {
      config: { scope: 'models:write' },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['models'],
        operationId: 'stageModel',
        summary: 'Brings a model to another stage; pilot and live need a passed exit and a named approver',
        params: id,
        body: z.strictObject({
          to: z.enum(MODEL_STAGES),
          version,
          approver: z.string().trim().min(1).max(200).optional(),
          /** Why; kept in the audit with the step. */
          reason: z.string().trim().min(1).max(500).optional(),
          margin: margin.optional(),
          /** Findings that the approver lets pass without a test. */
          untested: untested.optional(),
          /** Made by `haidang models trial`; absent: the confirmed cases of this service. */
          report: trialReportSchema.optional(),
        }),
        response: {
          200: z.strictObject({
            id: z.string(),
            version: z.string(),
            stage: z.enum(MODEL_STAGES),
            since: z.string(),
            setBy: z.string(),
            approver: z.string().nullable(),
            exit: exitSchema.nullable(),
            /** `later`: the step is written, but the model could not be put in service here; the one before reads until that succeeds. */
            takesEffect: z.enum(['now', 'later']),
            /** Technical, in English: why later. */
            reason: z.string().nullable(),
          }),
          ...problemResponses,
        },
      },
    },
    async ({ params, body, identity }) => {
      judgeFacility(identity.facilityId, deps.siteFacility);
      const { staged, exit } = await promote(
        { ...body, modelId: params.id, modelVersion: body.version, actor: identity.actor },
        deps.promotion,
      );
      const later = staged.stage === 'live' ? await deps.takeOver(staged, identity.actor) : undefined;
      return {
        id: staged.modelId,
        version: staged.modelVersion,
        stage: staged.stage,
        since: staged.since,
        setBy: staged.setBy,
        approver: staged.approver ?? null,
        exit: exit === undefined ? null : exitView(exit),
        takesEffect: later === undefined ? ('now' as const) : ('later' as const),
        reason: later ?? null,
      };
    },
  );
}

export async function promotionRoutes(app: FastifyInstance, deps: PromotionDoorDeps): Promise<void> {
  exitRoute(app, deps);
  stageRoute(app, deps);
}
