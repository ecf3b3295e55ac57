// The images of one study come in, its pre-read goes out: gate, model, calibration, heatmaps, embedding. No server and no database here.
import type { Reading, Reason } from '#kernel/finding.ts';
import type { ModelOutputs } from '#inference/engine/engine.ts';
import type { EmbeddingFacets } from '#similarity/vector-index.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import { type HeadResult, asFinding, judgeHeads, priorityOf } from './findings.ts';
import { gateOutputs } from '#preread/gate/gate.ts';
import { type Explained, type Heatmap, explainFindings } from '#preread/explain/heatmaps.ts';
import type { Pictures } from './film-images.ts';
import { reason } from '#preread/gate/reasons.ts';
import { type RecordDeps, readingOf } from '#preread/commit/new-reading.ts';
import {
  type Candidate,
  type OpenedStudy,
  type OpenImage,
  type Study,
  openStudy,
} from '#preread/choose/candidate-images.ts';

export interface ReadDeps extends RecordDeps {
  readonly open: OpenImage;
  readonly drawHeatmap: Pictures['heatmap'];
  /** For one run of the model; the child process is killed when it passes. */
  readonly deadlineMs: number;
}

export interface ReadResult {
  readonly reading: Reading;
  readonly heatmaps: readonly (Heatmap & { readonly sopInstanceUid: string })[];
  readonly embedding?: { readonly vector: Float32Array; readonly facets: EmbeddingFacets };
}

interface Accepted {
  readonly candidate: Candidate;
  readonly ran: ModelOutputs;
}

/**
 * Reads one study. Its outcome is `assessed` or `not-assessed`, with reasons. A technical fault is thrown as a CareError with a 5xx status
 * (`inference.*`, `preread.decode-deadline`, `preread.model-not-ready`): the caller tries again, and in the end says `failed`.
 */
export async function readStudy(study: Study, deps: ReadDeps): Promise<ReadResult> {
  const { manifest } = deps.model;
  if (deps.engine.states().get(manifest.id)?.state !== 'ready')
    throw prereadErrors.error('model-not-ready', { field: manifest.id, retryAfterSeconds: 5 });
  if (study.images.length === 0) return notAssessed(study, [], [reason('no-images')], deps);

  const opened = await openStudy(study, manifest.gate, deps.open);
  const refusals = [...opened.refusals];
  for (const candidate of opened.candidates) {
    const ran = await deps.engine.run(manifest.id, candidate.prepared.tensor, { deadlineMs: deps.deadlineMs });
    const against = gateOutputs(ran.outputs, manifest.gate);
    if (against.length === 0) return assessed(study, opened, { candidate, ran }, deps);
    refusals.push(...against);
  }
  return notAssessed(study, opened.facts, refusals, deps);
}

function notAssessed(
  study: Study,
  facts: readonly ImageFacts[],
  reasons: readonly Reason[],
  deps: ReadDeps,
): ReadResult {
  const verdict = { outcome: 'not-assessed', reasons, facts, findings: [], priority: 'routine' } as const;
  return { reading: readingOf(study, verdict, deps), heatmaps: [] };
}

async function assessed(
  study: Study,
  opened: OpenedStudy,
  { candidate, ran }: Accepted,
  deps: ReadDeps,
): Promise<ReadResult> {
  const { outputs } = deps.model.manifest;
  const { facts } = candidate.prepared;
  const logits = ran.outputs[outputs.logits]?.data;
  const vector = ran.outputs[outputs.embedding]?.data;
  if (logits === undefined || vector === undefined) throw new Error('the graph does not give the declared outputs');

  const { results, notices } = judgeHeads(logits, deps.model, facts.ageYears);
  if (results.length === 0) {
    const why = reason(facts.ageYears === undefined ? 'no-head-without-age' : 'no-head-for-age');
    return notAssessed(study, [facts], [why], deps);
  }
  const explained = await explainFindings({ results, ran, prepared: candidate.prepared }, deps);
  const reading = readingOf(
    study,
    {
      outcome: 'assessed',
      reasons: [...candidate.notices, ...choiceNotices(candidate, opened, study), ...notices],
      facts: [facts],
      findings: results.map((result) => withHeatmap(result, explained)),
      priority: priorityOf(results),
      ran,
    },
    deps,
  );
  return {
    reading,
    heatmaps: explained.heatmaps.map((heatmap) => ({ ...heatmap, sopInstanceUid: facts.sopInstanceUid })),
    embedding: { vector, facets: facetsOf(facts, results) },
  };
}

function withHeatmap(result: HeadResult, { verdicts }: Explained) {
  const heatmap = verdicts.get(result.head.code);
  return heatmap === undefined ? asFinding(result) : { ...asFinding(result), heatmap };
}

/** Says which image was read where there was a choice, and that others were left out. */
function choiceNotices({ prepared }: Candidate, { candidates }: OpenedStudy, { images }: Study): Reason[] {
  const notices: Reason[] = [];
  if (candidates.length > 1)
    notices.push(
      reason('image-chosen', {
        count: candidates.length,
        view: prepared.facts.view?.toUpperCase() ?? 'unknown',
        columns: prepared.sourceColumns,
        rows: prepared.sourceRows,
      }),
    );
  const leftOut = images.length - candidates.length;
  if (leftOut > 0) notices.push(reason('image-left-out', { count: leftOut }));
  return notices;
}

const facetsOf = ({ ageYears, sex, view }: ImageFacts, results: readonly HeadResult[]): EmbeddingFacets => ({
  ...(ageYears !== undefined && { ageYears }),
  ...(sex !== undefined && { sex }),
  ...(view !== undefined && { view }),
  findings: results.filter(({ decision }) => decision === 'positive').map(({ head }) => head.code),
  labelSource: 'model',
});
