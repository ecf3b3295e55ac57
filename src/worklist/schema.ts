// The shape of the worklist at our own door.
import { z } from 'zod';
import { sentenceSchema } from '#http/problem.ts';
import {
  orderSchema,
  outcomeSchema,
  prioritySchema,
  queryNumber,
  readingSchema,
  reasonSchema,
} from '#http/reading-json.ts';
import { studyFactsShape } from '#http/study-json.ts';

export const worklistQuery = z.strictObject({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  outcome: outcomeSchema.optional(),
  /** Only studies with this positive finding. */
  finding: z.string().max(64).optional(),
  patientId: z.string().max(64).optional(),
  /** Only studies placed so. */
  place: prioritySchema.optional(),
  limit: queryNumber(1, 500).default(100),
  offset: queryNumber(0, 100_000).default(0),
});

export const worklistItem = z
  .strictObject({
    ...studyFactsShape,
    images: z.number().int(),
    /** Where it stands in the order of reading, and why. */
    place: prioritySchema,
    because: z.strictObject({ code: z.enum(['found', 'requested', 'waited', 'arrival']), text: sentenceSchema }),
    waitedMinutes: z.number(),
    /** One of the three outcomes; null while no reading was tried to its end. */
    outcome: outcomeSchema.nullable(),
    reasons: z.array(reasonSchema),
    reading: readingSchema.nullable(),
    /** While it waits, runs or is tried again. */
    progress: z
      .strictObject({
        state: z.enum(['waiting', 'running', 'retrying', 'failed', 'done']),
        attempt: z.number().int(),
      })
      .nullable(),
    alertIds: z.array(z.string()),
    /** What the hospital ordered, where it sent the order; a priority above routine moves the study up. */
    order: orderSchema.nullable(),
  })
  .meta({ id: 'WorklistItem' });
export type WorklistItem = z.infer<typeof worklistItem>;

export const worklistAnswer = z
  .strictObject({ total: z.number().int(), asOf: z.string(), items: z.array(worklistItem) })
  .meta({ id: 'Worklist' });
