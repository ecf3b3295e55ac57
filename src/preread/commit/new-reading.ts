// Makes the reading from the findings: its identity, its provenance, the one record that every view shows.
import type { Clock } from '#kernel/clock.ts';
import type { Reading, Reason } from '#kernel/finding.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { Engine, ModelOutputs } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import type { Study } from '#preread/choose/candidate-images.ts';

/** Changes whenever the same film could give another result: a new rule of the gate, another way to choose the image, … */
const PIPELINE_VERSION = '5';

export interface RecordDeps {
  readonly model: Model;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly facilityId: string;
  /** Of the ward's alert policy; part of the provenance. */
  readonly policyVersion: string;
}

export interface Verdict extends Pick<Reading, 'outcome' | 'reasons' | 'findings' | 'priority'> {
  /** Of the images that it speaks of. */
  readonly facts: readonly ImageFacts[];
  /** Absent when the model did not run. */
  readonly ran?: ModelOutputs;
}

/** One file: its own hash. Several: the hash of their sorted hashes, so that the order of arrival does not matter. */
export function inputHash(study: Pick<Study, 'images'>): string {
  const hashes = study.images.map(({ sha256 }) => sha256).sort();
  const [only] = hashes;
  return hashes.length === 1 && only !== undefined ? only : sha256Hex(hashes.join('\n'));
}

function provenanceOf(study: Study, ran: ModelOutputs | undefined, deps: RecordDeps): Provenance {
  const { manifest, calibration } = deps.model;
  const state = deps.engine.states().get(manifest.id);
  const ready = state?.state === 'ready' ? state : undefined;
  return {
    inputSha256: inputHash(study),
    pipelineVersion: PIPELINE_VERSION,
    modelId: manifest.id,
    modelVersion: manifest.version,
    modelSha256: ran?.modelSha256 ?? ready?.sha256 ?? '',
    provider: ran?.provider ?? 'not-run',
    precision: ran?.precision ?? ready?.precision ?? '',
    calibrationVersion: calibration.version,
    thresholdVersion: `${calibration.version}+${deps.policyVersion}`,
  };
}

/**
 * The reading of a study that could not be read: the third outcome. `tried` makes it another record than the one that the same images
 * give when they can be read again.
 */
export function failedReading(
  study: Study,
  { reasons, tried }: { readonly reasons: readonly Reason[]; readonly tried: string },
  deps: RecordDeps,
): Reading {
  const facts = study.images.flatMap(({ known }) => known ?? []);
  const verdict = { outcome: 'failed', reasons, facts, findings: [], priority: 'routine' } as const;
  const reading = readingOf(study, verdict, deps);
  return { ...reading, id: derivedUuid('failed-reading', reading.id, tried) };
}

const sameText = (a: Reason, b: Reason): boolean => a.code === b.code && a.text.en === b.text.en;

export function readingOf(study: Study, verdict: Verdict, deps: RecordDeps): Reading {
  const provenance = provenanceOf(study, verdict.ran, deps);
  const { inputSha256, pipelineVersion, modelId, modelSha256, thresholdVersion } = provenance;
  const model = `${modelId} ${modelSha256}`;
  return {
    // The same films read the same way are the same reading, also when a crash made us read them twice.
    id: derivedUuid('reading', deps.facilityId, study.uid, inputSha256, pipelineVersion, model, thresholdVersion),
    facilityId: deps.facilityId,
    studyUid: study.uid,
    sopInstanceUids: verdict.facts.map(({ sopInstanceUid }) => sopInstanceUid),
    outcome: verdict.outcome,
    reasons: verdict.reasons.filter((each, at, all) => all.findIndex((other) => sameText(each, other)) === at),
    findings: verdict.findings,
    priority: verdict.priority,
    readAt: deps.clock.now().toISOString(),
    provenance,
    notForClinicalUse: verdict.facts.some(({ notForClinicalUse }) => notForClinicalUse),
  };
}
