// Runs on another server in batches; says nothing where that server cannot answer, so that this machine answers within the same request.
import type { Tensor } from '#kernel/frame.ts';
import type { ModelOutputs, RemoteState, RunOptions } from '#inference/engine/engine.ts';
import { openRemoteModel } from '#inference/executors/remote/remote-model.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { type BatchRules, createBatcher } from './batcher.ts';

/** A server of the Open Inference Protocol that is asked first. */
export interface RemoteServer {
  /** `http://host:port` */
  readonly url: string;
  /** A bearer token or key, where the server asks who it is. */
  readonly token?: () => string;
  readonly batching?: BatchRules;
  /** At most half of a run's deadline, so that this machine can still answer in the other half. */
  readonly timeoutMs?: number;
  readonly opensAfter?: number;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  readonly onState?: (modelId: string, state: RemoteState) => void;
}

export interface RemoteRunner {
  readonly modelId: string;
  readonly checked: Promise<void>;
  state(): RemoteState;
  /** Undefined: not answered, for whatever reason. Throws only the signal's reason. */
  tryRun(input: Tensor, options: RunOptions): Promise<ModelOutputs | undefined>;
  close(): Promise<void>;
}

const BATCHING = { maximumItems: 16, maximumDelayMs: 3, atOnce: 4 };

export function openRemoteRunner(
  model: Model,
  server: RemoteServer & { readonly precision?: Precision },
): RemoteRunner {
  const { url, precision, timeoutMs = 5_000, opensAfter = 3, firstPauseMs = 1_000, longestPauseMs = 60_000 } = server;
  const remote = openRemoteModel(model, {
    url,
    timeoutMs,
    opensAfter,
    firstPauseMs,
    longestPauseMs,
    onState: server.onState ?? (() => undefined),
    ...(precision !== undefined && { precision }),
    ...(server.token !== undefined && { token: server.token }),
  });
  const batcher = createBatcher(server.batching ?? BATCHING, (batch, call) =>
    remote.run(batch, { timeoutMs: call.deadlineMs }),
  );
  return {
    modelId: remote.modelId,
    checked: remote.checked,
    state: remote.state,
    async tryRun(input, options) {
      if (remote.state().state !== 'ready') return undefined;
      try {
        return await batcher.submit(input, { ...options, deadlineMs: Math.min(options.deadlineMs / 2, timeoutMs) });
      } catch {
        options.signal?.throwIfAborted();
        // Whatever went wrong there is told by its state; the film is read here.
        return undefined;
      }
    },
    close: remote.close,
  };
}
