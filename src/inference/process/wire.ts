// What parent and child say to each other over the IPC channel; both ends check what they hear, for a child can be a broken one.
import { z } from 'zod';
import { goldenSchema, modelSchema, precisionSchema } from '#models/schema.ts';

const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const tensor = z.object({ shape: z.array(z.number().int().nonnegative()).readonly(), data: float32 });

const load = z.object({
  kind: z.literal('load'),
  models: z.array(
    z.object({
      manifest: modelSchema,
      golden: goldenSchema,
      precision: precisionSchema,
      sha256: z.string(),
      format: z.enum(['onnx', 'tfjs']),
      parts: z.array(bytes).readonly(),
    }),
  ),
  providers: z.array(z.string()).readonly(),
  threads: z.number().int().positive(),
  niceness: z.number().int(),
});
export type LoadOrder = z.infer<typeof load>;

const run = z.object({ kind: z.literal('run'), id: z.number().int(), modelId: z.string(), input: tensor });
export type RunOrder = z.infer<typeof run>;

export const orderSchema = z.discriminatedUnion('kind', [load, run]);
export type Order = z.infer<typeof orderSchema>;

const loadedModel = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('ready'),
    modelId: z.string(),
    provider: z.string(),
    passedOver: z.array(z.object({ provider: z.string(), reason: z.string() })).readonly(),
    golden: z.object({ cases: z.number(), largestDifference: z.number(), tolerance: z.number() }),
  }),
  z.object({ outcome: z.literal('refused'), modelId: z.string(), code: z.string(), reason: z.string() }),
]);
export type LoadedModel = z.infer<typeof loadedModel>;

const loaded = z.object({ kind: z.literal('loaded'), models: z.array(loadedModel) });

const answer = z.object({
  kind: z.literal('answer'),
  id: z.number().int(),
  outputs: z.record(z.string(), tensor),
  /** Of the model that really ran: while another version is being put in place, the caller cannot know. */
  identity: z.object({
    modelVersion: z.string(),
    modelSha256: z.string(),
    precision: precisionSchema,
    provider: z.string(),
  }),
  runMs: z.number(),
});
export type Answer = z.infer<typeof answer>;

const fault = z.object({
  kind: z.literal('fault'),
  id: z.number().int(),
  name: z.enum(['failed', 'not-finite', 'bad-input', 'unknown-model']),
  reason: z.string(),
});
export type Fault = z.infer<typeof fault>;

export const reportSchema = z.discriminatedUnion('kind', [loaded, answer, fault]);
export type Report = z.infer<typeof reportSchema>;
