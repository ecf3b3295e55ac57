import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ChildDeath } from '#inference/process/slot.ts';
import { type EngineOptions, type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { HEADS, tinyAnswer, tinyInput, tinyWeights, writeTinyModel } from '../fixtures/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-engine-'));
const engines: RunningEngine[] = [];
let models: readonly Model[] = [];

beforeAll(async () => {
  writeTinyModel(root);
  ({ models } = await loadModels(root));
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => rmSync(root, { recursive: true }));

async function start(options: Partial<EngineOptions> = {}): Promise<RunningEngine> {
  const engine = await startEngine({ models, ...options });
  engines.push(engine);
  return engine;
}

const isAlive = (pid: number): boolean => {
  // A killed child that its parent has not yet waited for is a zombie, and no longer alive.
  const status = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return status !== '' && !/\) [ZX] /.test(status);
};

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

/** Spins for about this many hundred rounds of a matrix product, 0.06 ms each here: 100 is some 6 ms, 1e9 never ends. */
const slow = (brightness: number) => tinyInput((i) => (i === 0 ? brightness : 0));
const quick = (seed: number) => tinyInput((i) => Math.sin(seed + i));
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

describe('an engine', () => {
  test('is ready with provider, precision and hash, and answers what the graph computes', async () => {
    const engine = await start();
    const [model] = models;
    const sha256 = model?.file('fp32').sha256;
    expect(engine.states().get('tiny')).toMatchObject({ state: 'ready', provider: 'cpu', precision: 'fp32', sha256 });
    const input = quick(1);
    const result = await engine.run('tiny', input, { deadlineMs: 10_000 });
    expect(result).toMatchObject({
      provider: 'cpu',
      precision: 'fp32',
      modelId: 'tiny',
      modelVersion: '1',
      modelSha256: sha256,
    });
    const expected = tinyAnswer(input.data, tinyWeights());
    expect(result.outputs['logits']?.shape).toEqual([1, HEADS.length]);
    [...(result.outputs['logits']?.data ?? [])].forEach((value, i) =>
      expect(value).toBeCloseTo(expected.logits[i] ?? Number.NaN, 5),
    );
    expect(result.outputs['maps']?.data.length).toBe(expected.maps.length);
  });

  test('gives 200 concurrent callers each the answer to their own picture', async () => {
    const engine = await start({ processes: 2, queueLimit: 200 });
    const weights = tinyWeights();
    const inputs = Array.from({ length: 200 }, (_, i) => quick(i * 7));
    const results = await Promise.all(inputs.map((input) => engine.run('tiny', input, { deadlineMs: 60_000 })));
    for (const [index, { outputs }] of results.entries()) {
      const expected = tinyAnswer(inputs[index]?.data ?? new Float32Array(), weights).logits;
      expected.forEach((value, head) => expect(outputs['logits']?.data[head]).toBeCloseTo(value, 4));
    }
    expect(engine.stats()).toEqual({ queued: 0, running: 0, finished: 200, retried: 0, pastDeadline: 0 });
  });

  test('refuses a provider by name when it is not there, and says which was passed over', async () => {
    const engine = await start({ providers: ['cuda', 'cpu'] });
    const state = engine.states().get('tiny');
    expect(state).toMatchObject({ state: 'ready', provider: 'cpu', passedOver: [{ provider: 'cuda' }] });
    const alone = await start({ providers: ['cuda'] });
    expect(alone.states().get('tiny')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('inference.no-provider'),
    });
    expect(await codeOf(alone.run('tiny', quick(1), { deadlineMs: 1000 }))).toBe('inference.model-refused');
  });

  test('refuses unknown models and tensors of another shape, and goes on', async () => {
    const engine = await start();
    expect(await codeOf(engine.run('huge', quick(1), { deadlineMs: 1000 }))).toBe('inference.unknown-model');
    const wrong = { shape: [1, 1, 8, 8], data: new Float32Array(64) };
    expect(await codeOf(engine.run('tiny', wrong, { deadlineMs: 10_000 }))).toBe('inference.bad-input');
    expect(await codeOf(engine.run('tiny', quick(1), { deadlineMs: 10_000 }))).toBe('answered');
  });

  test('gives no answer that is not a number', async () => {
    const engine = await start();
    const broken = tinyInput((i) => (i === 5 ? Number.NaN : 0));
    expect(await codeOf(engine.run('tiny', broken, { deadlineMs: 10_000 }))).toBe('inference.not-finite');
  });

  test('runs what somebody waits for before what nobody waits for', async () => {
    const engine = await start({ processes: 1 });
    const order: string[] = [];
    const asked = (name: string, urgency: 'now' | 'later') =>
      engine.run('tiny', slow(100), { deadlineMs: 60_000, urgency }).then(() => order.push(name));
    await Promise.all([asked('first', 'now'), asked('map', 'later'), asked('film', 'now'), asked('other film', 'now')]);
    expect(order).toEqual(['first', 'film', 'other film', 'map']);
  });

  test('closes only when what was accepted has been answered, and accepts nothing more', async () => {
    const engine = await start();
    const [pid = 0] = engine.processIds();
    const pending = [1, 2, 3].map((seed) => engine.run('tiny', quick(seed), { deadlineMs: 10_000 }));
    const closed = engine.close();
    expect(await codeOf(engine.run('tiny', quick(9), { deadlineMs: 10_000 }))).toBe('inference.closed');
    expect(await Promise.all(pending)).toHaveLength(3);
    await closed;
    expect(isAlive(pid)).toBe(false);
  });
});

