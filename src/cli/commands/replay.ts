// `haidang replay ID`: a stored reading is computed again from the stored bytes, with the model file that it names, and what differs is printed.
import type { Command } from 'commander';
import { LOCAL_FACILITY } from '#access/identity.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { facilityOption } from '#cli/access-options.ts';
import { workOn } from '#cli/owner.ts';
import { userFolder } from '#cli/paths.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Reading } from '#kernel/finding.ts';
import { loadModels, modelOrStandIn } from '#models/load.ts';
import type { ModelFile } from '#models/model.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { type Replayed, replayedSchema } from '#preread/replay/schema.ts';
import { type Config, readConfig } from '#service/config.ts';
import { readingNamed, replayIn } from '#service/replay.ts';
import { calibrationHere } from '#service/choose-models.ts';
import { siteOf } from '#service/site-file.ts';
import type { Store } from '#store/store.ts';

interface Options {
  readonly json?: boolean;
  readonly facility?: string;
}

/** The model whose file has the recorded SHA-256, whichever folder and precision that is; else the one that the settings name. */
async function modelOf({ provenance }: Reading, config: Config) {
  const loaded = await loadModels(config.modelsDir);
  for (const model of loaded.models)
    for (const { precision, sha256 } of model.manifest.files)
      if (sha256 === provenance.modelSha256) return { model, precision };
  return { model: modelOrStandIn(loaded, config.cxrModel), precision: config.precision };
}

async function replayHere(store: Store, id: string, facilityId: string, config: Config): Promise<Replayed> {
  const site = siteOf(config);
  const reading = await readingNamed(await store.facility(facilityId), id);
  const { model: found, precision } = await modelOf(reading, config);
  const model = { ...found, calibration: calibrationHere(found, site.prevalence) };
  await using engine = await startEngine({
    models: [model],
    providers: config.providers,
    ...(precision !== undefined && { precision: precision satisfies ModelFile['precision'] }),
  });
  const policy = site.alertPolicy ?? defaultPolicy;
  const again = replayIn({ store, model, engine, pictures: inlinePictures }, { clock: systemClock, policy });
  // Awaited here: the engine ends with this function.
  return await again(facilityId, reading.id);
}

function* linesOf({
  reading,
  outcome,
  tolerance,
  largestDifference,
  differences,
  reason,
}: Replayed): Generator<string> {
  if (reason !== null)
    yield `${reading} cannot be computed again: ${reason.text.en} (${reason.code}: ${reason.detail})`;
  else if (outcome === 'same')
    yield `${reading} is the same: no probability is further than ${largestDifference} away (${tolerance} is allowed)`;
  else yield `${reading} differs (a probability may be ${tolerance} away):`;
  for (const { what, recorded, replayed } of differences) yield `  ${what}: recorded ${recorded}, now ${replayed}`;
}

async function replay(id: string, { json, facility = LOCAL_FACILITY }: Options): Promise<void> {
  const config = readConfig(process.env, userFolder());
  const found = await workOn(config, {
    directly: (store) => replayHere(store, id, facility, config),
    path: `/v1/admin/replay/${encodeURIComponent(id)}`,
    facilityId: facility,
    fromAnswer: async (answer) => replayedSchema.parse(await answer.json()),
  });
  const lines = json === true ? [JSON.stringify(found)] : [...linesOf(found)];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (found.outcome !== 'same') process.exitCode = 1;
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .argument('<id>', 'of a reading, or the UID of a study for its current one')
    .description('compute a stored reading again and say what differs; exit status 1 where anything does')
    .addOption(facilityOption())
    .option('--json', 'one JSON object')
    .action(replay);
}
