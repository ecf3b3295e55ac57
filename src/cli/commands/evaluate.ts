// `haidang evaluate`: a labelled folder of films through the service's own pipeline → every figure of a study, with intervals.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SingleBar, Presets } from 'cli-progress';
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { calibrate } from '#calibration/calibrate.ts';
import { type Box, type Dataset, type LabelledFilm, readDataset } from '#research/dataset.ts';
import { type Figure, NIH_FINDINGS, type ScoredFilm, figures } from '#research/figures.ts';
import { type CurvePoint, type Pointed, curveFigures, pointingFigures } from '#research/pointing.ts';
import { classMap, peak } from '#explanation/class-map.ts';
import { deletionInsertion } from '#explanation/deletion.ts';
import { type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Tensor } from '#kernel/frame.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { loadModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { type Prepared, prepareImage, specFor } from '#preread/read/prepare.ts';
import { readStudy } from '#preread/read/read-study.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';

const DEADLINE_MS = 60_000;
/** Films in flight: enough to keep two inference processes busy while this one decodes. */
const IN_FLIGHT = 4;
/** Curves cost twenty-two runs a film; a sample is enough for their mean. */
const CURVE_FILMS = 150;
/** Heads whose map may stand for the radiologists' "lung opacity", each reported by itself. */
const OPACITY_HEADS = ['any-abnormality', 'Pneumonia', 'Consolidation', 'Infiltration'];

interface Bench {
  readonly model: Model;
  readonly engine: RunningEngine;
  readonly dataset: Dataset;
}

const declaredOf = ({ ageYears, sex, view }: LabelledFilm) => ({
  ...(ageYears !== undefined && { ageYears }),
  ...((sex === 'M' || sex === 'F') && { sex }),
  ...((view === 'PA' || view === 'AP') && { view }),
});

/** Headings that the boxes use → heads whose map is judged by them. */
function headsFor(box: Box, model: Model): string[] {
  const known = new Set(model.manifest.heads.map(({ code }) => code));
  const names =
    box.finding === 'Lung Opacity'
      ? OPACITY_HEADS
      : NIH_FINDINGS.filter((name) => name.startsWith(box.finding.replace('Infiltrate', 'Infiltration')));
  return names.filter((name) => known.has(name));
}

/** The same model, but no finding asks for a heatmap: maps are judged apart, and cost more runs than the reading itself. */
const withoutMaps = (model: Model): Model => ({
  ...model,
  manifest: { ...model.manifest, heads: model.manifest.heads.map((head) => ({ ...head, explains: false })) },
});

async function scoreFilm(
  film: LabelledFilm,
  { model, engine, dataset }: Bench,
): Promise<ScoredFilm & { readonly prepared: Prepared | undefined }> {
  const bytes = await readFile(join(dataset.folder, film.file));
  let prepared: Prepared | undefined;
  const { reading } = await readStudy(
    { uid: film.file, images: [{ sha256: sha256Hex(bytes), load: async () => bytes }], declared: declaredOf(film) },
    {
      model: withoutMaps(model),
      engine,
      clock: systemClock,
      facilityId: 'evaluation',
      policyVersion: 'none',
      deadlineMs: DEADLINE_MS,
      open: async () => (prepared = await prepareImage(bytes, specFor(model.manifest))),
      drawHeatmap: async () => new Uint8Array(),
    },
  );
  const refused = reading.outcome === 'assessed' ? undefined : (reading.reasons[0]?.code ?? 'unknown');
  const heads = new Map(reading.findings.map(({ code, probability, decision }) => [code, { probability, decision }]));
  return { film, refused, heads, prepared };
}

