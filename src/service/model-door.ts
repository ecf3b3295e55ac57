// Models for their route: the engine's states beside the findings that each version reads.
import type { ModelDoorDeps } from '#preread/model-routes.ts';
import type { Rooms } from './rooms.ts';

export const modelDoorOf = ({
  engine,
  reading,
}: Pick<Rooms, 'engine' | 'reading'>): Omit<ModelDoorDeps, 'facility' | 'stages'> => ({
  models: reading.models,
  refused: reading.refused,
  inService: ({ manifest: { id, version } }) =>
    engine.versions().find(({ model: { manifest } }) => manifest.id === id && manifest.version === version),
  shareOf: reading.shareOf,
  readingsOf: reading.readingsOf,
  memory: () => engine.memory(),
  reload: reading.reload,
});
