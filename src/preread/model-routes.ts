// The door that tells which imaging models there are, which versions read, and which folders were refused; and that reads a folder again.
import type { FastifyInstance } from 'fastify';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { z } from 'zod';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type ModelIdentity, MODEL_STAGES, type ModelStage } from '#kernel/model-stage.ts';
import type { VersionState } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';

/** What a reload or a promotion did with one version. */
export interface Exchanged {
  readonly modelId: string;
  /** Null where the files do not even tell it. */
  readonly version: string | null;
  readonly outcome: 'loaded' | 'unchanged' | 'refused' | 'removed';
  /** Technical, in English. */
  readonly reason: string | null;
  /** Of the first file of weights. */
  readonly oldSha256: string | null;
  readonly newSha256: string | null;
  readonly calibrationVersion: string | null;
}

/** Who put what in service, for the audit trail; what stayed as it was is no entry. */
export const exchangeEntries = (versions: readonly Exchanged[], actor: string): AuditEntry[] =>
  versions
    .filter(({ outcome }) => outcome !== 'unchanged')
    .map(({ modelId, outcome, ...detail }) => ({
      actor,
      action: `model.${outcome}`,
      subjectType: 'model',
      subjectId: modelId,
      detail,
    }));

export interface ModelDoorDeps {
  /** All that can be used, those in service first. */
  models(): readonly Model[];
  refused(): readonly { readonly folder: string; readonly code: string; readonly reason: string }[];
  /** How far each is on its way into service. */
  stages(): Promise<(model: ModelIdentity) => { readonly stage: ModelStage; readonly since?: string }>;
  /** Undefined: it only lies in the folder. */
  inService(model: Model): VersionState | undefined;
  /** Of the studies that come, 0 to 1. */
  shareOf(model: Model): number;
  readingsOf(model: Model): number;
  memory(): { readonly usedBytes: number; readonly budgetBytes: number | undefined };
  /** Throws CareError `inference.unknown-model`. */
  reload(modelId: string): Promise<readonly Exchanged[]>;
  facility(id: string): Promise<{ readonly audit: { appendAll(entries: readonly AuditEntry[]): Promise<unknown> } }>;
}

const MIB = 1024 * 1024;
const inMib = (bytes: number): number => Math.round(bytes / MIB);

const modelSchema = z
  .strictObject({
    id: z.string(),
    version: z.string(),
    title: sentenceSchema,
    licence: z.string(),
    /** How far it is on its way into service; readings of a silent or a pilot one are not shown. */
    stage: z.enum(MODEL_STAGES),
    /** Null: never written down. */
    stageSince: z.string().nullable(),
    /** `unloaded`: it is loaded when it is asked for. `unused`: another one reads. */
    state: z.enum(['starting', 'ready', 'refused', 'unloaded', 'unused']),
    reason: z.string().nullable(),
    provider: z.string().nullable(),
    precision: z.string().nullable(),
    /** Of the first file of weights. */
    sha256: z.string(),
    /** Of the studies that come, 0 to 1: above 0 and below 1 where two versions read beside each other. */
    share: z.number(),
    /** Studies that it has read since this process started. */
    readings: z.number().int(),
    /** Resident memory of its processes, MiB. */
    memoryMib: z.number().int(),
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

type Staged = Awaited<ReturnType<ModelDoorDeps['stages']>>;

function modelView(model: Model, stageOf: Staged, deps: ModelDoorDeps): ModelView {
  const { manifest, calibration } = model;
  const { stage, since } = stageOf({ modelId: manifest.id, modelVersion: manifest.version });
  const inService = deps.inService(model);
  const state = inService?.state;
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
    sha256: ready?.sha256 ?? manifest.files[0]?.sha256 ?? '',
    share: deps.shareOf(model),
    readings: deps.readingsOf(model),
    memoryMib: inMib(inService?.bytes() ?? 0),
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

const exchangedSchema = z
  .strictObject({
    version: z.string().nullable(),
    outcome: z.enum(['loaded', 'unchanged', 'refused', 'removed']),
    reason: z.string().nullable(),
    oldSha256: z.string().nullable(),
    newSha256: z.string().nullable(),
    calibrationVersion: z.string().nullable(),
  })
  .meta({ id: 'ExchangedModel' });

function listRoute(plain: FastifyInstance, deps: ModelDoorDeps): void {
  typed(plain).get(
    '/v1/models',
    {
      config: { scope: 'models:read' },
      schema: {
        tags: ['models'],
        operationId: 'listModels',
        summary: 'The imaging models, which versions read, their operating points, and the folders that were refused',
        response: {
          200: z.strictObject({
            models: z.array(modelSchema),
            refused: z.array(z.strictObject({ folder: z.string(), code: z.string(), reason: z.string() })),
            /** Resident memory of all models, MiB, and its bound (HAIDANG_MODEL_MEMORY_MIB). */
            memory: z.strictObject({ usedMib: z.number().int(), budgetMib: z.number().int().nullable() }),
          }),
          ...problemResponses,
        },
      },
    },
    async () => {
      const { usedBytes, budgetBytes } = deps.memory();
      const stageOf = await deps.stages();
      return {
        models: deps.models().map((model) => modelView(model, stageOf, deps)),
        refused: deps.refused().map(({ folder, code, reason }) => ({ folder, code, reason })),
        memory: { usedMib: inMib(usedBytes), budgetMib: budgetBytes === undefined ? null : inMib(budgetBytes) },
      };
    },
  );
}

function reloadRoute(plain: FastifyInstance, deps: ModelDoorDeps): void {
  typed(plain).post(
    '/v1/models/:id/reload',
    {
      config: { scope: 'models:write' },
      schema: {
        tags: ['models'],
        operationId: 'reloadModel',
        summary:
          'Reads the folder of a model and the setting of its canary again: versions that reproduce their golden outputs take over without a dropped request, others are refused and change nothing',
        params: z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,64}$/) }),
        response: {
          200: z.strictObject({ model: z.string(), versions: z.array(exchangedSchema) }),
          ...problemResponses,
        },
      },
    },
    async ({ params, identity }) => {
      const versions = await deps.reload(params.id);
      const { audit } = await deps.facility(identity.facilityId);
      await audit.appendAll(exchangeEntries(versions, identity.actor));
      return { model: params.id, versions: versions.map(({ modelId: _model, ...each }) => each) };
    },
  );
}

export async function modelRoutes(app: FastifyInstance, deps: ModelDoorDeps): Promise<void> {
  listRoute(app, deps);
  reloadRoute(app, deps);
}
