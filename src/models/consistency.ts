// Finds contradictions between the JSON files of one model.
import { goldenTensor } from './golden.ts';
import { staysInside } from './model.ts';
import type { Calibration, Golden, ModelManifest, Repeatability, Similarity } from './schema.ts';

export interface Described {
  readonly folderName: string;
  readonly manifest: ModelManifest;
  readonly calibration: Calibration;
  readonly golden: Golden;
  readonly repeatability?: Repeatability;
  readonly similarity?: Similarity;
}

const duplicates = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

function* ofManifest({ folderName, manifest }: Described): Generator<string> {
  if (manifest.id !== folderName) yield `id ${manifest.id} in a folder named ${folderName}`;
  for (const code of duplicates(manifest.heads.map((head) => head.code))) yield `head ${code} is declared twice`;
  for (const precision of duplicates(manifest.files.map((file) => file.precision)))
    yield `precision ${precision} is declared twice`;
  for (const { file } of manifest.files) {
    // <id>/<version>/… is the layout of an Open Inference Protocol model repository.
    if (!staysInside(file) || !file.startsWith(`${manifest.version}/`))
      yield `file ${file} does not lie in ${manifest.version}/`;
    else if (!file.endsWith('.onnx') && !file.endsWith('/model.json')) yield `no known kind of model: ${file}`;
  }
  const classes = manifest.gate.pixels?.classes;
  if (classes !== undefined && classes[0] !== 'chest') yield `class 0 of the pixel gate is ${classes[0]}, not chest`;
}

function rises({ logits, probabilities }: NonNullable<Calibration['heads'][number]['curve']>): boolean {
  const climbs = (values: readonly number[], strictly: boolean): boolean =>
    values.every((value, at) => at === 0 || (strictly ? value > values[at - 1]! : value >= values[at - 1]!));
  return logits.length === probabilities.length && climbs(logits, true) && climbs(probabilities, false);
}

function* ofCalibration({ manifest, calibration }: Described): Generator<string> {
  if (calibration.modelId !== manifest.id || calibration.modelVersion !== manifest.version)
    yield `calibration is of ${calibration.modelId} ${calibration.modelVersion}, model.json of ${manifest.id} ${manifest.version}`;
  const wanted = manifest.heads.map((head) => head.code);
  const given = calibration.heads.map((head) => head.code);
  for (const code of duplicates(given)) yield `head ${code} is calibrated twice`;
  for (const code of wanted.filter((each) => !given.includes(each))) yield `head ${code} has no calibration`;
  for (const code of given.filter((each) => !wanted.includes(each))) yield `calibration for ${code}, which is no head`;
  for (const head of calibration.heads) {
    if (!(head.slope > 0)) yield `slope of ${head.code} is not positive`;
    if (head.negativeTo > head.positiveFrom) yield `${head.code} would be negative and positive at once`;
    if (head.curve !== undefined && !rises(head.curve)) yield `curve of ${head.code} does not rise`;
    if (head.logitRange.minimum >= head.logitRange.maximum) yield `logit range of ${head.code} is empty`;
  }
}

function* ofGolden({ manifest, golden }: Described): Generator<string> {
  const { rows, columns, channels } = manifest.input;
  for (const [index, each] of golden.cases.entries()) {
    if (each.logits.length !== manifest.heads.length)
      yield `golden case ${index} has ${each.logits.length} logits for ${manifest.heads.length} heads`;
    if (each.embeddingFirst.length === 0 || each.embeddingFirst.length > manifest.outputs.embeddingSize)
      yield `golden case ${index} has ${each.embeddingFirst.length} embedding values`;
    const shape = goldenTensor(manifest, each).shape.join(' × ');
    if (shape !== `1 × ${channels} × ${rows} × ${columns}`)
      yield `preprocessing gives ${shape}, the input is 1 × ${channels} × ${rows} × ${columns}`;
  }
}

function* ofRepeatability({ manifest, repeatability }: Described): Generator<string> {
  if (repeatability === undefined) return;
  if (repeatability.modelId !== manifest.id || repeatability.modelVersion !== manifest.version)
    yield `repeatability is of ${repeatability.modelId} ${repeatability.modelVersion}, model.json of ${manifest.id} ${manifest.version}`;
  const given = repeatability.heads.map((head) => head.code);
  for (const code of duplicates(given)) yield `repeatability of ${code} is measured twice`;
  for (const code of given.filter((each) => !manifest.heads.some((head) => head.code === each)))
    yield `repeatability for ${code}, which is no head`;
}

function* ofSimilarity({ manifest, similarity }: Described): Generator<string> {
  if (similarity === undefined) return;
  if (similarity.modelId !== manifest.id || similarity.modelVersion !== manifest.version)
    yield `similarity is of ${similarity.modelId} ${similarity.modelVersion}, model.json of ${manifest.id} ${manifest.version}`;
}

/** Empty when all is well. Throws CareError `models.golden-differs` when preprocessing itself does not reproduce its record. */
export const contradictions = (described: Described): string[] => [
  ...ofManifest(described),
  ...ofCalibration(described),
  ...ofRepeatability(described),
  ...ofSimilarity(described),
  ...ofGolden(described),
];
