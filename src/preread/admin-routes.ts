// What reads here, what was refused at the door, and whether the audit chain is whole.
import type { Refusal } from '#kernel/refusal.ts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import type { ModelState } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';

export interface AdminStore {
  readonly refusals: {
    list(options: { readonly limit: number }): Promise<readonly Refusal[]>;
  };
  readonly audit: {
    verify(options: { readonly expectedHead?: string }): Promise<{
      readonly intact: boolean;
      readonly entries: number;
      readonly head: string;
      readonly faults: readonly { readonly sequence: number; readonly kind: string; readonly subject?: string }[];
    }>;
  };
}

export interface AdminDeps {
  facility(id: string): Promise<AdminStore>;
  /** All that can be used; one of them reads. */
  readonly models: readonly Model[];
  readonly refusedModels: readonly { readonly folder: string; readonly code: string; readonly reason: string }[];
  states(): ReadonlyMap<string, ModelState>;
}

const modelSchema = z
  .strictObject({
    id: z.string(),
    version: z.string(),
    title: sentenceSchema,
    licence: z.string(),
    /** `unused`: another one reads (HAIDANG_CXR_MODEL). */
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
export type ModelView = z.infer<typeof modelSchema>;

function modelView({ manifest, calibration }: Model, state: ModelState | undefined): ModelView {
  const ready = state?.state === 'ready' ? state : undefined;
  return {
    id: manifest.id,
    version: manifest.version,
    title: manifest.title,
    licence: manifest.licence,
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

export async function adminRoutes(plain: FastifyInstance, deps: AdminDeps): Promise<void> {
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
    () => {
      const states = deps.states();
      return {
        models: deps.models.map((model) => modelView(model, states.get(model.manifest.id))),
        refused: deps.refusedModels.map(({ folder, code, reason }) => ({ folder, code, reason })),
      };
    },
  );

  app.get(
    '/v1/refusals',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags: ['admin'],
        operationId: 'listRefusals',
        summary: 'What was refused at the door, newest first: the reason and the hash, never the content',
        querystring: z.strictObject({ limit: queryNumber(1, 1000).default(100) }),
        response: {
          200: z.array(
            z.strictObject({
              code: z.string(),
              field: z.string().nullable(),
              reason: z.string(),
              sha256: z.string().nullable(),
              at: z.string(),
            }),
          ),
          ...problemResponses,
        },
      },
    },
    async ({ query, identity }) => {
      const { refusals } = await deps.facility(identity.facilityId);
      return (await refusals.list({ limit: query.limit })).map(({ code, field, reason, sha256, at }) => ({
        code,
        field: field ?? null,
        reason,
        sha256: sha256 ?? null,
        at,
      }));
    },
  );

  app.get(
    '/v1/audit/verify',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags: ['admin'],
        operationId: 'verifyAudit',
        summary: 'Walks the audit chain and says where it was edited',
        querystring: z.strictObject({
          expectedHead: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
        }),
        response: {
          200: z.strictObject({
            intact: z.boolean(),
            entries: z.number().int(),
            head: z.string(),
            faults: z.array(
              z.strictObject({ sequence: z.number().int(), kind: z.string(), subject: z.string().nullable() }),
            ),
          }),
          ...problemResponses,
        },
      },
    },
    async ({ query, identity }) => {
      const { audit } = await deps.facility(identity.facilityId);
      const { expectedHead } = query;
      const verdict = await audit.verify(expectedHead === undefined ? {} : { expectedHead });
      return {
        intact: verdict.intact,
        entries: verdict.entries,
        head: verdict.head,
        faults: verdict.faults.map(({ sequence, kind, subject }) => ({ sequence, kind, subject: subject ?? null })),
      };
    },
  );
}
