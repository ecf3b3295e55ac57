// `haidang train-head`: a new head on the embeddings of a model that is here, from a labelled data set or from what people confirmed → a model
// folder, and its area under the ROC curve on persons that were kept apart.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Sample } from '#calibration/fit-head.ts';
import { type DatasetChoice } from '#cli/evaluate/evaluate-model.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { casesOfDataset, casesOfStore, type Gathered, type LabelledCase } from '#cli/train-head/cases.ts';
import { type HeadSamples, writeHead } from '#cli/train-head/write-head.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { openAnyLibrary } from '#inference/executors/tfjs-library.ts';
import { loadModel } from '#models/load.ts';
import { areaOf } from '#research/statistics/delong.ts';
import { Z_95 } from '#research/statistics/normal.ts';
import { digits, withInterval } from '#research/report/summary.ts';
import { alignedTable } from '#research/report/text.ts';
import { readConfig } from '#service/config.ts';
import { trainingErrors } from '#training/errors.ts';
import { type Part, partOf } from '#training/parts.ts';
import { logitsOf, type TrainedHead, trainHead } from '#training/train-head.ts';

interface Options extends Omit<DatasetChoice, 'dataset'> {
  readonly id: string;
  readonly base: string;
  readonly dataset?: string;
  readonly confirmed?: boolean;
  readonly findings?: readonly string[];
  readonly seed: number;
  readonly epochs: number;
  readonly out?: string;
  readonly json?: boolean;
}

interface Judged {
  readonly finding: string;
  readonly n: number;
  readonly positives: number;
  readonly auroc: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

const samplesOf = (code: string, at: number, cases: readonly LabelledCase[], head: TrainedHead): Sample[] =>
  cases.flatMap(({ patient, embedding, labels }) => {
    const positive = labels.get(code);
    return positive === undefined ? [] : [{ logit: logitsOf(head, embedding)[at] ?? Number.NaN, positive, patient }];
  });

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** On persons that neither the weights nor the stop have seen. */
function judge(finding: string, samples: readonly Sample[]): Judged {
  const positives = samples.filter(({ positive }) => positive).length;
  const { value, variance } = areaOf(
    samples.map(({ logit }) => logit),
    samples.map(({ positive }) => positive),
    samples.map(({ patient }) => patient),
  );
  const reach = Z_95 * Math.sqrt(variance);
  return {
    finding,
    n: samples.length,
    positives,
    auroc: finite(value),
    lower: finite(Math.max(0, value - reach)),
    upper: finite(Math.min(1, value + reach)),
  };
}

async function gather(options: Options, model: Awaited<ReturnType<typeof loadModel>>): Promise<Gathered> {
  const config = readConfig(process.env, userFolder());
  if (options.confirmed === true) return casesOfStore(config, model);
  const { dataset, split, describe } = options;
  const choice = {
    dataset: dataset ?? '',
    ...(split !== undefined && { split }),
    ...(describe !== undefined && { describe }),
  };
  return casesOfDataset(choice, model, config.providers);
}

/** Exactly as the service does before it serves. */
async function verified(folder: string): Promise<number> {
  const model = await loadModel(folder);
  await using engine = await startEngine({ models: [model] });
  const state = engine.states().get(model.manifest.id);
  if (state?.state === 'ready') return state.goldenDifference ?? 0;
  throw new Error(`the new folder does not verify: ${state?.state === 'refused' ? state.reason : 'no answer'}`);
}

async function run(options: Options, command: Command): Promise<void> {
  if ((options.dataset === undefined) === (options.confirmed !== true))
    command.error('error: either --dataset FOLDER or --confirmed');
  const { modelsDir, threadsPerProcess } = readConfig(process.env, userFolder());
  const folder = options.out === undefined ? join(modelsDir, options.id) : resolveUserPath(options.out);
  if (basename(folder) !== options.id) command.error(`error: the folder must be named ${options.id}`);
  if (existsSync(folder)) command.error(`error: ${folder} is there already`);
  const base = await loadModel(join(modelsDir, options.base));
  const { cases, from, refused } = await gather(options, base);
  const heads = options.findings ?? [...new Set(cases.flatMap(({ labels }) => [...labels.keys()]))].sort();
  if (heads.length === 0) throw trainingErrors.error('too-few', { reason: `no label among ${cases.length} films` });
  const parts = new Map<Part, LabelledCase[]>();
  for (const each of cases) {
    const part = partOf(each.patient, options.seed);
    parts.set(part, [...(parts.get(part) ?? []), each]);
  }
  const head = await trainHead(
    cases.map(({ patient, embedding, labels }) => ({
      part: partOf(patient, options.seed),
      embedding,
      labels: heads.map((code) => labels.get(code)),
    })),
    {
      heads,
      mostEpochs: options.epochs,
      onEpoch: (epoch, loss) =>
        void (epoch % 20 === 0 && process.stderr.write(`epoch ${epoch}: validation loss ${loss.toFixed(4)}\n`)),
    },
    await openAnyLibrary(threadsPerProcess),
  );
  const held: HeadSamples = new Map(
    heads.map((code, at) => [code, samplesOf(code, at, parts.get('validation') ?? [], head)]),
  );
  const { maps } = await writeHead(folder, { id: options.id, codes: heads, base, head, held, from });
  const goldenDifference = await verified(folder);
  const report = {
    model: options.id,
    folder,
    base: `${base.manifest.id} ${base.manifest.version}`,
    from,
    films: cases.length,
    refused,
    patients: new Set(cases.map(({ patient }) => patient)).size,
    parts: Object.fromEntries([...parts].map(([part, own]) => [part, own.length])),
    seed: options.seed,
    provider: head.provider,
    epochs: head.epochs,
    bestEpoch: head.bestEpoch,
    stopped: head.stopped,
    validationLoss: head.validationLoss,
    maps,
    goldenDifference,
    test: heads.map((code, at) => judge(code, samplesOf(code, at, parts.get('test') ?? [], head))),
  };
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : `${inWords(report)}\n`);
}

