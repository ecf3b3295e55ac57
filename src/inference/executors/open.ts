// Opens a model on the first of the configured execution providers that works.
import { CareError } from '#kernel/errors.ts';
import type { ModelFormat } from '#models/model.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { Executor, ExecutorOptions, OpenExecutor } from './executor.ts';

export interface PassedOver {
  readonly provider: string;
  readonly reason: string;
}

export interface Opened {
  readonly executor: Executor;
  /** Providers that were configured before the one that runs, and why each was not taken. */
  readonly passedOver: readonly PassedOver[];
}

export interface OpenOptions extends Omit<ExecutorOptions, 'provider'> {
  readonly format: ModelFormat;
  /** In order of preference. */
  readonly providers: readonly string[];
}

/** A library is loaded only when a model needs it. */
const openerOf = async (format: ModelFormat): Promise<OpenExecutor> =>
  format === 'onnx' ? (await import('./onnx.ts')).openOnnx : (await import('./tfjs.ts')).openTfjs;

/** First line, and no more than a log line may hold: native libraries add their own addresses and paths. */
const briefly = (error: unknown): string =>
  (error instanceof CareError ? error.reason : error instanceof Error ? error.message : String(error))
    .split('\n', 1)[0]
    ?.slice(0, 200) ?? '';

/** On the processor TensorFlow.js has two ways, and the native one is not always there. */
const providersFor = ({ format, providers }: OpenOptions): readonly string[] =>
  format === 'tfjs' ? providers.flatMap((each) => (each === 'cpu' ? ['tfjs-native', 'tfjs-wasm'] : [each])) : providers;

/** Tries each provider by itself, in order. Throws CareError `inference.no-provider` with the reason of each. */
export async function openExecutor(parts: readonly Uint8Array[], options: OpenOptions): Promise<Opened> {
  const open = await openerOf(options.format);
  const passedOver: PassedOver[] = [];
  for (const provider of providersFor(options)) {
    try {
      const executor = await open(parts, { provider, threads: options.threads, manifest: options.manifest });
      return { executor, passedOver };
    } catch (error) {
      passedOver.push({ provider, reason: briefly(error) });
    }
  }
  const reason = passedOver.map((each) => `${each.provider}: ${each.reason}`).join('; ');
  throw inferenceErrors.error('no-provider', { reason });
}
