// The door that tells which imaging models there are, which one reads, and which folders were refused.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type ModelIdentity, MODEL_STAGES, type ModelStage } from '#kernel/model-stage.ts';
import type { ModelState } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';

export interface ModelDoorDeps {
  /** All that can be used; one of them reads. */
  readonly models: readonly Model[];
  readonly refusedModels: readonly { readonly folder: string; readonly code: string; readonly reason: string }[];
  states(): ReadonlyMap<string, ModelState>;
  /** How far each is on its way into service. */
  stages(): Promise<(model: ModelIdentity) => { readonly stage: ModelStage; readonly since?: string }>;
}

const modelSchema = z
  .strictObject({
    id: z.string(),
    version: z.string(),
    title: sentenceSchema,
    licence: z.string(),
    /** How far it is on its way into service; of a silent or a pilot one nobody sees a reading. */
    stage: z.enum(MODEL_STAGES),
    /** Null: never written down. */
    stageSince: z.string().nullable(),
    /** `unused`: another one reads. */
    state: z.enum(['starting', 'ready', 'refused', 'unused']),
    reason: z.string().nullable(),
    provider: z.string().nullable(),
    precision: z.string().nullable(),
    calibration: z.strictObject({ version: z.string(), method: z.string(), errorRate: z.number() }),
    heads: z.array(
      z.strictObject({
        code: z.string(),
        title: sentenceSchema,
        priority: z.string(),
        ageYears: z.strictObject({ minimum: z.number(), maximum: z.number() }).nullable(),
        explains: z.boolean(),
        /** From this probability on it is positive, up to that one negative, in between indeterminate. */
        positiveFrom: z.number(),
        negativeTo: z.number(),
        /** The probability holds where `value` of the `population` has the finding. */
        prevalence: z.strictObject({ value: z.number(), population: sentenceSchema, source: z.string() }).nullable(),
      }),
    ),
    gate: z.strictObject({
      modalities: z.array(z.string()),
      bodyParts: z.array(z.string()),
      views: z.array(z.string()),
      ageYears: z.strictObject({ minimum: z.number(), maximum: z.number() }),
    }),
  })
  .meta({ id: 'Model' });
type ModelView = z.infer<typeof modelSchema>;

function modelView(
  { manifest, calibration }: Model,
  state: ModelState | undefined,
  { stage, since }: { readonly stage: ModelStage; readonly since?: string },
): ModelView {
  const ready = state?.state === 'ready' ? state : undefined;
  return {
    id: manifest.id,
    version: manifest.version,
    title: manifest.title,
    licence: manifest.licence,
    stage,
    stageSince: since ?? null,
    state: state?.state ?? 'unused',
    reason: state?.state === 'refused' ? state.reason : null,
    provider: ready?.provider ?? null,
    precision: ready?.precision ?? null,
    calibration: { version: calibration.version, method: calibration.method, errorRate: calibration.errorRate },
    heads: manifest.heads.map(({ code, title, priority, ageYears, explains }) => {
      const points = calibration.heads.find((head) => head.code === code);
      return {
        code,
        title,
        priority,
        ageYears: ageYears ?? null,
        explains,
        positiveFrom: points?.positiveFrom ?? 1,
        negativeTo: points?.negativeTo ?? 0,
        prevalence: points?.prevalence ?? null,
      };
    }),
    gate: {
      modalities: [...manifest.gate.modalities],
      bodyParts: [...manifest.gate.bodyParts],
      views: [...manifest.gate.views],
      ageYears: manifest.gate.ageYears,
    },
  };
}

export async function modelRoutes(plain: FastifyInstance, deps: ModelDoorDeps): Promise<void> {
  const app = typed(plain);

  app.get(
    '/v1/models',
    {
      config: { scope: 'models:read' },
      schema: {
        tags: ['models'],
        operationId: 'listModels',
        summary: 'The imaging models, which one reads, their operating points, and the folders that were refused',
        response: {
          200: z.strictObject({
            models: z.array(modelSchema),
            refused: z.array(z.strictObject({ folder: z.string(), code: z.string(), reason: z.string() })),
          }),
          ...problemResponses,
        },
      },
    },
    async () => {
      const states = deps.states();
      const stageOf = await deps.stages();
      return {
        models: deps.models.map((model) =>
          modelView(
            model,
            states.get(model.manifest.id),
            stageOf({ modelId: model.manifest.id, modelVersion: model.manifest.version }),
          ),
        ),
        refused: deps.refusedModels.map(({ folder, code, reason }) => ({ folder, code, reason })),
      };
    },
  );
}
