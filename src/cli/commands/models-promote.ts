// `haidang models promote`: brings a model to another stage, directly in the store or through the running service.
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type Accepted, exitInWords, marginOption, untestedOption } from '#cli/models-promote/exit.ts';
import { storeOrService } from '#cli/open-store.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { createClient } from '#client/client.ts';
import { systemClock } from '#kernel/clock.ts';
import { MODEL_STAGES, type ModelStage } from '#kernel/model-stage.ts';
import { loadModels, modelNamed } from '#models/load.ts';
import { promotionErrors } from '#promotion/errors.ts';
import type { ExitVerdict } from '#promotion/exit.ts';
import { promote } from '#promotion/promote.ts';
import { type TrialReport, trialReportSchema } from '#promotion/report.ts';
import { readConfig } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import { promotionOf } from '#service/promotion.ts';
import { siteOf } from '#service/site-file.ts';

const ACTOR = 'command-line';
const TOKEN_S = 60;

interface PromoteOptions {
  readonly to: ModelStage;
  readonly modelVersion?: string;
  readonly approver?: string;
  readonly report?: string;
  readonly margin: number;
  readonly untested: readonly string[];
  readonly json?: boolean;
}

function readReport(file: string): TrialReport {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolveUserPath(file), 'utf8'));
  } catch (cause) {
    throw promotionErrors.error('report-unfit', { field: file, reason: 'the file cannot be read as JSON', cause });
  }
  const parsed = trialReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw promotionErrors.error('report-unfit', { field: file, reason: z.prettifyError(parsed.error).slice(0, 500) });
}

interface StepOutcome {
  readonly id: string;
  readonly version: string;
  readonly stage: ModelStage;
  readonly approver: string | null;
  readonly exit: ExitVerdict | null;
  /** Why it does not read yet, where it became live. */
  readonly reason: string | null;
}

async function step(
  id: string,
  { to, modelVersion, approver, margin, untested, report: file }: PromoteOptions,
): Promise<StepOutcome> {
  const config = readConfig(process.env, userFolder());
  const report = file === undefined ? undefined : readReport(file);
  const wanted = {
    to,
    margin,
    untested: [...untested],
    ...(modelVersion !== undefined && { version: modelVersion }),
    ...(approver !== undefined && { approver }),
    ...(report !== undefined && { report }),
  };
  const siteFacility = siteOf(config).facility;
  return storeOrService<StepOutcome>(config, {
    async directly(store) {
      try {
        const loaded = await loadModels(config.modelsDir);
        const { manifest } = modelNamed(loaded, config.cxrModel);
        const deps = await promotionOf({
          store,
          models: () => loaded.models,
          configured: () => ({ modelId: manifest.id, modelVersion: manifest.version }),
          config,
          siteFacility,
        });
        const { staged, exit } = await promote(
          { ...wanted, modelId: id, modelVersion: wanted.version, actor: ACTOR },
          deps,
        );
        return {
          id: staged.modelId,
          version: staged.modelVersion,
          stage: staged.stage,
          approver: staged.approver ?? null,
          exit: exit ?? null,
          reason: null,
        };
      } finally {
        await store.close();
      }
    },
    async through(address) {
      const tokens = await tokensBeside(config, systemClock);
      const token = await tokens.issue({ actor: ACTOR, roles: ['admin'], facilityId: siteFacility, seconds: TOKEN_S });
      const { v1 } = createClient({ baseUrl: address, token });
      const { data } = await v1.stageModel(id, wanted);
      return data;
    },
  });
}

const whenItReads = ({ stage, reason }: StepOutcome): string => {
  if (stage !== 'live') return '';
  return reason === null ? '; services that run let it read within seconds' : `; it does not read yet: ${reason}`;
};

export function addModelsPromoteCommand(models: Command): void {
  models
    .command('promote')
    .description('bring a model to another stage; pilot and live need a passed exit and a named approver')
    .argument('<id>')
    .addOption(new Option('--to <stage>', 'the stage').choices(MODEL_STAGES).makeOptionMandatory())
    .option('--model-version <number>', 'one that lies beside the files of the model itself')
    .option('--approver <name>', 'who answers for it')
    .option('--report <file>', 'made by `haidang models trial`; absent: the confirmed cases of this service')
    .addOption(marginOption())
    .addOption(untestedOption())
    .option('--json', 'one JSON object')
    .action(async (id: string, { acceptUntested, ...options }: Accepted<PromoteOptions>) => {
      const outcome = await step(id, { ...options, untested: acceptUntested });
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(outcome)}\n`
          : `${outcome.exit === null ? '' : exitInWords(outcome.exit)}${outcome.id} ${outcome.version} is ${outcome.stage}${whenItReads(outcome)}\n`,
      );
    });
}
