// The port behind which one library runs one model in one process.
import type { Tensor } from '#kernel/frame.ts';
import type { ModelManifest } from '#models/schema.ts';

/** What the model file says of an input or an output (`ValueInfo` in ONNX). */
export interface ValueInfo {
  readonly name: string;
  /** `float32` where the library says so; `unknown` where it does not. */
  readonly type: string;
  /** Free sizes are strings; absent where the library does not tell. */
  readonly shape: readonly (number | string)[] | undefined;
}

export interface Executor {
  readonly provider: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Tensors in and out are batch × channels × rows × columns, whatever the library prefers. */
  run(input: Tensor): Promise<Readonly<Record<string, Tensor>>>;
  close(): Promise<void>;
}

export interface ExecutorOptions {
  readonly provider: string;
  readonly threads: number;
  readonly manifest: Pick<ModelManifest, 'input'>;
}

/** Opens with exactly the provider named, and throws when it cannot: choosing another one is the caller's decision. */
export type OpenExecutor = (parts: readonly Uint8Array[], options: ExecutorOptions) => Promise<Executor>;
