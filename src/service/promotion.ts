// Joins stages, silent models and confirmed cases: what the promotion's door needs, and what runs beside the live model.
import { siteCalibration } from '#calibration/prevalence.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { CareError } from '#kernel/errors.ts';
import type { ModelIdentity } from '#kernel/model-stage.ts';
import type { Model } from '#models/model.ts';
import { failedReading } from '#preread/commit/new-reading.ts';
import { imagesOf } from '#preread/commit/study-reader.ts';
import { reason, reasonOf } from '#preread/gate/reasons.ts';
import { createFilms } from '#preread/intake/decoded-films.ts';
import { specFor } from '#preread/read/prepare.ts';
import { readStudy } from '#preread/read/read-study.ts';
import { type SilentBench, startSilentReader } from '#preread/silent/silent-reader.ts';
import type { KnownModel, PromotionDeps } from '#promotion/promote.ts';
import type { PromotionDoorDeps } from '#promotion/routes.ts';
import { stageOf } from '#promotion/stages.ts';
import type { Store } from '#store/store.ts';
import type { Here } from './context.ts';
import type { Owner } from './closing.ts';
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
  readonly models: readonly Model[];
  readonly configured: ModelIdentity;
  readonly siteFacility: string;
}

/** The cases of one facility stand beside those of another under names that differ. */
export async function promotionOf({ store, models, configured, siteFacility }: PromotionPlace): Promise<PromotionDeps> {
  const { modelStages } = await store.facility(siteFacility);
  return {
    models: models.map(knownModel),
    configured,
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

export async function promotionDoor(place: PromotionPlace): Promise<PromotionDoorDeps> {
  const { store, siteFacility } = place;
  return {
    promotion: await promotionOf(place),
    siteFacility,
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
async function openBench(named: Model, { config, clock, site, policy }: Here, rooms: Rooms): Promise<SilentBench> {
  const model = atThisSite(named, site.prevalence);
  const engine = await startEngine({
    models: [model],
    processes: 1,
    threadsPerProcess: 1,
    niceness: 15,
    providers: config.providers,
  });
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
  const { store, models, configured, reading } = rooms;
  const { modelStages } = await store.facility(here.site.facility);
  const lies = ({ modelId, modelVersion }: ModelIdentity): Model | undefined =>
    models.find(({ manifest }) => manifest.id === modelId && manifest.version === modelVersion);
  await own(
    startSilentReader({
      async models() {
        const stages = await modelStages.list();
        return stages.filter((each) => {
          const { stage } = stageOf(each, stages, configured);
          // The version that is live in this process is no silent reader, also after another was promoted.
          const { id, version } = reading.base().manifest;
          const reads = each.modelId === id && each.modelVersion === version;
          return (stage === 'silent' || stage === 'pilot') && !reads && lies(each) !== undefined;
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
