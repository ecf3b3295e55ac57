// The port of the inference room: what a feature needs to know of running a model, and no more.
import type { Provenance } from '#kernel/provenance.ts';
import type { Tensor } from '#kernel/frame.ts';

export interface ModelOutputs extends Pick<
  Provenance,
  'modelId' | 'modelVersion' | 'modelSha256' | 'provider' | 'precision'
> {
  /** By the graph's output names; batch first. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly runMs: number;
}

/** `stat`: somebody waits for this very answer; `now`: a reading; `later`: what nobody waits for. Most urgent first. */
export const URGENCIES = ['stat', 'now', 'later'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface RunOptions {
  /** From now; when it passes, the child that runs it is killed and `inference.deadline` is thrown. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** Absent: `now`. */
  readonly urgency?: Urgency;
}

/** The same model on another server (HAIDANG_REMOTE_MODELS). */
export type RemoteState =
  | { readonly state: 'checking'; readonly url: string }
  /** It reproduces the golden outputs: it is asked first. */
  | { readonly state: 'ready'; readonly url: string; readonly goldenDifference: number }
  /** Nothing is sent to it; it is checked again in a while. */
  | { readonly state: 'away' | 'refused'; readonly url: string; readonly reason: string };

export type ModelState =
  | { readonly state: 'starting' }
  | {
      readonly state: 'ready';
      readonly provider: string;
      readonly precision: string;
      readonly sha256: string;
      /** Providers that were configured first but could not be taken, and why. */
      readonly passedOver?: readonly { readonly provider: string; readonly reason: string }[];
      /** Of any golden output value from its record. */
      readonly goldenDifference?: number;
    }
  | { readonly state: 'refused'; readonly reason: string };

/** Owns the child processes. Throws CareError `inference.queue-full` (503, Retry-After), `inference.deadline`, `inference.crashed`. */
export interface Engine {
  run(modelId: string, input: Tensor, options: RunOptions): Promise<ModelOutputs>;
  states(): ReadonlyMap<string, ModelState>;
  close(): Promise<void>;
}
