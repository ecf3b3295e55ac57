// Joins stages, silent models and confirmed cases: what the promotion's door needs, and what runs beside the live model.
import { siteCalibration } from '#calibration/prevalence.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import type { ModelState } from '#inference/engine/engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { CareError } from '#kernel/errors.ts';
import type { ModelIdentity } from '#kernel/model-stage.ts';
import { isVersion, type Model } from '#models/model.ts';
import { failedReading } from '#preread/commit/new-reading.ts';
import { imagesOf } from '#preread/commit/study-reader.ts';
import { reason, reasonOf } from '#preread/gate/reasons.ts';
import { createFilms } from '#preread/intake/decoded-films.ts';
import { exchangeEntries } from '#preread/model-routes.ts';
import { specFor } from '#preread/read/prepare.ts';
import { readStudy } from '#preread/read/read-study.ts';
import { type SilentBench, startSilentReader } from '#preread/silent/silent-reader.ts';
import { promotionErrors } from '#promotion/errors.ts';
import type { KnownModel, PromotionDeps } from '#promotion/promote.ts';
import type { PromotionDoorDeps } from '#promotion/routes.ts';
import { stageOf } from '#promotion/stages.ts';
import type { Store } from '#store/store.ts';
import { identityOf } from './choose-models.ts';
import type { Config } from './config.ts';
import type { Here } from './context.ts';
import type { Owner } from './closing.ts';
import { sameVersion } from './model-exchange.ts';
import type { Rooms } from './rooms.ts';

const RUN_DEADLINE_MS = 20_000;

export const knownModel = ({ manifest, calibration, ...model }: Model): KnownModel => ({
  modelId: manifest.id,
  modelVersion: manifest.version,
  sha256: model.file().sha256,
  calibration: calibration.version,
  findings: manifest.heads.map(({ code }) => code),
});

export interface PromotionPlace {
  readonly store: Pick<Store, 'facility' | 'facilities'>;
  readonly models: () => readonly Model[];
  readonly configured: () => ModelIdentity;
  readonly config: Pick<Config, 'providers' | 'precision' | 'threadsPerProcess'>;
  readonly siteFacility: string;
}

const whyNot = (state: ModelState | undefined): string =>
  state?.state === 'refused' ? state.reason : 'the process that ran it died';

/** In children of its own, which end when it has shown its golden outputs. */
async function prove(model: Model, { providers, precision, threadsPerProcess }: PromotionPlace['config']) {
  await using engine = await startEngine({
    models: [model],
    ...(precision !== undefined && { precision }),
    providers,
    threadsPerProcess,
    niceness: 15,
  });
  const state = engine.states().get(model.manifest.id);
  if (state?.state === 'ready') return;
  throw promotionErrors.error('does-not-run', { field: model.manifest.id, reason: whyNot(state) });
}

/** The cases of one facility stand beside those of another under names that differ. */
export async function promotionOf(place: PromotionPlace): Promise<PromotionDeps> {
  const { store, models, configured, config, siteFacility } = place;
  const { modelStages } = await store.facility(siteFacility);
  return {
    models: () => models().map(knownModel),
    configured,
    async prove(identity) {
      const model = models().find(isVersion(identity));
      if (model !== undefined) await prove(model, config);
    },
    stages: modelStages,
    async confirmed(pair) {
      const cases = [];
      for (const id of await store.facilities()) {
        const own = await (await store.facility(id)).silent.confirmed(pair);
        cases.push(...own.map((each) => ({ ...each, patient: `${id} ${each.patient}` })));
      }
      return cases;
    },
  };
}

/** The models as they lie in the folder, and those that serve although their files are gone. */
function modelsHere(reading: Rooms['reading']): readonly Model[] {
  const { models } = reading.folder();
  return [...models, ...reading.models().filter((each) => !models.some((other) => sameVersion(each, other)))];
}

