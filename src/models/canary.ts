// Choice of the version that reads a study while two are in service: a share of the studies goes to the new one, the same study always to the same.
import { z } from 'zod';
import { sha256Hex } from '#kernel/ids.ts';

export const canarySchema = z.strictObject({
  model: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string().regex(/^[0-9]+$/),
  /** Of the studies: 0 none, 1 all. */
  share: z.number().min(0).max(1),
});
export type Canary = z.infer<typeof canarySchema>;

const DIGITS = 12;

/** Where a study stands between 0 and 1: by its UID alone, so that it stays there, and evenly over the studies. */
export const placeOf = (studyUid: string): number =>
  Number.parseInt(sha256Hex(studyUid).slice(0, DIGITS), 16) / 16 ** DIGITS;

/** A larger share keeps the studies of a smaller one. */
export const isOfCanary = (studyUid: string, { share }: Pick<Canary, 'share'>): boolean => placeOf(studyUid) < share;
