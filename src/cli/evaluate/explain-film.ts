// Does the map of a film point where radiologists drew, and does the probability follow the map? One film's share of those figures.
import { calibrate } from '#calibration/calibrate.ts';
import { classMap, peak } from '#explanation/class-map.ts';
import { deletionInsertion } from '#explanation/deletion.ts';
import type { Tensor } from '#kernel/frame.ts';
import type { Model } from '#models/model.ts';
import type { Box } from '#research/dataset/box.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { CurvePoint, Pointed } from '#research/analysis/pointing.ts';
import { type Bench, DEADLINE_MS, type Ran } from './score-film.ts';

export interface Explained {
  readonly pointed: readonly Pointed[];
  readonly curves: readonly CurvePoint[];
}

/** The boxes of a film by who drew them and by the head whose map they judge. */
function boxesByHead(boxes: readonly Box[], model: Model, heads: Readonly<Record<string, readonly string[]>>) {
  const known = new Set(model.manifest.heads.map(({ code }) => code));
  const groups = new Map<string, { source: string; finding: string; boxes: Box[] }>();
  for (const box of boxes) {
    for (const finding of (heads[box.finding] ?? []).filter((code) => known.has(code))) {
      const key = JSON.stringify([box.source, finding]);
      const group = groups.get(key) ?? { source: box.source, finding, boxes: [] };
      group.boxes.push(box);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function pointedOf({ film }: ScoredFilm, { prepared, outputs }: Ran, { model, dataset }: Bench): Pointed[] {
  const { manifest } = model;
  const maps = outputs[manifest.outputs.maps];
  const boxes = dataset.boxes.filter(({ file }) => file === film.file);
  if (maps === undefined || boxes.length === 0) return [];
  return boxesByHead(boxes, model, dataset.data.boxes?.heads ?? {}).map((group) => {
    const head = manifest.heads.findIndex(({ code }) => code === group.finding);
    const { x, y } = peak(classMap(maps, head, prepared.trace));
    return {
      ...group,
      patientId: film.patientId,
      x: x / prepared.sourceColumns,
      y: y / prepared.sourceRows,
    };
  });
}

async function curveOf({ film, heads }: ScoredFilm, ran: Ran, { model, engine }: Bench): Promise<CurvePoint[]> {
  const { manifest, calibration } = model;
  const maps = ran.outputs[manifest.outputs.maps];
  const strongest = [...heads]
    .filter(([, { decision }]) => decision === 'positive')
    .sort(([, a], [, b]) => b.probability - a.probability)[0]?.[0];
  if (maps === undefined || strongest === undefined) return [];
  const logitsOf = async (input: Tensor): Promise<Tensor> => {
    const { outputs } = await engine.run(manifest.id, input, { deadlineMs: DEADLINE_MS });
    const logits = outputs[manifest.outputs.logits];
    if (logits === undefined) throw new Error('the graph does not give the declared logits');
    return logits;
  };
  const scores = await deletionInsertion(
    { tensor: ran.prepared.tensor, maps },
    manifest.heads.findIndex(({ code }) => code === strongest),
    logitsOf,
    { toProbability: (logit) => calibrate(calibration, strongest, logit).probability },
  );
  return [{ patientId: film.patientId, finding: strongest, ...scores }];
}

/** Curves cost twenty-two runs a film, so only a sample gets them. */
export async function explainFilm(scored: ScoredFilm, ran: Ran, bench: Bench, sampled: 'curve' | 'no-curve') {
  return {
    pointed: pointedOf(scored, ran, bench),
    curves: sampled === 'curve' ? await curveOf(scored, ran, bench) : [],
  } satisfies Explained;
}
