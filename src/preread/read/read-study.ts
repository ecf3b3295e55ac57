// Reads one study without a server or a database: gate, model, calibration, embedding. Its maps are not checked here, since that costs
// more than the reading: `explainStudy` does it at once (command line), a job of its own does it later (service).
import type { MapVerdicts, Reading, Reason } from '#kernel/finding.ts';
import { missingViews } from '#kernel/completeness.ts';
import { completenessOf } from '#models/completeness.ts';
import type { ModelManifest } from '#models/schema.ts';
import { withVerdicts } from '#kernel/finding-maps.ts';
import type { ModelOutputs } from '#inference/engine/engine.ts';
import type { EmbeddingFacets } from '#kernel/embedding.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import { type HeadResult, asFinding, judgeHeads, priorityOf } from './findings.ts';
import { gateOutputs } from '#preread/gate/gate.ts';
import {
  type ExplainDeps,
  type Heatmap,
  type ReadFilm,
  explainFindings,
  worthShowing,
} from '#preread/explain/heatmaps.ts';
import { reason } from '#preread/gate/reasons.ts';
import { type RecordDeps, readingOf } from '#preread/commit/new-reading.ts';
import {
  type Candidate,
  type Openers,
  type OpenedStudy,
  type Study,
  openStudy,
} from '#preread/choose/candidate-images.ts';

export interface ReadDeps extends RecordDeps, Openers {
  /** For one run of the model; the child process is killed when it passes. */
  readonly deadlineMs: number;
}

export interface ReadResult {
  /** The map of each finding that is worth one is still `checking`. */
  readonly reading: Reading;
  /** What its maps are checked with; absent where no finding is worth one. */
  readonly film?: ReadFilm;
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

  const opened = await openStudy(study, manifest.gate, deps);
  const refusals: Reason[] = [];
  for await (const candidate of opened.candidates()) {
    const ran = await deps.engine.run(manifest.id, candidate.prepared.tensor, { deadlineMs: deps.deadlineMs });
    const against = gateOutputs(ran.outputs, manifest.gate);
    if (against.length === 0) return assessed(study, opened, { candidate, ran }, deps);
    refusals.push(...against);
  }
  const reasons = [...opened.refusals, ...refusals];
  return notAssessed(study, opened.facts, reasons.length > 0 ? reasons : opened.setAside, deps);
}

function notAssessed(
  study: Study,
  facts: readonly ImageFacts[],
  reasons: readonly Reason[],
  deps: ReadDeps,
): ReadResult {
  const verdict = { outcome: 'not-assessed', reasons, facts, findings: [], priority: 'routine' } as const;
  return { reading: readingOf(study, verdict, deps) };
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
  const worth = worthShowing(results);
  const reading = readingOf(
    study,
    {
      outcome: 'assessed',
      reasons: [
        ...candidate.notices,
        ...choiceNotices(candidate, opened, study),
        ...incompleteNotices(opened, deps.model.manifest),
        ...notices,
      ],
      facts: [facts],
      findings: results.map((result) => ({
        ...asFinding(result),
        ...(worth.includes(result) && { heatmap: { state: 'checking', reason: reason('map-checking') } as const }),
      })),
      priority: priorityOf(results),
      ran,
    },
    deps,
  );
  return {
    reading,
    ...(worth.length > 0 && { film: { worth, ran, prepared: candidate.prepared } }),
    embedding: { vector, facets: facetsOf(facts, results) },
  };
}

export type FilmMap = Heatmap & { readonly sopInstanceUid: string };

export interface Maps {
  readonly verdicts: MapVerdicts;
  /** Of those that may be shown. */
  readonly heatmaps: readonly FilmMap[];
}

/** Checks the maps of a reading. Throws CareError of the inference and explanation rooms. */
export async function mapsOf(sopInstanceUid: string, film: ReadFilm, deps: ExplainDeps): Promise<Maps> {
  const { verdicts, heatmaps } = await explainFindings(film, deps);
  return {
    verdicts: Object.fromEntries(verdicts),
    heatmaps: heatmaps.map((heatmap) => ({ ...heatmap, sopInstanceUid })),
  };
}

export interface ExplainedResult extends ReadResult {
  readonly heatmaps: readonly FilmMap[];
}

/** The reading with its maps checked. Throws what `readStudy` throws. */
export async function explainStudy(study: Study, deps: ReadDeps & ExplainDeps): Promise<ExplainedResult> {
  const result = await readStudy(study, deps);
  const [sopInstanceUid] = result.reading.sopInstanceUids;
  if (result.film === undefined || sopInstanceUid === undefined) return { ...result, heatmaps: [] };
  const { verdicts, heatmaps } = await mapsOf(sopInstanceUid, result.film, deps);
  return { ...result, reading: withVerdicts(result.reading, verdicts), heatmaps };
}

/** A study that was read before all its views came: the reading says so, and one that comes later is read with it. */
function incompleteNotices({ facts }: OpenedStudy, manifest: ModelManifest): Reason[] {
  return missingViews(
    completenessOf(manifest),
    facts.map(({ view }) => view),
  ).map((views) => reason('view-awaited', { views: views.join(' / ') }));
}

/** Says which image was read where there was a choice, and that others were left out. */
function choiceNotices({ prepared }: Candidate, opened: OpenedStudy, { images }: Study): Reason[] {
  const { setAside } = opened;
  const count = opened.count();
  const notices: Reason[] = [...setAside];
  if (count > 1)
    notices.push(
      reason('image-chosen', {
        count,
        view: prepared.facts.view?.toUpperCase() ?? 'unknown',
        columns: prepared.sourceColumns,
        rows: prepared.sourceRows,
      }),
    );
  const leftOut = images.length - count - setAside.length;
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
