// Several models in one memory budget: real files, real processes, and what the operating system says that they occupy.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { evictions } from '#inference/engine/memory.ts';
import { type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import type { Urgency } from '#inference/engine/engine.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { tinyInput, writeTinyModel } from '../fixtures/tiny-model.ts';

describe('who makes room', () => {
  const occupant = fc.record({
    bytes: fc.integer({ min: 1, max: 100 }),
    lastUsedMs: fc.integer({ min: 0, max: 1000 }),
    mayGo: fc.boolean(),
  });

  test('only who may go, the one unused for longest first, no more than needed, or nobody where it does not help', () => {
    fc.assert(
      fc.property(
        fc.array(occupant, { maxLength: 8 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 150 }),
        (occupants, budgetBytes, neededBytes) => {
          const sum = (list: readonly { readonly bytes: number }[]): number =>
            list.reduce((total, { bytes }) => total + bytes, 0);
          const staying = occupants.filter(({ mayGo }) => !mayGo);
          const out = evictions(occupants, { budgetBytes, neededBytes });
          expect(out === undefined).toBe(sum(staying) + neededBytes > budgetBytes);
          const gone = out ?? [];
          expect(gone.every(({ mayGo }) => mayGo)).toBe(true);
          const left = occupants.filter((each) => !gone.includes(each));
          expect(out === undefined || sum(left) + neededBytes <= budgetBytes).toBe(true);
          const newest = gone.at(-1);
          const stillNeeded = newest === undefined || sum(left) + newest.bytes + neededBytes > budgetBytes;
          expect(stillNeeded).toBe(true);
          const mayStill = left.filter(({ mayGo }) => mayGo);
          expect(gone.every((a) => mayStill.every((b) => a.lastUsedMs <= b.lastUsedMs))).toBe(true);
        },
      ),
    );
  });
});

const root = mkdtempSync(join(tmpdir(), 'haidang-memory-'));
const engines: RunningEngine[] = [];
const MIB = 1024 * 1024;
let reader: Model;
let others: readonly Model[];
/** Of one process with one of these models. */
let oneBytes = 0;

beforeAll(async () => {
  for (const [seed, id] of ['reader', 'a', 'b', 'c'].entries()) writeTinyModel(root, { id, seed });
  const { models } = await loadModels(root);
  const found = models.find(({ manifest }) => manifest.id === 'reader');
  if (found === undefined) throw new Error('no model was written');
  reader = found;
  others = models.filter((model) => model !== reader);
  await using engine = await startEngine({ models: [reader] });
  oneBytes = engine.memory().usedBytes;
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => rmSync(root, { recursive: true }));

/** Beside the reader there is room for one other, whether guessed or measured. */
async function start(memoryBytes = oneBytes + 1.5 * Math.max(oneBytes, 100 * MIB)): Promise<RunningEngine> {
  const engine = await startEngine({ models: [reader], onDemand: others, memoryBytes });
  engines.push(engine);
  return engine;
}

const run = (engine: RunningEngine, id: string, options: { deadlineMs?: number; urgency?: Urgency } = {}) =>
  engine.run(id, tinyInput(Math.sin), { deadlineMs: 60_000, ...options });
const slowRun = (engine: RunningEngine, id: string) =>
  engine.run(
    id,
    tinyInput((i) => (i === 0 ? 4000 : 0)),
    { deadlineMs: 60_000 },
  );
const stateOf = (engine: RunningEngine, id: string): string | undefined => engine.states().get(id)?.state;
const residentBytes = (pid: number): number =>
  existsSync(`/proc/${pid}/status`)
    ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
    : 0;

describe('a budget', () => {
  test('a model is loaded when it is first asked for, and the one unused for longest makes room', async () => {
    expect(oneBytes).toBeGreaterThan(20 * MIB);
    const engine = await start();
    expect(['reader', 'a', 'b'].map((id) => stateOf(engine, id))).toEqual(['ready', 'unloaded', 'unloaded']);
    const readerPids = engine.processIds();
    for (const [id, other] of [
      ['a', 'b'],
      ['b', 'a'],
      ['a', 'b'],
    ] as const) {
      expect(await run(engine, id)).toMatchObject({ modelId: id });
      expect([stateOf(engine, id), stateOf(engine, other)]).toEqual(['ready', 'unloaded']);
      const pids = engine.processIds();
      expect(pids).toHaveLength(2);
      expect(pids).toEqual(expect.arrayContaining([...readerPids]));
      const { usedBytes, budgetBytes = 0 } = engine.memory();
      expect(usedBytes).toBeLessThanOrEqual(budgetBytes);
      expect(pids.reduce((sum, pid) => sum + residentBytes(pid), 0)).toBeLessThanOrEqual(budgetBytes);
    }
    expect(engine.versions().map(({ model, kept }) => [model.manifest.id, kept])).toContainEqual(['reader', true]);
  });

  test('who is at work is not put out: the other waits for it, or is told at its deadline', async () => {
    const engine = await start();
    await run(engine, 'a');
    const busy = slowRun(engine, 'a');
    await expect(run(engine, 'b', { deadlineMs: 150 })).rejects.toMatchObject({
      code: 'inference.memory',
      status: 503,
    });
    expect(stateOf(engine, 'a')).toBe('ready');
    const [first, second] = await Promise.all([busy, run(engine, 'b')]);
    expect([first.modelId, second.modelId]).toEqual(['a', 'b']);
    expect(engine.stats().retried).toBe(0);
  });

  test('of several that wait for room the most urgent is loaded first', async () => {
    const engine = await start();
    await run(engine, 'a');
    const order: string[] = [];
    const busy = slowRun(engine, 'a');
    const later = run(engine, 'b', { urgency: 'later' }).then(() => order.push('b'));
    const stat = run(engine, 'c', { urgency: 'stat' }).then(() => order.push('c'));
    await Promise.all([busy, later, stat]);
    expect(order).toEqual(['c', 'b']);
  });

  test('what can never fit beside the reader is told so with the figures, and the reader reads on', async () => {
    const engine = await start(oneBytes + 20 * MIB);
    await expect(run(engine, 'a')).rejects.toMatchObject({
      code: 'inference.memory',
      reason: expect.stringMatching(/^it needs \d+ MiB, and beside the models that read there are \d+ MiB of \d+ MiB$/),
    });
    await expect(engine.put(reader, true)).rejects.toMatchObject({ code: 'inference.memory' });
    expect(await run(engine, 'reader')).toMatchObject({ modelId: 'reader' });
  });

  test('many requests for more models than fit are all answered, each by its own model', async () => {
    const engine = await start();
    const ids = ['a', 'b', 'c', 'reader', 'b', 'a', 'c', 'reader', 'c', 'a'];
    const answers = await Promise.all(ids.map((id) => run(engine, id)));
    expect(answers.map(({ modelId }) => modelId)).toEqual(ids);
    expect(stateOf(engine, 'reader')).toBe('ready');
  });
});
