// `haidang models export-repository FOLDER`: models/ as the inference servers of others load it.
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { loadModels } from '#models/load.ts';
import { FOLDER_PREFIX, openRiskLibrary } from '#risk/equation/library.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { servedEquation, servedImaging, type ServedModel } from '#cli/models-export/served-model.ts';
import { writeServed } from '#cli/models-export/write-repository.ts';

interface Options {
  readonly models?: string;
  readonly json?: boolean;
}

async function* servedModels(
  folder: string,
  precision: 'fp32' | 'fp16' | 'int8' | undefined,
): AsyncGenerator<ServedModel> {
  const { models, refused } = await loadModels(folder);
  const library = await openRiskLibrary(folder);
  try {
    for (const each of [...refused, ...library.refused]) {
      process.stderr.write(`  ${each.folder} is refused: ${each.code}: ${each.reason}\n`);
      process.exitCode = 1;
    }
    for (const model of models) {
      const file = model.file(precision);
      if (file.format === 'onnx') yield servedImaging(model, file);
      else process.stderr.write(`  ${model.manifest.id} is left out: it is no ONNX model\n`);
    }
    for (const [id, served] of library.equations) {
      const name = `${FOLDER_PREFIX}${id}`;
      yield servedEquation(served, name, join(folder, name, served.equation.data.version, 'model.onnx'));
    }
  } finally {
    await library.close();
  }
}

async function exportRepository(folder: string, options: Options): Promise<void> {
  const { modelsDir, precision } = readConfig(process.env, resolveUserPath('.'));
  const from = options.models === undefined ? modelsDir : resolveUserPath(options.models);
  for await (const model of servedModels(from, precision)) {
    const files = await writeServed(resolveUserPath(folder), model);
    const line =
      options.json === true ? JSON.stringify({ model: model.id, version: model.version, files }) : files.join('  ');
    process.stdout.write(`${line}\n`);
  }
}

export function addModelsExportCommand(models: Command): void {
  models
    .command('export-repository <folder>')
    .description('write the models as a repository for Triton, KServe, OpenVINO Model Server and MLServer')
    .option('--models <folder>', 'folder of models (default: HAIDANG_MODELS_DIR, else the one of this program)')
    .option('--json', 'one JSON line per model')
    .action(exportRepository);
}
