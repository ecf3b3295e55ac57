// The schema of models/<id>/model.json and calibration.json: everything about a model that is not code. A folder that does not fit is refused.
import { z } from 'zod';
import { preprocessingStep } from '#tensor/steps.ts';

const sentence = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const positive = z.number().int().positive();

export const precisionSchema = z.enum(['fp32', 'fp16', 'int8']);
export type Precision = z.infer<typeof precisionSchema>;

const head = z.strictObject({
  /** The NIH name, `paediatric-pneumonia`, `tuberculosis` or `any-abnormality`. */
  code: z.string().min(1),
  title: sentence,
  /** Worklist urgency of a positive finding. */
  priority: z.enum(['critical', 'urgent', 'routine']),
  /** Ages (years) for which the head was trained; outside it is not reported. Absent: any age that the gate lets through. */
  ageYears: z.strictObject({ minimum: z.number(), maximum: z.number() }).optional(),
  /** Shown as a finding of its own, or only used for the order of the worklist. */
  explains: z.boolean(),
});

const pixelGate = z.strictObject({
  /** Name of the graph output that holds the gate's logits, one per class. */
  output: z.string(),
  /** Class 0 must be `chest`; each other class names its refusal, for example `lateral`, `rotated-90`, `inverted`, `not-chest`. */
  classes: z.array(z.string()).min(2),
  /** Refuse when the probability of `chest` is below this. */
  minimumChestProbability: z.number().min(0).max(1),
});

const distanceGate = z.strictObject({
  /** Name of the graph output that holds the distance of the embedding from the training films. */
  output: z.string(),
  /** Refuse above this: the film is unlike everything that the model was trained on. */
  maximum: z.number().positive(),
});

export const modelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string().regex(/^[0-9]+$/),
  kind: z.literal('cxr-classifier'),
  title: sentence,
  licence: z.string(),
  /** The service takes the one that its configuration names. Paths are relative to the model's folder. */
  files: z.array(z.strictObject({ precision: precisionSchema, file: z.string(), sha256, bytes: positive })).min(1),
  input: z.strictObject({ name: z.string(), channels: positive, rows: positive, columns: positive }),
  preprocessing: z.array(preprocessingStep).min(1),
  outputs: z.strictObject({
    logits: z.string(),
    embedding: z.string(),
    embeddingSize: positive,
    /** Class maps, one per head: batch × heads × rows × columns; their spatial mean plus bias is the logit. */
    maps: z.string(),
    /**
     * Absent: the graph gives the maps. Otherwise it gives none, and they are measured: `occlusion` hides one part of the picture after the
     * other, `rise` random parts.
     */
    mapsBy: z.enum(['occlusion', 'rise']).optional(),
    mapRows: positive,
    mapColumns: positive,
  }),
  heads: z.array(head).min(1),
  gate: z.strictObject({
    modalities: z.array(z.string()),
    bodyParts: z.array(z.string()),
    views: z.array(z.string()),
    ageYears: z.strictObject({ minimum: z.number(), maximum: z.number() }),
    minimumColumns: positive,
    minimumRows: positive,
    /** Raw detector values (FOR PROCESSING) are read where nothing better is in the study. Absent: they are not. */
    forProcessing: z.literal(true).optional(),
    pixels: pixelGate.optional(),
    distance: distanceGate.optional(),
  }),
  /** When a study is ready for this model. Absent: a fifth of a second after its last image. */
  completeness: z
    .strictObject({
      quietMs: z.number().int().min(0).max(3_600_000),
      maximumWaitMs: z.number().int().min(0).max(86_400_000),
      /** Groups of view positions, of each of which one is waited for. */
      expectedViews: z.array(z.array(z.string().regex(/^[A-Z0-9]+$/)).min(1)).default([]),
    })
    .optional(),
  /** Heatmaps with a faithfulness score below this are hidden and the reading says so. */
  minimumFaithfulness: z.number(),
});
export type ModelManifest = z.infer<typeof modelSchema>;

