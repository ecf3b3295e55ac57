// Watch over models while the service runs: one that was promoted takes over here, whichever process wrote its stage; a folder that came, changed
// or went is listed. The version that reads is exchanged for none but a promoted one, or at a person's word (reload).
import type { ModelIdentity } from '#kernel/model-stage.ts';
import { startRounds } from '#kernel/rounds.ts';
import { exchangeEntries, type Exchanged } from '#preread/model-routes.ts';
import type { Owner } from './closing.ts';
import type { Here } from './context.ts';
import { tokenKeyOf } from './identity.ts';
import { openModelFolders } from './model-folders.ts';
import type { Rooms } from './rooms.ts';
import { auditSetup } from './setup-audit.ts';

/** A promotion is followed within this, and a folder is listed within twice this (docs/scale.md). */
const LOOK_MS = 2_000;
/** A promoted model that could not be put in service is tried again after this, or when its folder changes. */
const AGAIN_MS = 60_000;

const ACTOR = 'system';
const nameOf = ({ modelId, modelVersion }: ModelIdentity): string => `${modelId} ${modelVersion}`;

export async function startModelWatch(here: Here, rooms: Rooms, { own }: Owner): Promise<void> {
  const { config, site, log, fault } = here;
  const { store, reading } = rooms;
  const { modelStages, audit } = await store.facility(site.facility);
  const folders = await openModelFolders(config.modelsDir);
  /** What was refused last, so that it is told once and not at each round. */
  let refused: { readonly name: string; readonly reason: string; readonly at: number } | undefined;

  async function tell(live: ModelIdentity, exchanged: readonly Exchanged[]): Promise<void> {
    const name = nameOf(live);
    const failure = exchanged.find(({ outcome }) => outcome === 'refused');
    const reason = failure?.reason ?? '';
    const isKnown = failure !== undefined && refused?.name === name && refused.reason === reason;
    refused = failure && { name, reason, at: performance.now() };
    if (isKnown || exchanged.length === 0) return;
    if (failure === undefined) log({ level: 'info', event: 'promoted model reads', model: name });
    else log({ level: 'error', event: 'promoted model does not read', model: name, reason });
    await audit.appendAll(exchangeEntries(exchanged, ACTOR));
  }

  async function follow(): Promise<void> {
    const live = (await modelStages.list()).find(({ stage }) => stage === 'live');
    if (live === undefined) return;
    if (refused?.name === nameOf(live) && performance.now() - refused.at < AGAIN_MS) return;
    await tell(live, await reading.follow(live));
  }

  async function look(): Promise<void> {
    const names = await folders.changed();
    if (names.length === 0) return;
    for (const name of names) await reading.look(name);
    refused = undefined;
    await auditSetup(here, { ...rooms, ...reading.folder() }, await tokenKeyOf(config, store));
  }

  await own(
    startRounds(async () => {
      await look().catch((thrown: unknown) => fault('folders of models not read', thrown));
      await follow().catch((thrown: unknown) => fault('promotion not followed', thrown));
      return LOOK_MS;
    }),
    (rounds) => rounds.stop(),
  );
}
