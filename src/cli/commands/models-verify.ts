// `haidang models verify`: every imaging model with every file of weights, and every risk equation, is run against its golden outputs → one
// JSON line for each.
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { resolveUserPath } from '#cli/paths.ts';

type Verdict =
  | {
      readonly model: string;
      readonly version: string;
      readonly precision: Precision | 'fp64';
      readonly sha256: string;
      readonly outcome: 'ready';
      readonly provider: string;
      readonly passedOver: readonly { readonly provider: string; readonly reason: string }[];
      /** Of any golden output value from its record, and how much is allowed. */
      readonly goldenDifference: number | null;
      readonly tolerance: number;
    }
  | {
      readonly model: string;
      /** Null when the folder could not be read far enough to tell. */
      readonly version: string | null;
      readonly precision: Precision | null;
      readonly outcome: 'refused';
      readonly reason: string;
    };

interface Where {
  readonly providers: readonly string[];
  readonly threads: number;
}

/** Runs in a child process, exactly as the service does before it serves. */
async function verdictOf(model: Model, precision: Precision, { providers, threads }: Where): Promise<Verdict> {
  const { id, version } = model.manifest;
  await using engine = await startEngine({ models: [model], precision, providers, threadsPerProcess: threads });
  const state = engine.states().get(id);
  if (state?.state !== 'ready') {
    const reason = state?.state === 'refused' ? state.reason : 'the process that ran it died';
    return { model: id, version, precision, outcome: 'refused', reason };
  }
  return {
    model: id,
    version,
    precision,
    sha256: state.sha256,
    outcome: 'ready',
    provider: state.provider,
    passedOver: state.passedOver ?? [],
    goldenDifference: state.goldenDifference ?? null,
    tolerance: model.golden.tolerance[precision],
  };
}

async function* verdicts(folder: string, where: Where): AsyncGenerator<Verdict> {
  const { models, refused } = await loadModels(folder);
  for (const { folder: model, code, reason } of refused)
    yield { model, version: null, precision: null, outcome: 'refused', reason: `${code}: ${reason}` };
  for (const model of models) {
    for (const { precision } of model.manifest.files) yield await verdictOf(model, precision, where);
  }
  yield* equationVerdicts(folder);
}

async function* equationVerdicts(folder: string): AsyncGenerator<Verdict> {
  const library = await openRiskLibrary(folder);
  for (const { folder: model, code, reason } of library.refused)
    yield { model, version: null, precision: null, outcome: 'refused', reason: `${code}: ${reason}` };
  for (const [id, { equation, golden, modelSha256 }] of library.equations) {
    yield {
      model: `risk-${id}`,
      version: equation.data.version,
      precision: 'fp64',
      sha256: modelSha256,
      outcome: 'ready',
      provider: 'cpu',
      passedOver: [],
      goldenDifference: golden.difference,
      tolerance: golden.tolerance,
    };
  }
  await library.close();
}

const inWords = (verdict: Verdict): string =>
  verdict.outcome === 'refused'
    ? `${verdict.model} ${verdict.precision ?? ''} REFUSED: ${verdict.reason}`
    : `${verdict.model} ${verdict.version} ${verdict.precision} ready on ${verdict.provider}, golden outputs within ` +
      `${verdict.goldenDifference?.toExponential(1) ?? '?'} (allowed ${verdict.tolerance}), SHA-256 ${verdict.sha256.slice(0, 16)}…`;

interface Options {
  readonly json?: boolean;
  readonly models?: string;
}

export function addVerifyCommand(models: Command): void {
  models
    .command('verify')
    .description('check every model folder and reproduce its golden outputs')
    .option('--models <folder>', 'folder of models (default: HAIDANG_MODELS_DIR, else the one of this program)')
    .option('--json', 'one JSON line per model and precision')
    .action(async (options: Options) => {
      const config = readConfig(process.env, resolveUserPath('.'));
      const folder = options.models === undefined ? config.modelsDir : resolveUserPath(options.models);
      const where = { providers: config.providers, threads: config.threadsPerProcess };
      let count = 0;
      for await (const verdict of verdicts(folder, where)) {
        count += 1;
        if (verdict.outcome === 'refused') process.exitCode = 1;
        process.stdout.write(`${options.json === true ? JSON.stringify(verdict) : inWords(verdict)}\n`);
      }
      if (count > 0) return;
      process.stderr.write(`There is no model in ${folder}\n`);
      process.exitCode = 1;
    });
}
