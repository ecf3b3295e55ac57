// One run of one model on one data set, whole: what was measured, on what, with what, and how it can be measured again.
import type { Provenance } from '#kernel/provenance.ts';
import type { Analysis } from '#research/analysis/analysis.ts';
import type { Figure } from '#research/analysis/figures.ts';

export interface Run extends Pick<Provenance, 'modelVersion' | 'modelSha256' | 'precision' | 'provider'> {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly program: string;
  readonly calibration: string;
  readonly datasetId: string;
  readonly splitSha256: string;
  readonly films: number;
  readonly patients: number;
  readonly refusedFilms: number;
  readonly refusedRows: number;
  readonly replicates: number;
  readonly seed: number;
  readonly seconds: number;
  readonly filmsPerSecond: number;
}

export interface DatasetFacts {
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly citation: string | null;
  readonly limits: readonly string[];
  readonly namesPatients: boolean;
}

/** What the model's folder says of it. */
export interface ModelFacts {
  readonly title: string;
  readonly licence: string;
  readonly findings: readonly string[];
  readonly modalities: readonly string[];
  readonly views: readonly string[];
  readonly ageYears: { readonly minimum: number; readonly maximum: number };
  readonly pixels: string;
  readonly calibrationMethod: string;
  readonly errorRate: number;
}

export interface Evaluation {
  readonly model: string;
  /** As the user named the folder. */
  readonly dataset: string;
  readonly split: string;
  readonly figures: readonly Figure[];
  readonly run: Run;
  readonly about: DatasetFacts;
  readonly aboutModel: ModelFacts;
  readonly analyses: readonly Analysis[];
  /** Reason → films. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Sentences; not more than a reader takes in. */
  readonly faults: readonly string[];
}
