// Descriptions of findings by their models (title, urgency, thresholds). The pages work without them: a model list that cannot be had takes
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

/** Which version gave a result: each has thresholds of its own. */
interface From {
  readonly modelId: string;
  readonly modelVersion: string;
}

/** Of that version, or, where it is no longer here, of the one that reads now. */
export function headsOf(from: From | undefined): readonly Head[] {
  const versions = models.value.filter(({ id }) => id === from?.modelId);
  return (versions.find(({ version }) => version === from?.modelVersion) ?? versions[0])?.heads ?? [];
}

export const headOf = (from: From | undefined, code: string): Head | undefined =>
  headsOf(from).find((head) => head.code === code);
