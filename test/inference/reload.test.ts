// Another version is put in the place of the one that serves while requests run all the time: none fails, and each answer is that of the
// version that it names. A version that lies changes nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { tinyAnswer, tinyInput, type TinyOptions, tinyWeights, writeTinyModel } from '../fixtures/tiny-model.ts';

const folders: string[] = [];
const engines: RunningEngine[] = [];

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

async function tiny(options: TinyOptions): Promise<Model> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-reload-'));
  folders.push(folder);
  writeTinyModel(folder, options);
  const { models, refused } = await loadModels(folder);
  expect(refused).toEqual([]);
  const [model] = models;
  if (model === undefined) throw new Error('no model was written');
  return model;
}

async function start(models: readonly Model[]): Promise<RunningEngine> {
  const engine = await startEngine({ models, processes: 2, queueLimit: 200 });
  engines.push(engine);
  return engine;
}

const lying = ({ golden }: Parameters<NonNullable<TinyOptions['alter']>>[0]) => ({
  golden: {
    ...golden,
    cases: golden.cases.map((each) => ({ ...each, logits: each.logits.map((value) => value + 1) })),
  },
});

/** Asks without a pause until it is stopped; counts answers by version, and checks each against the weights of the version that it names. */
function askAllTheTime(engine: RunningEngine, seedOf: (version: string) => number) {
  const load = { stopped: false };
  const byVersion = new Map<string, number>();
  async function ask(caller: number): Promise<void> {
    for (let turn = 0; !load.stopped; turn += 1) {
      const input = tinyInput((i) => Math.sin(caller * 1000 + turn + i));
      const { outputs, modelVersion } = await engine.run('tiny', input, { deadlineMs: 30_000 });
      const expected = tinyAnswer(input.data, tinyWeights(seedOf(modelVersion))).logits;
      expected.forEach((value, head) => expect(outputs['logits']?.data[head]).toBeCloseTo(value, 4));
      byVersion.set(modelVersion, (byVersion.get(modelVersion) ?? 0) + 1);
    }
  }
  const callers = Promise.all([1, 2, 3, 4].map(ask));
  return {
    byVersion,
    async stop() {
      load.stopped = true;
      await callers;
    },
  };
}

test('ten reloads under requests: none fails, each answer is that of the version it names', async () => {
  const engine = await start([await tiny({ version: '1', seed: 10 })]);
  const load = askAllTheTime(engine, (version) => Number(version) * 10);
  for (let reload = 2; reload <= 11; reload += 1) {
    const before = String(reload - 1);
    const state = await engine.put(await tiny({ version: String(reload), seed: reload * 10 }), true);
    expect(state.state).toBe('ready');
    engine.prefer('tiny', String(reload));
    engine.drop('tiny', before);
    const { modelVersion } = await engine.run('tiny', tinyInput(Math.sin), { deadlineMs: 30_000 });
    expect(modelVersion).toBe(String(reload));
  }
  await load.stop();
  expect(engine.versions().map(({ model }) => model.manifest.version)).toEqual(['11']);
  expect([...load.byVersion.keys()].every((version) => Number(version) >= 1 && Number(version) <= 11)).toBe(true);
  expect(load.byVersion.size).toBeGreaterThan(5);
  expect(engine.stats()).toMatchObject({ retried: 0, pastDeadline: 0 });
});

test('a version that does not reproduce its golden outputs is refused with its reason, and the one that serves stays', async () => {
  const engine = await start([await tiny({ version: '1', seed: 10 })]);
  const load = askAllTheTime(engine, () => 10);
  const children = engine.processIds();
  const state = await engine.put(await tiny({ version: '1', seed: 20, alter: lying }), true);
  expect(state).toMatchObject({ state: 'refused', reason: expect.stringContaining('models.golden-differs') });
  await load.stop();
  expect(engine.states().get('tiny')?.state).toBe('ready');
  expect(engine.processIds()).toEqual(children);
  expect([...load.byVersion.keys()]).toEqual(['1']);
});

test('whoever leases a version is answered by it to the end, also after another took its place', async () => {
  const old = await tiny({ version: '1', seed: 10 });
  const engine = await start([old]);
  const lease = engine.lease('tiny');
  const changed = await tiny({ version: '1', seed: 20 });
  expect((await engine.put(changed, true)).state).toBe('ready');
  const input = tinyInput(Math.cos);
  const held = await lease.engine.run('tiny', input, { deadlineMs: 30_000 });
  const now = await engine.run('tiny', input, { deadlineMs: 30_000 });
  expect(held.modelSha256).toBe(old.file().sha256);
  expect(now.modelSha256).toBe(changed.file().sha256);
  lease.release();
});
