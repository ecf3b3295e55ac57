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
  /** `unread`: neither read nor failed yet. */
  outcome: z.enum([...outcomeSchema.options, 'unread']).optional(),
  /** Only studies with this positive finding. */
  finding: z.string().max(64).optional(),
  patientId: z.string().max(64).optional(),
  modality: z.string().max(16).optional(),
  /** Beginnings of words in name, patient ID, accession number, treatment code, description or study UID; diacritics or not. */
  search: z.string().max(200).optional(),
  /** Only studies placed so. */
  place: prioritySchema.optional(),
  limit: queryNumber(1, 500).default(100),
  /** `next` of the page before: the pages of one walk are placed as of the same moment. */
  after: z.string().max(400).optional(),
});
export type WorklistQuery = z.infer<typeof worklistQuery>;

const shared = {
  ...studyFactsShape,
  images: z.number().int(),
  /** Where it stands in the order of reading, and why. */
  place: prioritySchema,
  because: z.strictObject({
    code: z.enum(['found', 'requested', 'waited', 'answered', 'arrival']),
    text: sentenceSchema,
  }),
  waitedMinutes: z.number(),
  /** One of the three outcomes; null while no reading was tried to its end. */
  outcome: outcomeSchema.nullable(),
  reasons: z.array(reasonSchema),
  /** While it waits, runs or is tried again. */
  progress: z
    .strictObject({
      state: z.enum(['waiting', 'running', 'retrying', 'failed', 'done']),
      attempt: z.number().int(),
    })
    .nullable(),
  /** How a person rejected every alert of the study; such a study is placed without the model's word. */
  answered: z.enum(['overridden', 'false-positive']).nullable(),
  alertIds: z.array(z.string()),
  /** What the hospital ordered, where it sent the order; a priority above routine moves the study up. */
  order: orderSchema.nullable(),
};

export const worklistItem = z
  .strictObject({ ...shared, reading: readingSchema.nullable() })
  .meta({ id: 'WorklistItem' });
export type WorklistItem = z.infer<typeof worklistItem>;

export const worklistRow = z
  .strictObject({
    ...shared,
    /** Positive ones and those that a person added, by urgency, then probability. */
    findings: z.array(
      z.strictObject({
        code: z.string(),
        title: sentenceSchema,
        priority: prioritySchema,
        probability: z.number().nullable(),
        /** What a person said of it. */
        said: z.enum(['present', 'absent']).nullable(),
      }),
    ),
    undecided: z.number().int(),
    /** SOP Instance UID of the film that was read. */
    film: z.string().nullable(),
  })
  .meta({ id: 'WorklistRow' });
export type WorklistRow = z.infer<typeof worklistRow>;

const pageShape = {
  /** All that match, on all pages. */
  total: z.number().int(),
  counts: z.strictObject({
    critical: z.number().int(),
    urgent: z.number().int(),
    routine: z.number().int(),
    closed: z.number().int(),
  }),
  /** The moment as of which the studies are placed. */
  asOf: z.string(),
  /** For `after`; null where this page is the last. */
  next: z.string().nullable(),
};

export const worklistAnswer = z.strictObject({ ...pageShape, items: z.array(worklistItem) }).meta({ id: 'Worklist' });
export const worklistRowsAnswer = z
  .strictObject({ ...pageShape, items: z.array(worklistRow) })
  .meta({ id: 'WorklistRows' });
