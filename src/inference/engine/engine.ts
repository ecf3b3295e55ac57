// The port of the inference room: what a feature needs to know of running a model, and no more.
import type { Provenance } from '#kernel/provenance.ts';
import type { Tensor } from '#kernel/frame.ts';
import type { Model } from '#models/model.ts';

export interface ModelOutputs extends Pick<
  Provenance,
  'modelId' | 'modelVersion' | 'modelSha256' | 'provider' | 'precision'
> {
  /** By the graph's output names; batch first. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly runMs: number;
}

/** `stat`: somebody waits for this very answer; `now`: a reading; `later`: background work. Most urgent first. */
export const URGENCIES = ['stat', 'now', 'later'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface RunOptions {
  /** From now; when it passes, the child that runs it is killed and `inference.deadline` is thrown. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** Absent: `now`. */
  readonly urgency?: Urgency;
  /** Absent: the first of the model's versions. */
  readonly version?: string;
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
  /** Loaded when it is next asked for. */
  | { readonly state: 'unloaded' }
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

/** Throws CareError `inference.queue-full` (503, Retry-After), `inference.deadline`, `inference.crashed`, `inference.memory`. */
export interface Engine {
  run(modelId: string, input: Tensor, options: RunOptions): Promise<ModelOutputs>;
  /** Of the first version of each model. */
  states(): ReadonlyMap<string, ModelState>;
}

export interface VersionState {
  readonly model: Model;
  readonly state: ModelState;
  /** Reads films: stays in memory. */
  readonly kept: boolean;
  /** Resident memory of its children, asked of the operating system at each call. */
  bytes(): number;
}

/** One version for as long as it is needed: what it answers is its own, whatever is put in its place meanwhile. */
export interface Lease {
  readonly model: Model;
  readonly engine: Engine;
  release(): void;
}
