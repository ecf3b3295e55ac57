// A model's rule of when a study is ready, or the usual one: images of one study come within a moment, and the goal is a second in all.
import type { Completeness } from '#kernel/completeness.ts';
import type { ModelManifest } from './schema.ts';

export const USUAL_COMPLETENESS: Completeness = Object.freeze({
  quietMs: 200,
  maximumWaitMs: 10_000,
  expectedViews: [],
});

export const completenessOf = ({ completeness }: Pick<ModelManifest, 'completeness'>): Completeness =>
  completeness ?? USUAL_COMPLETENESS;
