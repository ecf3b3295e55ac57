// Messages between parent and child over the IPC channel. Both ends validate what they receive, because a child may be broken.
// Tensors and weights lie in the file that they share (shared-file.ts): a message says where.
import { z } from 'zod';
import type { Tensor } from '#kernel/frame.ts';
import { goldenSchema, modelSchema, precisionSchema } from '#models/schema.ts';

const count = z.number().int().nonnegative();
/** Bytes from the start of the shared file. */
const place = z.object({ at: count, bytes: count });
const placedTensor = z.object({ shape: z.array(count).readonly(), at: count });
export type PlacedTensor = z.infer<typeof placedTensor>;

const load = z.object({
  kind: z.literal('load'),
  models: z.array(
    z.object({
      manifest: modelSchema,
      golden: goldenSchema,
      precision: precisionSchema,
      sha256: z.string(),
      format: z.enum(['onnx', 'tfjs']),
      parts: z.array(place).readonly(),
    }),
  ),
  providers: z.array(z.string()).readonly(),
  threads: z.number().int().positive(),
  niceness: z.number().int(),
});
export type PlacedLoad = z.infer<typeof load>;

const run = z.object({ kind: z.literal('run'), id: z.number().int(), modelId: z.string(), input: placedTensor });
export type PlacedRun = z.infer<typeof run>;

export const requestSchema = z.discriminatedUnion('kind', [load, run]);
export type ChildRequest = z.infer<typeof requestSchema>;

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
  outputs: z.record(z.string(), placedTensor),
  /** Of the model that really ran: while another version is being put in place, the caller cannot know. */
  identity: z.object({
    modelVersion: z.string(),
    modelSha256: z.string(),
    precision: precisionSchema,
    provider: z.string(),
  }),
  runMs: z.number(),
});
export type PlacedAnswer = z.infer<typeof answer>;

const fault = z.object({
  kind: z.literal('fault'),
  id: z.number().int(),
  name: z.enum(['failed', 'not-finite', 'bad-input', 'unknown-model']),
  reason: z.string(),
});
export type Fault = z.infer<typeof fault>;

export const reportSchema = z.discriminatedUnion('kind', [loaded, answer, fault]);
export type Report = z.infer<typeof reportSchema>;

/** The same with the values themselves, as the rest of the room sees them. */
export interface LoadRequest extends Omit<PlacedLoad, 'models'> {
  readonly models: readonly (Omit<PlacedLoad['models'][number], 'parts'> & { readonly parts: readonly Uint8Array[] })[];
}

export interface RunRequest extends Omit<PlacedRun, 'input'> {
  readonly input: Tensor;
}

export interface Answer extends Omit<PlacedAnswer, 'outputs'> {
  readonly outputs: Readonly<Record<string, Tensor>>;
}
