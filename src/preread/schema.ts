// The shapes of the pre-read's own door: uploads, studies, similar cases, models.
import { z } from 'zod';
import { problemSchema } from '#http/problem.ts';
import { orderSchema, queryNumber, readingSchema, reasonSchema } from '#http/reading-json.ts';
import { studyFactsShape } from '#http/study-json.ts';

const instanceVerdict = z
  .strictObject({
    /** Name of the part, where its sender gave one; else its position. */
    name: z.string(),
    status: z.enum(['stored', 'duplicate', 'refused']),
    studyUid: z.string().nullable(),
    sopInstanceUid: z.string().nullable(),
    problem: problemSchema.nullable(),
  })
  .meta({ id: 'InstanceVerdict' });
export type InstanceVerdictView = z.infer<typeof instanceVerdict>;

export const uploadAnswer = z
  .strictObject({
    /** Studies that now hold an image of this upload. */
    studies: z.array(z.string()),
    instances: z.array(instanceVerdict),
  })
  .meta({ id: 'UploadAnswer' });

/** Where everything was refused: the first refusal as a problem, and all of them one by one. */
export const uploadProblem = z
  .strictObject({ ...problemSchema.shape, instances: z.array(instanceVerdict).optional() })
  .meta({ id: 'UploadProblem' });

/** What a PNG or JPEG cannot say of itself. */
const declaredShape = {
  ageYears: queryNumber(0, 130).optional(),
  sex: z.enum(['M', 'F', 'O']).optional(),
  view: z.enum(['PA', 'AP']).optional(),
};

export const uploadQuery = z.strictObject({
  ...declaredShape,
  /** The request holds every image of its studies: they are read at once, without a wait for the next image. */
  whole: z.literal('yes').optional(),
});

/** Where the reading of a study stands; `failed` with a reason when every try failed. */
export const progressSchema = z
  .strictObject({
    state: z.enum(['waiting', 'running', 'retrying', 'done', 'failed']),
    attempt: z.number().int(),
    reason: reasonSchema.nullable(),
  })
  .meta({ id: 'Progress' });
export type Progress = z.infer<typeof progressSchema>;

export const imageOfStudy = z.strictObject({
  sopInstanceUid: z.string(),
  format: z.enum(['dicom', 'png', 'jpeg']),
  view: z.string().nullable(),
  columns: z.number().int().nullable(),
  rows: z.number().int().nullable(),
});

export const studySchema = z
  .strictObject({
    ...studyFactsShape,
    treatmentCode: z.string().nullable(),
    images: z.array(imageOfStudy),
    /** The one that counts now; null while there is none. */
    reading: readingSchema.nullable(),
    progress: progressSchema,
    /** Open alerts of this study. */
    alertIds: z.array(z.string()),
    /** What the hospital ordered, where it sent the order. */
    order: orderSchema.nullable(),
  })
  .meta({ id: 'Study' });
export type StudyView = z.infer<typeof studySchema>;

export const studyParams = z.strictObject({ uid: z.string().regex(/^[0-9.]{1,64}$/) });
export const idParams = z.strictObject({ id: z.uuid() });
export const heatmapParams = z.strictObject({ id: z.uuid(), finding: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
export const imageParams = z.strictObject({ uid: z.string().regex(/^[0-9.]{1,64}$/) });
export const imageQuery = z.strictObject({ size: queryNumber(16, 8192).default(1024) });
/** Counted from 0. */
export const pixelsQuery = z.strictObject({ frame: queryNumber(0, 9999).default(0) });

export const similarQuery = z.strictObject({
  k: queryNumber(1, 50).default(8),
  sex: z.enum(['M', 'F', 'O']).optional(),
  view: z.string().max(16).optional(),
  finding: z.string().max(64).optional(),
  ageFrom: queryNumber(0, 130).optional(),
  ageTo: queryNumber(0, 130).optional(),
});
export type SimilarQuery = z.infer<typeof similarQuery>;
