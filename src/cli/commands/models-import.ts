// `haidang models import FILE.onnx`: a classifier of somebody else becomes a folder of ours. Nothing in the graph is changed; logits, the
// embedding and, where the network allows them, class maps are added as outputs.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '#service/config.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { openGraphFile, refused } from '#cli/models-import/graph-file.ts';
import { withBestMaps } from '#cli/models-import/operate.ts';
import {
  type Asked,
  MEASURED_MAPS,
  type MapsBy,
  calibrationOf,
  goldenOf,
  manifestOf,
  stepsOf,
  writeModelFolder,
} from '#cli/models-import/write-folder.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModel } from '#models/load.ts';

interface Options {
  readonly id: string;
  readonly labels: readonly string[];
  readonly title?: string;
  readonly licence: string;
  readonly size?: number;
  readonly range: readonly [number, number];
  readonly crop: 'none' | 'center';
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly output?: string;
  readonly out?: string;
  readonly logitsOnly?: boolean;
  readonly mapsBy: (typeof MEASURED_MAPS)[number];
  readonly json?: boolean;
}

function targetOf({ id, out }: Options): string {
  if (out === undefined) return join(readConfig(process.env, userFolder()).modelsDir, id);
  const folder = resolveUserPath(out);
  return basename(folder) === id ? folder : join(folder, id);
}

async function verify(folder: string): Promise<number> {
  const model = await loadModel(folder);
  await using engine = await startEngine({ models: [model] });
  const state = engine.states().get(model.manifest.id);
  if (state?.state !== 'ready')
    throw refused('verify', state?.state === 'refused' ? state.reason : 'the process that ran it died');
  return state.goldenDifference ?? 0;
}

async function importModel(named: string, options: Options): Promise<void> {
  const target = targetOf(options);
  if (existsSync(target)) throw refused('--id', `${target} is there already`);
  const file = openGraphFile(resolveUserPath(named), options.output);
  const size = options.size ?? file.size;
  if (size === undefined)
    throw refused('--size', 'the graph takes any size; say the one that the network was trained on');
  if (file.size !== undefined && file.size !== size)
    throw refused('--size', `the graph takes ${file.size} × ${file.size} pixels, not ${size}`);
  for (const [name, list] of [
    ['--mean', options.mean],
    ['--std', options.std],
  ] as const)
    if (list !== undefined && list.length !== file.channels)
      throw refused(name, `${list.length} numbers for ${file.channels} channels`);
  const asked: Asked = {
    ...options,
    title: options.title ?? options.id,
    size,
    channels: file.channels,
    ...(options.mean !== undefined && options.std !== undefined && { means: options.mean, deviations: options.std }),
  };
  const { graph, head, trial } = await withBestMaps(file, asked, options.logitsOnly === true ? 'none' : 'best');
  const mapsBy: MapsBy = head.maps.kind === 'none' ? options.mapsBy : 'class-map';
  writeModelFolder(target, {
    manifest: manifestOf({ asked, trial, graph, inputName: file.input.name, mapsBy }),
    calibration: calibrationOf(asked),
    golden: goldenOf(stepsOf(asked), trial),
    graph,
  });
  const goldenDifference = await verify(target);
  const told = {
    model: options.id,
    folder: target,
    heads: asked.labels,
    logits: head.logits,
    activation: head.activation,
    leftOut: head.leftOut,
    maps: mapsBy,
    mapsReason: head.maps.kind === 'none' ? head.maps.reason : null,
    mapGap: trial.mapGap ?? null,
    embeddingSize: trial.embeddingSize,
    outputsChangedBy: trial.largestChange,
    goldenDifference,
  };
  process.stdout.write(options.json === true ? `${JSON.stringify(told)}\n` : `${inWords(told)}\n`);
}

interface ImportSummary {
  readonly model: string;
  readonly folder: string;
  readonly heads: readonly string[];
  readonly leftOut: readonly string[];
  readonly maps: MapsBy;
  readonly mapsReason: string | null;
  readonly mapGap: number | null;
  readonly embeddingSize: number;
  readonly outputsChangedBy: number;
}

function inWords({
  model,
  folder,
  heads,
  leftOut,
  maps,
  mapsReason,
  mapGap,
  embeddingSize,
  outputsChangedBy,
}: ImportSummary): string {
  const unusual = leftOut.filter((op) => !['Sigmoid', 'Softmax', 'Identity'].includes(op));
  return [
    `${model}: ${heads.length} heads, embedding of ${embeddingSize}, written to ${folder} and verified`,
    `the graph's own outputs changed by ${outputsChangedBy.toExponential(1)}`,
    maps === 'class-map'
      ? `class maps add up to the logits within ${(mapGap ?? 0).toExponential(1)}`
      : `no class maps: ${mapsReason}; evaluate measures maps by ${maps}`,
    ...(unusual.length > 0
      ? [`left out after the classifier: ${unusual.join(', ')}; calibration takes their place`]
      : []),
    `every answer is undecided until it is calibrated: haidang calibrate --model ${model} --dataset FOLDER`,
  ].join('\n');
}

function labels(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size !== names.length)
    throw new InvalidArgumentError('different names with commas between them');
  return names;
}

function numbers(text: string): readonly number[] {
  const list = text.split(',').map(Number);
  if (!list.every(Number.isFinite)) throw new InvalidArgumentError('numbers with commas between them');
  return list;
}

function range(text: string): readonly [number, number] {
  const [, low, high] = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const ends = [Number(low), Number(high)] as const;
  if (low === undefined || high === undefined || !(ends[0] < ends[1]))
    throw new InvalidArgumentError('for example 0..1 or -1024..1024');
  return ends;
}

function folderName(text: string): string {
  if (!/^[a-z0-9-]+$/.test(text)) throw new InvalidArgumentError('lower-case letters, digits and hyphens');
  return text;
}

function pixels(text: string): number {
  if (!/^[1-9][0-9]{1,3}$/.test(text)) throw new InvalidArgumentError('a whole number of pixels');
  return Number(text);
}

export function addModelsImportCommand(models: Command): void {
  models
    .command('import')
    .description(
      'an ONNX classifier becomes a model folder: logits, embedding and class maps are added, nothing is changed',
    )
    .argument('<file.onnx>')
    .requiredOption('--id <id>', 'name of the folder', folderName)
    .requiredOption('--labels <a,b,…>', 'findings in the order of the outputs', labels)
    .option('--size <pixels>', 'side of the square that the network takes; needed where the graph does not say', pixels)
    .option('--range <low..high>', 'values of black and white', range, [0, 1] as const)
    .addOption(
      new Option('--crop <how>', 'center: the largest square in the middle')
        .choices(['none', 'center'])
        .default('none'),
    )
    .option('--mean <a,b,c>', 'per channel, taken away after --range', numbers)
    .option('--std <a,b,c>', 'per channel, divided by', numbers)
    .option('--output <name>', 'the output that holds the answer, where there are several')
    .option('--logits-only', 'no class maps')
    .addOption(
      new Option('--maps-by <how>', 'where there are no class maps: hide one part after the other, or random parts')
        .choices(MEASURED_MAPS)
        .default('occlusion'),
    )
    .option('--title <words>', 'shown to readers')
    .option('--licence <name>', 'of the weights', 'not stated')
    .option('--out <folder>', 'instead of the folder of models')
    .option('--json', 'one JSON object')
    .action(importModel);
}
