// The operation on a graph: outputs are added, tried on pictures, and class maps are kept only where they add up to the logits.
import { addToGraph } from '#onnx/edit.ts';
import { type FoundHead, findHead, headAdditions } from '#onnx/head.ts';
import type { GraphFile } from './graph-file.ts';
import { type Trial, tryGraph } from './trial.ts';
import { type Asked, stepsOf, tensorsOf } from './write-folder.ts';

/** Largest difference between a logit and the mean of its class map; beyond it the graph has no class maps. */
const MAP_TOLERANCE = 1e-4;

const WITHOUT_MAPS = 'asked for with --logits-only';

export interface Operated {
  readonly graph: Uint8Array;
  readonly head: FoundHead;
  readonly trial: Trial;
}

async function operate(
  { model, input, output, channels }: GraphFile,
  head: FoundHead,
  asked: Asked,
): Promise<Operated> {
  const heads = asked.labels.length;
  const graph = addToGraph(model, headAdditions(head, heads));
  const trial = await tryGraph({
    before: model.bytes,
    after: graph,
    input: { name: input.name, channels, rows: asked.size, columns: asked.size },
    output,
    head,
    heads,
    pictures: tensorsOf(stepsOf(asked)),
  });
  return { graph, head, trial };
}

const without = (head: FoundHead, reason: string): FoundHead => ({ ...head, maps: { kind: 'none', reason } });

/** Class maps where they add up to the logits; else none, with the reason. */
export async function withBestMaps(file: GraphFile, asked: Asked, wanted: 'best' | 'none'): Promise<Operated> {
  const found = findHead(file.model, file.output);
  const head = wanted === 'none' ? without(found, WITHOUT_MAPS) : found;
  const operated = await operate(file, head, asked);
  const { mapGap } = operated.trial;
  if (head.maps.kind === 'none') return operated;
  if (mapGap !== undefined && mapGap <= MAP_TOLERANCE) return operated;
  return operate(
    file,
    without(head, `class maps do not add up to the logits (off by ${mapGap ?? 'everything'})`),
    asked,
  );
}