/** Logit → probability, and the two operating points between which the outcome is `indeterminate`. */
const headCalibration = z.strictObject({
  code: z.string(),
  /** probability = 1 / (1 + exp(-(slope × logit + intercept))); temperature scaling has intercept 0. */
  slope: z.number(),
  intercept: z.number(),
  /** Absent: a line. Present: the logit first becomes the log odds of this rising curve, straight between its knots (isotonic regression). */
  curve: z
    .strictObject({ logits: z.array(z.number()).min(2), probabilities: z.array(z.number().gt(0).lt(1)).min(2) })
    .optional(),
  /** Logits outside this range were not seen in calibration. */
  logitRange: z.strictObject({ minimum: z.number(), maximum: z.number() }),
  positiveFrom: z.number().min(0).max(1),
  negativeTo: z.number().min(0).max(1),
  /** The probabilities hold where this share of the population has the finding; a site can declare its own. */
  prevalence: z.strictObject({
    value: z.number().gt(0).lt(1),
    population: sentence,
    /** The publication, or the site's own setting. */
    source: z.string().min(1),
  }),
  fittedOn: z.strictObject({ dataset: z.string(), split: z.string(), n: positive, positives: positive }),
});

export const calibrationSchema = z.strictObject({
  /** Names the fit; written into every result. */
  version: z.string(),
  modelId: z.string(),
  modelVersion: z.string(),
  method: z.string(),
  /** Stated error rate of the conformal sets: at most this share of positives is called negative, and the reverse. */
  errorRate: z.number().min(0).max(0.5),
  heads: z.array(headCalibration).min(1),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** How far a head's logit moves between two films of one person whose finding did not change. Absent: no change is ever claimed. */
export const repeatabilitySchema = z.strictObject({
  modelId: z.string(),
  modelVersion: z.string(),
  method: z.string(),
  /** Share of such pairs whose logits differ by no more than `logitDifference`. */
  coverage: z.number().gt(0.5).lt(1),
  measuredOn: z.strictObject({ dataset: z.string(), split: z.string() }),
  heads: z
    .array(
      z.strictObject({
        code: z.string(),
        logitDifference: z.number().positive(),
        pairs: positive,
        patients: positive,
      }),
    )
    .min(1),
});
export type Repeatability = z.infer<typeof repeatabilitySchema>;

/** How alike two films must be before one is offered as a similar case of the other. Absent: it was not measured, and readers are told so. */
export const similaritySchema = z.strictObject({
  modelId: z.string(),
  modelVersion: z.string(),
  method: z.string(),
  /** Cosine of two embeddings below which no case is offered. */
  minimum: z.number().min(-1).max(1),
  /** Share of pairs of unlike films that lie below `minimum`. */
  quantile: z.number().gt(0).lt(1),
  measuredOn: z.strictObject({
    dataset: z.string(),
    split: z.string(),
    films: positive,
    patients: positive,
    unlikePairs: positive,
  }),
  /** Share of pairs that have a finding in common, or none of either: at and above `minimum`, with its 95 % interval, and of all pairs (chance). */
  alike: z.strictObject({
    value: z.number().min(0).max(1),
    lower: z.number().min(0).max(1),
    upper: z.number().min(0).max(1),
    chance: z.number().min(0).max(1),
  }),
});
export type Similarity = z.infer<typeof similaritySchema>;

/** Golden outputs: a picture made by arithmetic (no file needed) and what the graph must answer. */
export const goldenSchema = z.strictObject({
  /** Absolute tolerance on each output value, per precision. */
  tolerance: z.strictObject({ fp32: z.number(), fp16: z.number(), int8: z.number() }),
  cases: z
    .array(
      z.strictObject({
        /** gray(row, column) = 0.5 + 0.5 × sin(a × row + b × column), rows × columns. */
        picture: z.strictObject({ rows: positive, columns: positive, a: z.number(), b: z.number() }),
        /** SHA-256 over the tensor's values rounded to 1e-3 steps as little-endian int32. */
        tensorSha256: sha256.optional(),
        tensorMean: z.number(),
        tensorFirst: z.array(z.number()),
        logits: z.array(z.number()),
        embeddingFirst: z.array(z.number()),
      }),
    )
    .min(1),
});
export type Golden = z.infer<typeof goldenSchema>;