interface Report {
  readonly model: string;
  readonly folder: string;
  readonly base: string;
  readonly films: number;
  readonly patients: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly provider: string;
  readonly bestEpoch: number;
  readonly stopped: string;
  readonly maps: string;
  readonly test: readonly Judged[];
}

function inWords({
  model,
  folder,
  base,
  films,
  patients,
  parts,
  provider,
  bestEpoch,
  stopped,
  maps,
  test,
}: Report): string {
  const split = Object.entries(parts).map(([part, n]) => `${n} ${part}`);
  return [
    alignedTable([
      ['finding', 'pos./n', 'AUROC on persons kept apart'],
      ...test.map(({ finding, positives, n, auroc, lower, upper }) => [
        finding,
        `${positives}/${n}`,
        auroc === null ? digits(null) : withInterval({ value: auroc, lower, upper }),
      ]),
    ]),
    `${films} films of ${patients} persons: ${split.join(', ')}; weights of epoch ${bestEpoch} (stopped ${stopped}, ${provider})`,
    `${model} on ${base}, maps by ${maps}, written to ${folder} and verified`,
    `calibrated on the persons that the training stopped on; on others: haidang calibrate --model ${model} --dataset FOLDER`,
  ].join('\n');
}

function folderName(text: string): string {
  if (!/^[a-z0-9-]+$/.test(text)) throw new InvalidArgumentError('lower-case letters, digits and hyphens');
  return text;
}

function whole(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}

export function addTrainHeadCommand(program: Command): void {
  program
    .command('train-head')
    .description('a new head on the embeddings of a model: training, early stopping and judgement on different persons')
    .requiredOption('--id <id>', 'name of the new model folder', folderName)
    .option('--base <id>', 'the model whose embeddings are taken', 'cxr-findings')
    .option('--dataset <folder>', 'labelled films')
    .option('--confirmed', 'instead of a data set: the stored embeddings of films that people answered')
    .option('--split <name>', 'films of this split of the data set only')
    .option('--describe <file>', 'dataset.json of another place, or the id of one under datasets/')
    .option('--findings <a,b>', 'heads to train; absent: all that are labelled', (text) => text.split(','))
    .option('--seed <n>', 'which persons learn, stop and judge', whole, 1)
    .option('--epochs <n>', 'at most', whole, 500)
    .option('--out <folder>', 'instead of the folder of models')
    .option('--json', 'one JSON object')
    .action(run);
}
