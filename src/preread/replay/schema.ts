// Result of a replay, as the route and the command print it.
import { z } from 'zod';
import { sentenceSchema } from '#http/problem.ts';

export const replayedSchema = z
  .strictObject({
    reading: z.string(),
    studyUid: z.string(),
    /** `not-possible`: nothing was compared, and `reason` says why. */
    outcome: z.enum(['same', 'differs', 'not-possible']),
    model: z.strictObject({ id: z.string(), recordedSha256: z.string(), sha256: z.string() }),
    /** Of a probability; null where nothing was compared. */
    tolerance: z.number().nullable(),
    /** Of any probability from the recorded one. */
    largestDifference: z.number().nullable(),
    differences: z.array(z.strictObject({ what: z.string(), recorded: z.string(), replayed: z.string() })),
    reason: z.strictObject({ code: z.string(), text: sentenceSchema, detail: z.string() }).nullable(),
  })
  .meta({ id: 'Replay' });
export type Replayed = z.infer<typeof replayedSchema>;
