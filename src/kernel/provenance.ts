// Provenance of a result: enough to compute it again (law 5).

export interface Provenance {
  /** SHA-256 over the input's bytes (or over its canonical JSON for measurements). */
  readonly inputSha256: string;
  /** Version of this program's own pipeline; changes when the same input could give another result. */
  readonly pipelineVersion: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  /** Execution provider that really ran, for example `cpu`, `webgpu`, `cuda`. */
  readonly provider: string;
  readonly precision: string;
  readonly calibrationVersion: string;
  /** Version of the operating points and ward policy. */
  readonly thresholdVersion: string;
}
