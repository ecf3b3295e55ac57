// Opens TensorFlow.js: on the native library where its optional package loads, else on the WebAssembly backend.
import util from 'node:util';
import type * as Tf from '@tensorflow/tfjs';
import { inferenceErrors } from '#inference/errors.ts';

export type Library = typeof Tf;
export type TfTensor = Tf.Tensor;

async function openNative(): Promise<Library> {
  // The native library writes its own start-up notes to standard error, unless somebody asked for them.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // tfjs-node 4.22.0 calls util.isNullOrUndefined, which Node 23 took away.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  const tf = await import('@tensorflow/tfjs-node');
  if (!(await tf.setBackend('tensorflow'))) throw new Error('the native backend cannot be started');
  return tf;
}

async function openWasm(threads: number): Promise<Library> {
  const tf = await import('@tensorflow/tfjs');
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(threads);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend cannot be started');
  return tf;
}

/** Throws CareError `inference.no-provider`, or what the library throws where it cannot be opened. */
export function openLibrary({
  provider,
  threads,
}: {
  readonly provider: string;
  readonly threads: number;
}): Promise<Library> {
  if (provider === 'tfjs-native') return openNative();
  if (provider === 'tfjs-wasm') return openWasm(threads);
  throw inferenceErrors.error('no-provider', { reason: `TensorFlow.js has no ${provider}` });
}

export interface AnyLibrary {
  readonly tf: Library;
  readonly provider: 'tfjs-native' | 'tfjs-wasm';
}

/** The native one where it is installed. */
export async function openAnyLibrary(threads: number): Promise<AnyLibrary> {
  try {
    return { tf: await openNative(), provider: 'tfjs-native' };
  } catch {
    return { tf: await openWasm(threads), provider: 'tfjs-wasm' };
  }
}
