// Runs one version of a model on this machine, joined into batches where the rules say so (a GPU); a batch that fails is run again one by
// one, so that one input cannot take the others down.
import type { Tensor } from '#kernel/frame.ts';
import { CareError } from '#kernel/errors.ts';
import type { ModelOutputs, RunOptions } from '#inference/engine/engine.ts';
import type { Place, Pool } from '#inference/queue/pool.ts';
import { type BatchRules, createBatcher } from './batcher.ts';

export type LocalRunner = (input: Tensor, options: RunOptions) => Promise<ModelOutputs>;

/** These say something of one request or of the queue; another try would say it again. */
const FINAL: ReadonlySet<string> = new Set(['inference.deadline', 'inference.queue-full', 'inference.closed']);

export function localRunner(
  pool: Pick<Pool, 'submit'>,
  {
    place,
    modelId,
    rules,
  }: { readonly place: Place; readonly modelId: string; readonly rules: BatchRules | undefined },
): LocalRunner {
  const alone: LocalRunner = async (input, options) => {
    const { outputs, identity, runMs } = await pool.submit({ ...options, place, modelId, input });
    return { outputs, ...identity, modelId, runMs };
  };
  if (rules === undefined || rules.maximumItems <= 1) return alone;
  const batcher = createBatcher(rules, alone);
  return async (input, options) => {
    const started = performance.now();
    try {
      return await batcher.submit(input, options);
    } catch (error) {
      if (!(error instanceof CareError) || FINAL.has(error.code)) throw error;
      return alone(input, { ...options, deadlineMs: options.deadlineMs - (performance.now() - started) });
    }
  };
}