export async function promotionDoor(
  { config, site }: Pick<Here, 'config' | 'site'>,
  { store, reading }: Pick<Rooms, 'store' | 'reading'>,
): Promise<PromotionDoorDeps> {
  const siteFacility = site.facility;
  const { audit } = await store.facility(siteFacility);
  return {
    promotion: await promotionOf({
      store,
      models: () => modelsHere(reading),
      configured: () => identityOf(reading.base()),
      config,
      siteFacility,
    }),
    siteFacility,
    async takeOver(live, actor) {
      const exchanged = await reading.follow(live);
      await audit.appendAll(exchangeEntries(exchanged, actor));
      return exchanged.find(({ outcome }) => outcome === 'refused')?.reason ?? undefined;
    },
    async counts(model) {
      const total = { assessed: 0, 'not-assessed': 0, failed: 0 };
      for (const id of await store.facilities()) {
        const own = await (await store.facility(id)).silent.counts(model);
        for (const outcome of ['assessed', 'not-assessed', 'failed'] as const) total[outcome] += own[outcome];
      }
      return total;
    },
  };
}

/** The site's prevalences, of the findings that this model has. */
function atThisSite(model: Model, prevalence: Readonly<Record<string, number>>): Model {
  const codes = new Set(model.calibration.heads.map(({ code }) => code));
  const own = Object.fromEntries(Object.entries(prevalence).filter(([code]) => codes.has(code)));
  return { ...model, calibration: siteCalibration(model.calibration, own) };
}

/** One child of its own, further back than the live model's. */
async function openBench(folder: Model, { config, clock, site, policy }: Here, rooms: Rooms): Promise<SilentBench> {
  const model = atThisSite(folder, site.prevalence);
  const engine = await startEngine({
    models: [model],
    processes: 1,
    threadsPerProcess: 1,
    niceness: 15,
    providers: config.providers,
  });
  const state = engine.states().get(model.manifest.id);
  if (state?.state !== 'ready') {
    await engine.close();
    throw inferenceErrors.error('model-refused', { reason: whyNot(state) });
  }
  const spec = specFor(model.manifest);
  const films = createFilms({ pictures: rooms.pictures, spec: () => spec, keep: 1 });
  const { open } = films.openersFor(spec);
  const about = (facilityId: string) => ({ model, engine, clock, facilityId, policyVersion: policy.version });
  return {
    async read(study, facilityId) {
      const images = imagesOf(study, rooms.store.blobs);
      const deps = { ...about(facilityId), open, deadlineMs: RUN_DEADLINE_MS };
      const { reading } = await readStudy(images, deps);
      return reading;
    },
    failed: (study, facilityId, thrown) =>
      failedReading(
        imagesOf(study, rooms.store.blobs),
        { reasons: [thrown instanceof CareError ? reasonOf(thrown) : reason('failed')], tried: 'silent' },
        about(facilityId),
      ),
    close: () => engine.close(),
  };
}

export async function startSilentModels(here: Here, rooms: Rooms, { own }: Owner): Promise<void> {
  const { store, reading } = rooms;
  const { modelStages } = await store.facility(here.site.facility);
  const lies = (identity: ModelIdentity): Model | undefined => reading.folder().models.find(isVersion(identity));
  await own(
    startSilentReader({
      async models() {
        const stages = await modelStages.list();
        return stages.filter((each) => {
          const base = reading.base();
          const { stage } = stageOf(each, stages, identityOf(base));
          // The version that is live in this process is no silent reader, also while another takes its place.
          return (stage === 'silent' || stage === 'pilot') && !isVersion(each)(base) && lies(each) !== undefined;
        });
      },
      async open(identity) {
        const model = lies(identity);
        if (model === undefined) throw new Error('the folder of the silent model is gone');
        return openBench(model, here, rooms);
      },
      facilities: () => store.facilities(),
      facility: (id) => store.facility(id),
      busy: async () => (await store.backlog()).studiesWaiting > 0,
      fault: here.fault,
    }),
    (reader) => reader.stop(),
  );
}
