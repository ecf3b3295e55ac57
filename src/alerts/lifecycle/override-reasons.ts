// The coded reasons for which a clinician overrides an alert: one list for the page, CDS Hooks, HisPro and the figures.
import type { Sentence } from '#kernel/errors.ts';
import { sentence } from '#messages/say.ts';

export const OVERRIDE_REASONS = [
  'already-known',
  'already-treated',
  'wrong-data',
  'image-quality',
  'not-applicable',
  'benefit-outweighs-risk',
  'disagree',
  'other',
] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];

const known: ReadonlySet<string> = new Set(OVERRIDE_REASONS);

export const isOverrideReason = (code: string): boolean => known.has(code);

/** What a clinician reads in the list. */
export const overrideReasonText = (code: OverrideReason): Sentence => sentence(`alerts.override.${code}`);
