// The steps of preprocessing that a model may declare; the tensor room executes exactly these.
import { z } from 'zod';

const positive = z.number().int().positive();

/** One step of preprocessing, run in the order written; the tensor room executes exactly these. */
export const preprocessingStep = z.discriminatedUnion('step', [
  // Separable triangle filter with antialiasing, as Pillow's BILINEAR in mode F: `squeeze` ignores the aspect ratio.
  z.strictObject({ step: z.literal('resize'), columns: positive, rows: positive, fit: z.literal('squeeze') }),
  // (x - mean) / max(standard deviation, floor), over the picture itself.
  z.strictObject({ step: z.literal('standardise'), floor: z.number().positive() }),
  // (x - mean) / deviation with fixed numbers, x in [0, 1].
  z.strictObject({ step: z.literal('normalise'), mean: z.number(), deviation: z.number().positive() }),
  // The largest square in the middle, as the first step: what lies beside it is not seen.
  z.strictObject({ step: z.literal('crop'), shape: z.literal('centre-square') }),
  // The one gray plane repeated, for networks that were pre-trained on colour; with (x - mean) / deviation of each channel where given.
  z
    .strictObject({
      step: z.literal('repeat-channel'),
      channels: positive,
      means: z.array(z.number()).optional(),
      deviations: z.array(z.number().positive()).optional(),
    })
    .refine(
      ({ channels, means, deviations }) =>
        (means === undefined) === (deviations === undefined) &&
        [means, deviations].every((list) => list === undefined || list.length === channels),
      'means and deviations come together, one for each channel',
    ),
]);
export type PreprocessingStep = z.infer<typeof preprocessingStep>;