async function explainFilm(
  { film, prepared, heads }: Awaited<ReturnType<typeof scoreFilm>>,
  bench: Bench,
  withCurve: boolean,
) {
  const { model, engine, dataset } = bench;
  const { manifest, calibration } = model;
  const pointed: Pointed[] = [];
  const curves: CurvePoint[] = [];
  const boxes = dataset.boxes.filter(({ file }) => file === film.file);
  if (prepared === undefined || (boxes.length === 0 && !withCurve)) return { pointed, curves };
  const run = (input: Tensor) => engine.run(manifest.id, input, { deadlineMs: DEADLINE_MS });
  const { outputs } = await run(prepared.tensor);
  const maps = outputs[manifest.outputs.maps];
  if (maps === undefined) return { pointed, curves };
  const indexOf = (code: string): number => manifest.heads.findIndex((head) => head.code === code);
  const byHead = new Map<string, Box[]>();
  for (const box of boxes)
    for (const code of headsFor(box, model))
      byHead.set(`${box.source}\n${code}`, [...(byHead.get(`${box.source}\n${code}`) ?? []), box]);
  for (const [key, group] of byHead) {
    const [source = '', finding = ''] = key.split('\n');
    const { x, y } = peak(classMap(maps, indexOf(finding), prepared.trace));
    pointed.push({
      patientId: film.patientId,
      source,
      finding,
      x: x / prepared.sourceColumns,
      y: y / prepared.sourceRows,
      boxes: group,
    });
  }
  const strongest = [...heads]
    .filter(([, { decision }]) => decision === 'positive')
    .sort(([, a], [, b]) => b.probability - a.probability)[0]?.[0];
  if (withCurve && strongest !== undefined) {
    const toProbability = (logit: number): number => calibrate(calibration, strongest, logit).probability;
    const logitsOf = async (input: Tensor): Promise<Tensor> => {
      const logits = (await run(input)).outputs[manifest.outputs.logits];
      if (logits === undefined) throw new Error('the graph does not give the declared logits');
      return logits;
    };
    const scores = await deletionInsertion({ tensor: prepared.tensor, maps }, indexOf(strongest), logitsOf, {
      toProbability,
    });
    curves.push({ patientId: film.patientId, finding: strongest, ...scores });
  }
  return { pointed, curves };
}

async function evaluate(bench: Bench, progress: SingleBar): Promise<Figure[]> {
  const scored: ScoredFilm[] = [];
  const pointed: Pointed[] = [];
  const curves: CurvePoint[] = [];
  const queue = bench.dataset.films.values();
  let curveFilms = 0;
  async function worker(): Promise<void> {
    for (const film of queue) {
      const result = await scoreFilm(film, bench);
      scored.push({ film, refused: result.refused, heads: result.heads });
      if (result.refused === undefined) {
        const positive = [...result.heads.values()].some(({ decision }) => decision === 'positive');
        const withCurve = positive && curveFilms < CURVE_FILMS;
        if (withCurve) curveFilms += 1;
        const explained = await explainFilm(result, bench, withCurve);
        pointed.push(...explained.pointed);
        curves.push(...explained.curves);
      }
      progress.increment();
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  // The order of arrival must not change a bootstrap.
  scored.sort((left, right) => left.film.file.localeCompare(right.film.file));
  pointed.sort((left, right) => left.patientId.localeCompare(right.patientId));
  curves.sort((left, right) => left.patientId.localeCompare(right.patientId));
  return [...figures(scored), ...pointingFigures(pointed), ...curveFigures(curves)];
}

interface Options {
  readonly model: string;
  readonly dataset: string;
  readonly split: string;
  readonly precision: Precision;
  readonly json?: boolean;
}

const text = (value: number | null): string => (value === null ? '   –  ' : value.toFixed(3).padStart(6));

const inWords = ({ source, finding, metric, value, lower, upper, n, positives, note }: Figure): string =>
  `${source.padEnd(20)} ${finding.padEnd(22)} ${metric.padEnd(20)} ${text(value)} [${text(lower)}, ${text(upper)}]  ${positives}/${n}  ${note ?? ''}`.trimEnd();

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('figures with 95 % intervals over a labelled folder, through the same pipeline as the service')
    .requiredOption('--model <id>', 'folder under models/', 'cxr-findings')
    .requiredOption('--dataset <folder>', 'labels.csv, boxes.csv and images')
    .option('--split <name>', 'rows of labels.csv with this split', 'test')
    .option('--precision <name>', 'fp32, fp16 or int8; without it the first that the model ships')
    .option('--json', 'one JSON object')
    .action(async (options: Options) => {
      const { modelsDir, providers } = readConfig(process.env, userFolder());
      const model = await loadModel(join(modelsDir, options.model));
      const dataset = readDataset(resolveUserPath(options.dataset), options.split);
      await using engine = await startEngine({
        models: [model],
        ...(options.precision !== undefined && { precision: options.precision }),
        processes: 2,
        providers,
      });
      const progress = new SingleBar(
        { format: '{bar} {value}/{total} films, {eta_formatted} left', stream: process.stderr },
        Presets.shades_classic,
      );
      progress.start(dataset.films.length, 0);
      const rows = await evaluate({ model, engine, dataset }, progress);
      progress.stop();
      const { precision, sha256 } = model.file(options.precision);
      const result = {
        model: options.model,
        dataset: options.dataset,
        split: options.split,
        precision,
        modelSha256: sha256,
        figures: rows,
      };
      process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `${rows.map(inWords).join('\n')}\n`);
    });
}
