// `haidang similar`: what stands behind the similar cases of a study.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { DatasetChoice } from '#cli/evaluate/evaluate-model.ts';
import { openStoreOf } from '#cli/open-store.ts';
import { userFolder } from '#cli/paths.ts';
import { backFillSpace, spaceOf } from '#cli/similar/back-fill.ts';
import { measureCutOff } from '#cli/similar/measure-cut-off.ts';
import { spaceRows, spacesInWords, switchSpace } from '#cli/similar/spaces.ts';
import { casesOfDataset } from '#cli/train-head/cases.ts';
import { loadModel } from '#models/load.ts';
import type { Similarity } from '#models/schema.ts';
import { withInterval } from '#research/report/summary.ts';
import { type Config, readConfig } from '#service/config.ts';
import type { Store } from '#store/store.ts';
import { addDatasetOptions } from './evaluate.ts';

interface CutOffOptions extends DatasetChoice {
  readonly model: string;
  readonly quantile: number;
  readonly write?: boolean;
  readonly json?: boolean;
}

function inWords({ minimum, quantile, measuredOn, alike }: Similarity): string {
  const { films, patients, unlikePairs } = measuredOn;
  return [
    `cut-off: a similarity of ${minimum.toFixed(3)}; ${quantile * 100} % of ${unlikePairs} pairs without a common finding lie below it`,
    `from there on ${withInterval(alike)} of the pairs have a common finding or none, of all pairs ${alike.chance.toFixed(3)}`,
    `${films} films of ${patients} persons`,
  ].join('\n');
}

const modelHere = async (id: string) => {
  const config = readConfig(process.env, userFolder());
  const model = await loadModel(join(config.modelsDir, id));
  return { config, model };
};

async function cutOff({ model: id, quantile, write, json, ...choice }: CutOffOptions): Promise<void> {
  const { config, model } = await modelHere(id);
  const measured = measureCutOff(await casesOfDataset(choice, model, config.providers), model, quantile);
  if (write === true) writeFileSync(join(model.folder, 'similarity.json'), `${JSON.stringify(measured, null, 2)}\n`);
  process.stdout.write(json === true ? `${JSON.stringify(measured)}\n` : `${inWords(measured)}\n`);
}

/** A store that no service has open, or a database that both may use. Throws CareError `store.*`. */
async function withStore<Result>(config: Config, work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStoreOf(config);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

interface StoredOptions {
  readonly model: string;
  readonly json?: boolean;
}

async function backFill({ model: id, json }: StoredOptions): Promise<void> {
  const { config, model } = await modelHere(id);
  const filled = await withStore(config, (store) => backFillSpace(store, model, config));
  if (filled.failed > 0) process.exitCode = 1;
  const { vectors, refused, failed } = filled;
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ ...spaceOf(model, config), ...filled })}\n`
      : `${vectors} vectors added; ${refused} films are refused by ${id}, ${failed} failed\n`,
  );
}

interface UseOptions {
  readonly model?: string;
  readonly own?: boolean;
  readonly withGaps?: boolean;
  readonly json?: boolean;
}

async function use({ model: id, own, withGaps = false, json }: UseOptions, command: Command): Promise<void> {
  if ((id === undefined) === (own !== true)) command.error('error: either --model ID or --own');
  const config = readConfig(process.env, userFolder());
  const space = id === undefined ? undefined : spaceOf((await modelHere(id)).model, config);
  const gaps = await withStore(config, (store) => switchSpace(store, space, { withGaps }));
  const from = space === undefined ? 'each reading’s own model' : `${space.modelId} ${space.modelVersion}`;
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ readFrom: space ?? null, withoutVector: gaps })}\n`
      : `similar cases are read from ${from}; ${gaps} films have no vector there\n`,
  );
}

async function spaces({ json }: { readonly json?: boolean }): Promise<void> {
  const config = readConfig(process.env, userFolder());
  const rows = await withStore(config, spaceRows);
  process.stdout.write(json === true ? `${JSON.stringify(rows)}\n` : `${spacesInWords(rows)}\n`);
}

function quantileOf(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('a share between 0 and 1');
}

export function addSimilarCommands(program: Command): void {
  const similar = program.command('similar').description('what stands behind the similar cases of a study');
  addDatasetOptions(
    similar
      .command('cut-off')
      .description('from which similarity on two films have something in common, measured on films with labels')
      .option('--model <id>', 'folder under models/', 'cxr-findings'),
  )
    .option('--quantile <share>', 'of pairs without a common finding that lie below', quantileOf, 0.95)
    .option('--write', 'into similarity.json of the model: cases below are not offered')
    .option('--json', 'one JSON object')
    .action(cutOff);
  similar
    .command('back-fill')
    .description(
      'embed stored films with a model, so that a new version has neighbours from its first day; goes on where it stopped',
    )
    .requiredOption('--model <id>', 'folder under models/')
    .option('--json', 'one JSON object')
    .action(backFill);
  similar
    .command('use')
    .description('read similar cases from the space of one model, for films of every model')
    .option('--model <id>', 'folder under models/, filled before')
    .option('--own', 'each film within the space of the model that read it, as without this command')
    .option('--with-gaps', 'although some films have no vector there; those stay in the space of their own model')
    .option('--json', 'one JSON object')
    .action(use);
  similar
    .command('spaces')
    .description('spaces of stored vectors: size, films without a vector, recall per filter at the last nightly audit')
    .option('--json', 'one JSON array')
    .action(spaces);
}