describe('faults', () => {
  test('SIGKILL of the child in mid-run: the request is tried again and answered once', async () => {
    const deaths: ChildDeath[] = [];
    const engine = await start({ onDeath: (death) => deaths.push(death) });
    const [pid = 0] = engine.processIds();
    const input = slow(6000);
    let answers = 0;
    const pending = engine.run('tiny', input, { deadlineMs: 60_000 }).then((result) => {
      answers += 1;
      return result;
    });
    await wait(30);
    expect(answers).toBe(0);
    process.kill(pid, 'SIGKILL');
    const { outputs } = await pending;
    const expected = tinyAnswer(input.data, tinyWeights()).logits;
    expected.forEach((value, head) => expect((outputs['logits']?.data[head] ?? 0) / value).toBeCloseTo(1, 4));
    expect(answers).toBe(1);
    expect(engine.stats()).toMatchObject({ finished: 1, retried: 1 });
    expect(deaths).toMatchObject([{ pid, signal: 'SIGKILL', expected: false }]);
    expect(engine.processIds()).not.toContain(pid);
  });

  test('a picture that kills its child twice is given up, and the next one is read', async () => {
    const deaths: ChildDeath[] = [];
    const engine = await start({ onDeath: (death) => deaths.push(death) });
    const pending = codeOf(engine.run('tiny', slow(1e9), { deadlineMs: 50_000 }));
    for (let kill = 1; kill <= 2; kill += 1) {
      await until(() => engine.stats().running === 1 && engine.states().get('tiny')?.state === 'ready');
      const [pid = 0] = engine.processIds();
      process.kill(pid, 'SIGKILL');
      await until(() => deaths.length === kill);
    }
    expect(await pending).toBe('inference.crashed');
    expect(await codeOf(engine.run('tiny', quick(1), { deadlineMs: 60_000 }))).toBe('answered');
  });

  test('children killed again and again: every caller gets the right answer, or is told, once', async () => {
    const deaths: ChildDeath[] = [];
    const engine = await start({ processes: 2, queueLimit: 100, onDeath: (death) => deaths.push(death) });
    const weights = tinyWeights();
    const settled: unknown[] = [];
    const callers = Array.from({ length: 60 }, async (_, i) => {
      const input = quick(i * 3);
      // Slow enough that a kill finds it at work: 300 hundred rounds are some 20 ms.
      input.data[0] = 300;
      const expected = tinyAnswer(input.data, weights).logits[0] ?? Number.NaN;
      const pending = engine.run('tiny', input, { deadlineMs: 50_000 });
      const code = await codeOf(pending);
      if (code !== 'answered') return settled.push(code);
      const { outputs } = await pending;
      const ratio = (outputs['logits']?.data[0] ?? 0) / expected;
      return settled.push(Math.abs(ratio - 1) < 1e-4 ? 'right' : 'wrong');
    });
    for (let kill = 0; kill < 6; kill += 1) {
      await wait(60);
      const [pid] = engine.processIds();
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    await Promise.all(callers);
    const right = settled.filter((how) => how === 'right').length;
    const told = settled.filter((how) => how === 'inference.crashed').length;
    expect(settled.filter((how) => how !== 'right' && how !== 'inference.crashed')).toEqual([]);
    expect(right + told).toBe(60);
    expect(right).toBeGreaterThan(50);
    expect(deaths.length).toBeGreaterThan(0);
    expect(engine.stats()).toMatchObject({ queued: 0, running: 0, finished: 60 });
  });

  test('a run past its deadline is killed, its caller told, and the one behind it answered by a new child', async () => {
    const engine = await start();
    const [pid = 0] = engine.processIds();
    const late = codeOf(engine.run('tiny', slow(1e9), { deadlineMs: 300 }));
    const behind = codeOf(engine.run('tiny', quick(1), { deadlineMs: 60_000 }));
    expect(await late).toBe('inference.deadline');
    expect(await behind).toBe('answered');
    expect(isAlive(pid)).toBe(false);
    expect(engine.stats()).toMatchObject({ pastDeadline: 1, retried: 0 });
  });

  test('a deadline that passes in the queue harms nobody else', async () => {
    const engine = await start();
    const [pid = 0] = engine.processIds();
    const first = codeOf(engine.run('tiny', slow(5000), { deadlineMs: 60_000 }));
    const queued = codeOf(engine.run('tiny', quick(1), { deadlineMs: 20 }));
    expect(await queued).toBe('inference.deadline');
    expect(await first).toBe('answered');
    expect(engine.processIds()).toEqual([pid]);
  });

  test('a full queue says when to come again', async () => {
    const engine = await start({ queueLimit: 2 });
    const accepted = [1, 2, 3].map(() => engine.run('tiny', slow(100), { deadlineMs: 60_000 }));
    await expect(engine.run('tiny', quick(1), { deadlineMs: 60_000 })).rejects.toMatchObject({
      code: 'inference.queue-full',
      status: 503,
      retryAfterSeconds: expect.any(Number),
    });
    expect(await Promise.all(accepted)).toHaveLength(3);
  });

  test('a caller that leaves is told at once; its run keeps its deadline', async () => {
    const engine = await start();
    const leaving = new AbortController();
    const running = engine.run('tiny', slow(1e9), { deadlineMs: 400, signal: leaving.signal });
    const queued = engine.run('tiny', quick(1), { deadlineMs: 60_000, signal: leaving.signal });
    leaving.abort(new Error('gone home'));
    await expect(running).rejects.toThrow('gone home');
    await expect(queued).rejects.toThrow('gone home');
    // The abandoned run would hold the child for ever: only its deadline frees it.
    expect(await codeOf(engine.run('tiny', quick(2), { deadlineMs: 60_000 }))).toBe('answered');
  });
});

describe('models at start and at reload', () => {
  /** Writes model folders into a place of their own, reads them, and takes the files away again: serving needs them no more. */
  async function fresh(write: (path: string) => void): Promise<readonly Model[]> {
    const path = mkdtempSync(join(tmpdir(), 'haidang-models-'));
    write(path);
    const loaded = await loadModels(path);
    expect(loaded.refused).toEqual([]);
    return loaded.models;
  }

  const lying = (path: string): unknown =>
    writeTinyModel(path, {
      version: '2',
      alter: ({ golden }) => ({
        golden: {
          ...golden,
          cases: golden.cases.map((each) => ({ ...each, logits: each.logits.map((value) => value + 0.01) })),
        },
      }),
    });

  test('a model that does not reproduce its golden outputs is refused, and the others serve', async () => {
    const found = await fresh((path) => {
      lying(path);
      writeTinyModel(path, { id: 'honest', seed: 5 });
    });
    const engine = await start({ models: found });
    expect(engine.states().get('tiny')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('models.golden-differs'),
    });
    expect(await codeOf(engine.run('tiny', quick(1), { deadlineMs: 10_000 }))).toBe('inference.model-refused');
    expect(await codeOf(engine.run('honest', quick(1), { deadlineMs: 10_000 }))).toBe('answered');
  });

  test('a graph that breaks the contract of model.json is refused', async () => {
    const found = await fresh((path) =>
      writeTinyModel(path, {
        alter: ({ manifest }) => ({ manifest: { ...manifest, outputs: { ...manifest.outputs, mapRows: 9 } } }),
      }),
    );
    const engine = await start({ models: found });
    expect(engine.states().get('tiny')).toEqual({
      state: 'refused',
      reason: 'inference.contract: maps is batch × 3 × 8 × 8, where dimension 2 must be 9',
    });
  });

  test('a precision that the folder does not hold is refused, not replaced', async () => {
    const engine = await start({ precision: 'int8' });
    expect(engine.states().get('tiny')).toMatchObject({ state: 'refused', reason: expect.stringContaining('no int8') });
  });

  test('the loaded version serves through a crash with its files gone from the disk', async () => {
    const own = mkdtempSync(join(tmpdir(), 'haidang-own-'));
    writeTinyModel(own);
    const deaths: ChildDeath[] = [];
    const engine = await start({ models: (await loadModels(own)).models, onDeath: (death) => deaths.push(death) });
    rmSync(own, { recursive: true });
    const [pid = 0] = engine.processIds();
    process.kill(pid, 'SIGKILL');
    await until(() => deaths.length === 1);
    expect(await engine.run('tiny', quick(1), { deadlineMs: 60_000 })).toMatchObject({ modelVersion: '1' });
    expect(engine.states().get('tiny')).toMatchObject({ state: 'ready' });
  });
});

describe('the parent', () => {
  const parent = new URL('../fixtures/engine-parent.ts', import.meta.url);

  /** A process of its own with an engine in it; it prints the ids of its children when they are ready. */
  async function startParent(): Promise<{ readonly process: ChildProcess; readonly children: readonly number[] }> {
    const started = spawn(process.execPath, [parent.pathname, root], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(started.stdout, 'data');
    return { process: started, children: JSON.parse(String(line)) };
  }

  test.each(['SIGKILL', 'SIGTERM'] as const)('killed by %s leaves no child behind', async (signal) => {
    const { process: started, children } = await startParent();
    expect(children).toHaveLength(2);
    for (const pid of children) expect(isAlive(pid)).toBe(true);
    started.kill(signal);
    await until(() => children.every((pid) => !isAlive(pid)));
  });

  test("a polite signal to a child is the parent's business: the child stays until its parent goes", async () => {
    const { process: started, children } = await startParent();
    const [first = 0] = children;
    process.kill(first, 'SIGTERM');
    process.kill(first, 'SIGINT');
    await wait(100);
    expect(isAlive(first)).toBe(true);
    started.kill('SIGKILL');
    await until(() => children.every((pid) => !isAlive(pid)));
  });
});
