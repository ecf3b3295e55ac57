// `haidang models`, or `models list`: the imaging models that there are, and which of them reads; beside it, `verify` and `reload`.
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { addModelsExportCommand } from './models-export.ts';
import { addModelsImportCommand } from './models-import.ts';
import { addModelsPromoteCommand } from './models-promote.ts';
import { addModelsTrialCommand } from './models-trial.ts';
import { addReloadCommand } from './models-reload.ts';
import { addVerifyCommand } from './models-verify.ts';

interface Listed {
  readonly model: string;
  readonly version: string;
  readonly title: Model['manifest']['title'];
  readonly files: readonly { readonly precision: string; readonly megabytes: number }[];
  /** The one that HAIDANG_CXR_MODEL names. */
  readonly inUse: boolean;
  /** As HAIDANG_PRECISION asks; null where it is not in use. */
  readonly precision: string | null;
}

const megabytes = (bytes: number): number => Number((bytes / 1e6).toFixed(1));

const inWords = ({ model, version, title, files, inUse, precision }: Listed): string => {
  const sizes = files.map((file) => `${file.precision} ${file.megabytes} MB`).join(', ');
  return `${inUse ? '*' : ' '} ${model} ${version}  ${title.en}  (${sizes})${inUse ? `  reads, ${precision}` : ''}`;
};

interface Options {
  readonly json?: boolean;
  readonly models?: string;
}

async function list(options: Options): Promise<void> {
  const { modelsDir, cxrModel, precision } = readConfig(process.env, resolveUserPath('.'));
  const { models, refused } = await loadModels(
    options.models === undefined ? modelsDir : resolveUserPath(options.models),
  );
  for (const { manifest } of models) {
    // Of several versions the first one, or the one that the site file tries beside it (`canary`).
    const inUse = manifest === models.find((each) => each.manifest.id === cxrModel)?.manifest;
    const listed: Listed = {
      model: manifest.id,
      version: manifest.version,
      title: manifest.title,
      files: manifest.files.map((file) => ({ precision: file.precision, megabytes: megabytes(file.bytes) })),
      inUse,
      precision: inUse ? (precision ?? manifest.files[0]?.precision ?? null) : null,
    };
    process.stdout.write(`${options.json === true ? JSON.stringify(listed) : inWords(listed)}\n`);
  }
  for (const { folder, code, reason } of refused) process.stderr.write(`  ${folder} is refused: ${code}: ${reason}\n`);
  if (models.some(({ manifest }) => manifest.id === cxrModel)) return;
  process.stderr.write('None of these is the one that HAIDANG_CXR_MODEL names.\n');
  process.exitCode = 1;
}

export function addModelsCommands(program: Command): void {
  const models = program.command('models').description('imaging models and risk equations');
  models
    .command('list', { isDefault: true })
    .description('the imaging models, and which of them reads (HAIDANG_CXR_MODEL)')
    .option('--models <folder>', 'folder of models (default: HAIDANG_MODELS_DIR, else the one of this program)')
    .option('--json', 'one JSON line per model')
    .action(list);
  addModelsExportCommand(models);
  addModelsImportCommand(models);
  addModelsPromoteCommand(models);
  addModelsTrialCommand(models);
  addReloadCommand(models);
  addVerifyCommand(models);
}
