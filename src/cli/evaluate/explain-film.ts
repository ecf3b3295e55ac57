// Does the map of a film point where radiologists drew, and does the probability follow the map? One film's share of those figures.
import { calibrate } from '#calibration/calibrate.ts';
import { classMap, peak } from '#explanation/class-map.ts';
import { deletionInsertion } from '#explanation/deletion.ts';
import { occlusionMaps } from '#explanation/occlusion.ts';
import { riseMaps } from '#explanation/rise.ts';
import type { Tensor } from '#kernel/frame.ts';
import type { Model } from '#models/model.ts';
import type { ReaderBox } from '#research/dataset/box.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { CurvePoint, Pointed } from '#research/analysis/pointing.ts';
import { type Bench, DEADLINE_MS, type Ran } from './score-film.ts';

export interface FilmFaithfulness {
  readonly pointed: readonly Pointed[];
  readonly curves: readonly CurvePoint[];
}

/** The boxes of a film by who drew them and by the head whose map they judge. */
function boxesByHead(boxes: readonly ReaderBox[], model: Model, heads: Readonly<Record<string, readonly string[]>>) {
  const known = new Set(model.manifest.heads.map(({ code }) => code));
  const groups = new Map<string, { source: string; finding: string; boxes: ReaderBox[] }>();
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

/** Of a model whose graph gives no maps they cost a run per part of the picture, so they are asked for only where they are needed. */
async function mapsOf({ prepared, outputs }: Ran, { model, engine }: Bench): Promise<Tensor | undefined> {
  const { maps, mapsBy, mapRows, mapColumns, logits } = model.manifest.outputs;
  const own = outputs[logits];
  if (mapsBy === undefined || own === undefined) return outputs[maps];
  const sizes = { rows: mapRows, columns: mapColumns };
  if (mapsBy === 'rise') return riseMaps(prepared.tensor, logitsOf(model, engine), sizes);
  return occlusionMaps({ tensor: prepared.tensor, logits: own }, logitsOf(model, engine), sizes);
}

const logitsOf =
  ({ manifest }: Model, engine: Bench['engine']) =>
  async (input: Tensor): Promise<Tensor> => {
    const { outputs } = await engine.run(manifest.id, input, { deadlineMs: DEADLINE_MS });
    const logits = outputs[manifest.outputs.logits];
    if (logits === undefined) throw new Error('the graph does not give the declared logits');
    return logits;
  };

interface Mapped {
  readonly scored: ScoredFilm;
  readonly prepared: Ran['prepared'];
  readonly maps: Tensor;
  readonly boxes: readonly ReaderBox[];
}

function pointedOf({ scored: { film }, prepared, maps, boxes }: Mapped, { model, dataset }: Bench): Pointed[] {
  const { manifest } = model;
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

const strongestOf = ({ heads }: ScoredFilm): string | undefined =>
  [...heads]
    .filter(([, { decision }]) => decision === 'positive')
    .sort(([, a], [, b]) => b.probability - a.probability)[0]?.[0];

async function curveOf({ scored, prepared, maps }: Mapped, { model, engine }: Bench): Promise<CurvePoint[]> {
  const { manifest, calibration } = model;
  const strongest = strongestOf(scored);
  if (strongest === undefined) return [];
  const scores = await deletionInsertion(
    { tensor: prepared.tensor, maps },
    manifest.heads.findIndex(({ code }) => code === strongest),
    logitsOf(model, engine),
    { toProbability: (logit) => calibrate(calibration, strongest, logit).probability },
  );
  return [{ patientId: scored.film.patientId, finding: strongest, ...scores }];
}

/** Curves cost twenty-two runs a film, so only a sample gets them. */
export async function explainFilm(
  scored: ScoredFilm,
  ran: Ran,
  bench: Bench,
  sampled: 'curve' | 'no-curve',
): Promise<FilmFaithfulness> {
  const boxes = bench.dataset.boxes.filter(({ file }) => file === scored.film.file);
  const wantsCurve = sampled === 'curve' && strongestOf(scored) !== undefined;
  const maps = boxes.length > 0 || wantsCurve ? await mapsOf(ran, bench) : undefined;
  if (maps === undefined) return { pointed: [], curves: [] };
  const mapped = { scored, prepared: ran.prepared, maps, boxes };
  return { pointed: pointedOf(mapped, bench), curves: wantsCurve ? await curveOf(mapped, bench) : [] };
}
