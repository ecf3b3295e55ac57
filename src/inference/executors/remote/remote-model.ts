// A model on another server, trusted only while it reproduces the golden outputs; a circuit breaker keeps requests from a server that fails.
import { setTimeout as wait } from 'node:timers/promises';
import type { Tensor } from '#kernel/frame.ts';
import { CareError } from '#kernel/errors.ts';
import { newUuid } from '#kernel/ids.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { ModelOutputs, RemoteState } from '#inference/engine/engine.ts';
import { verifyGolden } from '#models/golden.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { remoteClient, type RemoteCall } from './client.ts';

export interface RemoteOptions {
  /** `http://host:port` */
  readonly url: string;
  readonly precision?: Precision;
  /** A bearer token or key, where the server asks who it is. Throws CareError where there is none. */
  readonly token?: () => string;
  /** For one answer. */
  readonly timeoutMs: number;
  /** Failures in a row after which nothing is sent until the golden outputs come right again. */
  readonly opensAfter: number;
  /** Doubles with each check that fails, up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly onState: (modelId: string, state: RemoteState) => void;
}

export interface RemoteModel {
  readonly modelId: string;
  state(): RemoteState;
  /** Resolves when the first check is done, whatever it found. */
  readonly checked: Promise<void>;
  /** Throws CareError `inference.remote`, or the signal's reason. */
  run(input: Tensor, call: RemoteCall): Promise<ModelOutputs>;
  close(): Promise<void>;
}

const reasonOf = (error: unknown): string => (error instanceof CareError ? error.reason : 'it cannot be used');

/** Runs the model there; refuses another file than ours. */
const askerOf =
  (client: ReturnType<typeof remoteClient>, ours: string) =>
  async (input: Tensor, call: RemoteCall): Promise<Record<string, Tensor>> => {
    const { json, tensors } = await client.infer(input, newUuid(), call);
    const told = json['parameters'];
    const sha256 = typeof told === 'object' && told !== null && 'model_sha256' in told ? told.model_sha256 : undefined;
    // Only servers of our own kind tell it; from the others the golden outputs must do.
    if (sha256 !== undefined && sha256 !== ours)
      throw inferenceErrors.error('remote', { reason: 'it runs another file of this model' });
    return Object.fromEntries(tensors);
  };

/** Checks at once and whenever the circuit has opened, in the background: no request of a patient tries the way. */
export function openRemoteModel(model: Model, options: RemoteOptions): RemoteModel {
  const { url, timeoutMs, opensAfter, firstPauseMs, longestPauseMs } = options;
  const { manifest, golden } = model;
  const file = model.file(options.precision);
  const client = remoteClient(url, manifest, options.token);
  const about = {
    provider: `oip:${new URL(url).host}`,
    precision: file.precision,
    modelId: manifest.id,
    modelVersion: manifest.version,
    modelSha256: file.sha256,
  };
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  let state: RemoteState = { state: 'checking', url };
  let failures = 0;
  let lost = Promise.withResolvers<void>();

  function become(next: RemoteState): void {
    state = next;
    options.onState(manifest.id, next);
  }

  const ask = askerOf(client, file.sha256);

  async function check(): Promise<void> {
    const call = { timeoutMs, signal: closing.signal };
    try {
      await client.check(call);
      const report = await verifyGolden({ manifest, golden }, file.precision, (input) => ask(input, call));
      failures = 0;
      lost = Promise.withResolvers();
      become({ state: 'ready', url, goldenDifference: report.largestDifference });
    } catch (error) {
      if (closing.signal.aborted) return;
      const refused = error instanceof CareError && error.code === 'models.golden-differs';
      become({ state: refused ? 'refused' : 'away', url, reason: reasonOf(error) });
    }
  }

  async function keepChecking(): Promise<void> {
    for (let pauses = 0; !closing.signal.aborted;) {
      await check();
      first.resolve();
      if (state.state === 'ready') {
        await lost.promise;
        pauses = 0;
      }
      const pause = Math.min(firstPauseMs * 2 ** Math.min(pauses, 20), longestPauseMs);
      pauses += 1;
      await wait(pause, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }
  const kept = keepChecking();

  return {
    modelId: manifest.id,
    state: () => state,
    checked: first.promise,
    async run(input, call) {
      if (state.state !== 'ready')
        throw inferenceErrors.error('remote', { reason: 'its golden outputs are not proven' });
      const started = performance.now();
      try {
        const outputs = await ask(input, { ...call, timeoutMs: Math.min(call.timeoutMs, timeoutMs) });
        failures = 0;
        return { ...about, outputs, runMs: performance.now() - started };
      } catch (error) {
        if (call.signal?.aborted !== true) {
          failures += 1;
          if (failures >= opensAfter && state.state === 'ready') {
            become({ state: 'away', url, reason: reasonOf(error) });
            lost.resolve();
          }
        }
        throw error;
      }
    },
    async close() {
      closing.abort();
      lost.resolve();
      await kept;
    },
  };
}
