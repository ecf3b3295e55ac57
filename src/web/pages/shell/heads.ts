// What the models say of their findings (title, urgency, thresholds). The pages work without it: a model list that cannot be had takes
// the thresholds away, never a study.
import { signal } from '@preact/signals';
import type { Model } from '#client/client.ts';
import { v1 } from './api.ts';

export type Head = Model['heads'][number];

export const models = signal<readonly Model[]>([]);
/** True while the list of models could not be had. */
export const modelsMissing = signal(false);

export async function loadModels(): Promise<void> {
  try {
    models.value = (await v1.listModels()).data.models;
    modelsMissing.value = false;
  } catch {
    modelsMissing.value = models.value.length === 0;
  }
}

export const headOf = (modelId: string | undefined, code: string): Head | undefined =>
  models.value.find(({ id }) => id === modelId)?.heads.find((head) => head.code === code);

export const headsOf = (modelId: string | undefined): readonly Head[] =>
  models.value.find(({ id }) => id === modelId)?.heads ?? [];
