// Heatmaps of a film's findings, each with its check of faithfulness. The check costs two more runs of the model for each map, more
// than the reading itself, so the service does it as a job of its own (explain-reading.ts).
import { type FindingMap, PRIORITIES } from '#kernel/finding.ts';
import type { Tensor } from '#kernel/frame.ts';
import { type ClassMap, classMap } from '#explanation/class-map.ts';
import { faithfulness } from '#explanation/faithfulness.ts';
import type { Engine, ModelOutputs } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';
import type { HeadResult } from '#preread/read/findings.ts';
import type { Pictures } from '#preread/read/film-images.ts';
import type { Prepared } from '#preread/read/prepare.ts';
import { reason } from '#preread/gate/reasons.ts';

export interface Heatmap {
  readonly findingCode: string;
  /** RGBA PNG that covers the whole film, clear where there is no evidence. */
  readonly png: Uint8Array;
  readonly columns: number;
  readonly rows: number;
  /** What it was drawn from, for a caller that draws it otherwise. */
  readonly map: ClassMap;
}

export interface CheckedMaps {
  /** By head code; only for findings for which a map was computed. */
  readonly verdicts: ReadonlyMap<string, FindingMap>;
  /** Only of those that may be shown. */
  readonly heatmaps: readonly Heatmap[];
}

/** What the model saw and gave; all of it is needed to check its maps. */
export interface ReadFilm {
  /** Those whose maps are to be checked. */
  readonly worth: readonly HeadResult[];
  readonly ran: ModelOutputs;
  readonly prepared: Pick<Prepared, 'tensor' | 'trace' | 'sourceColumns' | 'sourceRows'>;
}

export interface ExplainDeps {
  readonly model: Model;
  readonly engine: Pick<Engine, 'run'>;
  readonly drawHeatmap: Pictures['heatmap'];
  readonly deadlineMs: number;
}

/** A class map has some twenty cells a side: finer than this only takes longer and makes larger files. */
const LONGEST_SIDE = 256;
/** Each costs two more runs of the model, four of them half of the time of a film. More marks than these explain nothing. */
const MOST_MAPS = 4;
/** Indeterminate findings are mapped only until there are this many maps. */
const ENOUGH_MAPS = 2;

/** Positive ones first, of these the most urgent, then the most probable. A negative finding has nothing to show. */
export function worthShowing(results: readonly HeadResult[]): readonly HeadResult[] {
  const explained = results
    .filter(({ head }) => head.explains)
    .toSorted(
      (a, b) =>
        PRIORITIES.indexOf(a.head.priority) - PRIORITIES.indexOf(b.head.priority) || b.probability - a.probability,
    );
  const positive = explained.filter(({ decision }) => decision === 'positive').slice(0, MOST_MAPS);
  const undecided = explained.filter(({ decision }) => decision === 'indeterminate');
  return [...positive, ...undecided.slice(0, Math.max(0, ENOUGH_MAPS - positive.length))];
}

function sizeFor({ sourceColumns, sourceRows }: ReadFilm['prepared']): {
  readonly columns: number;
  readonly rows: number;
} {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(sourceColumns, sourceRows));
  return {
    columns: Math.max(1, Math.round(sourceColumns * scale)),
    rows: Math.max(1, Math.round(sourceRows * scale)),
  };
}

/** Throws CareError of the inference and explanation rooms. */
export async function explainFindings(film: ReadFilm, deps: ExplainDeps): Promise<CheckedMaps> {
  const { manifest } = deps.model;
  const { tensor, trace } = film.prepared;
  const maps = film.ran.outputs[manifest.outputs.maps];
  const logits = film.ran.outputs[manifest.outputs.logits];
  if (maps === undefined || logits === undefined) throw new Error('the graph does not give the declared maps');

  async function draw(findingCode: string, map: ClassMap): Promise<Heatmap> {
    const size = sizeFor(film.prepared);
    return { findingCode, png: await deps.drawHeatmap(map, size), map, ...size };
  }

  async function runLogits(batch: Tensor): Promise<Tensor> {
    const { outputs } = await deps.engine.run(manifest.id, batch, { deadlineMs: deps.deadlineMs, urgency: 'later' });
    const again = outputs[manifest.outputs.logits];
    if (again === undefined) throw new Error('the graph does not give the declared logits');
    return again;
  }

  const { worth } = film;
  const scores = await faithfulness(
    { tensor, maps, logits },
    worth.map(({ index }) => index),
    runLogits,
  );
  const verdicts = new Map<string, FindingMap>();
  const drawings: Promise<Heatmap>[] = [];
  for (const [place, { head, index }] of worth.entries()) {
    const score = scores[place] ?? Number.NaN;
    // Written so that NaN hides.
    const faithful = score >= manifest.minimumFaithfulness;
    verdicts.set(
      head.code,
      faithful
        ? { state: 'available', faithfulness: score }
        : { state: 'hidden', faithfulness: score, reason: reason('heatmap-unfaithful') },
    );
    if (faithful) drawings.push(draw(head.code, classMap(maps, index, trace)));
  }
  const heatmaps = await Promise.all(drawings);
  return { verdicts, heatmaps };
}
