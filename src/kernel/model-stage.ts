// Stage of a model on its way into service, and the findings of a silent model on films that the live model read.
import type { AuditEntry } from './audit-entry.ts';
import type { Reading } from './finding.ts';
import type { Uuid } from './ids.ts';

/**
 * `draft`: lies in the folder and runs on nothing; `silent`: reads the films of the live one beside it, and nobody sees what it says;
 * `pilot`: as silent, with its exit passed and an approver named, and may read a share of the studies for people (canary); `live`: reads for people; `retired`: has read for people, or was given up.
 */
export const MODEL_STAGES = ['draft', 'silent', 'pilot', 'live', 'retired'] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

/** A stage belongs to one version: another version in the same folder begins as a draft. */
export interface ModelIdentity {
  readonly modelId: string;
  readonly modelVersion: string;
}

export const isSameModel = (a: ModelIdentity, b: ModelIdentity): boolean =>
  a.modelId === b.modelId && a.modelVersion === b.modelVersion;

export interface StagedModel extends ModelIdentity {
  readonly stage: ModelStage;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly setBy: string;
  readonly approver?: string;
  /** It was live before: it may come back without a new exit. */
  readonly wasLive: boolean;
}

/** A step to another stage, as it is written down. */
export interface StageChange extends ModelIdentity {
  readonly to: ModelStage;
  readonly actor: string;
  readonly approver?: string;
  /** What speaks for it: the figures of its exit. Part of the audit entry. */
  readonly detail?: AuditEntry['detail'];
}

/** `judge` is given the stages as they stand and throws to refuse. */
export interface StageRules {
  readonly judge: (stages: readonly StagedModel[]) => void;
  /** The model that is live without a row of its own; where another becomes live, it is written down as retired. */
  readonly replaces?: ModelIdentity;
}

export interface SilentReading extends ModelIdentity {
  /** The reading of the live model on the same study. */
  readonly beside: Uuid;
  readonly reading: Reading;
}

/** One answer of a person about one finding of a study that both models read. Probabilities are 0 to 1. */
export interface ConfirmedCase {
  readonly finding: string;
  readonly patient: string;
  readonly present: boolean;
  readonly candidate: number;
  readonly live: number;
  /** At which the candidate's probability holds; absent where it does not say. */
  readonly prevalence?: number;
  /** Of the candidate: further from the usual than its calibration has seen. */
  readonly beyondCalibration: boolean;
}
