// Another Haidang as the remote server: batches go there by the Open Inference Protocol; when it goes, this machine takes over at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer as createDoor, type Server as Door } from '#http/server.ts';
import { type RemoteState, URGENCIES } from '#inference/engine/engine.ts';
import { CareError } from '#kernel/errors.ts';
import type { RemoteServer } from '#inference/batching/remote-runner.ts';
import { type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import { oipRoutes } from '#interop/oip/routes.ts';
import { loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { tinyAnswer, tinyInput, tinyWeights, writeTinyModel } from '../fixtures/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-remote-'));
const engines: RunningEngine[] = [];
const servers: Server[] = [];
let far: { readonly address: string; readonly door: Door; readonly engine: RunningEngine };
let models: readonly Model[] = [];

beforeAll(async () => {
  writeTinyModel(root, { id: 'cxr-findings' });
  ({ models } = await loadModels(root));
  const engine = await startEngine({ models });
  const hostRule = { boundTo: '127.0.0.1', allowedHosts: [] };
  const door = createDoor({ hostRule, identify: identifyOpenly, logLevel: 'silent', metrics: createMetrics() });
  await door.register(oipRoutes, { version: '0.0.0', engine });
  far = { address: await door.listen({ host: '127.0.0.1', port: 0 }), door, engine };
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(async () => {
  await far.door.close();
  await far.engine.close();
  rmSync(root, { recursive: true });
});

async function start(remote: RemoteServer): Promise<RunningEngine> {
  const engine = await startEngine({ models, remote: { firstPauseMs: 20, longestPauseMs: 40, ...remote } });
  engines.push(engine);
  return engine;
}

/** Between engine and far server; a test says what it does to the answers. */
async function proxy(
  alter: (path: string, body: Buffer) => { status: number; body: Buffer } | 'hang' | 'cut' | undefined,
) {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name.startsWith('inference') || name === 'content-type'),
      );
      const answer = await fetch(`${far.address}${request.url}`, {
        method: request.method ?? 'GET',
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        ...(request.method === 'POST' && { body: new Uint8Array(Buffer.concat(chunks)) }),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      const altered = alter(request.url ?? '', body);
      if (altered === 'hang') return;
      if (altered === 'cut') return void request.socket.destroy();
      const length = answer.headers.get('inference-header-content-length');
      response.writeHead(altered?.status ?? answer.status, {
        ...(length !== null && { 'inference-header-content-length': length }),
      });
      response.end(altered?.body ?? body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  servers.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

const film = (seed: number) => tinyInput((i) => Math.sin(seed + i));
const expectOwn = (seed: number, logits: Float32Array | undefined): void => {
  tinyAnswer(film(seed).data, tinyWeights()).logits.forEach((value, i) => expect(logits?.[i]).toBeCloseTo(value, 5));
};
const SEED_OF: Readonly<Record<string, number>> = { '1': 0, '2': 20 };

const isInfer = (path: string): boolean => path.endsWith('/infer');

describe('a remote server', () => {
  test('that reproduces the golden outputs answers, in batches, each caller its own, and is named as the provider', async () => {
    const engine = await start({ url: far.address, batching: { maximumItems: 16, maximumDelayMs: 5, atOnce: 2 } });
    expect(engine.remotes().get('cxr-findings')).toMatchObject({ state: 'ready', url: far.address });
    const seeds = Array.from({ length: 60 }, (_, i) => i * 3);
    const results = await Promise.all(
      seeds.map((seed) => engine.run('cxr-findings', film(seed), { deadlineMs: 30_000 })),
    );
    for (const [i, { outputs, provider, modelVersion, modelSha256 }] of results.entries()) {
      expectOwn(seeds[i] ?? 0, outputs['logits']?.data);
      expect([provider, modelVersion]).toEqual([`oip:${new URL(far.address).host}`, '1']);
      expect(modelSha256).toBe(models[0]?.file().sha256);
    }
    expect(engine.stats().finished).toBe(0);
  });

  test.each<[string, Parameters<typeof proxy>[0]]>([
    ['a 500', (path) => (isInfer(path) ? { status: 500, body: Buffer.from('{"error":"x"}') } : undefined)],
    ['silence', (path) => (isInfer(path) ? 'hang' : undefined)],
    ['a cut connection', (path) => (isInfer(path) ? 'cut' : undefined)],
    [
      'an answer that is cut short',
      (path, body) => (isInfer(path) ? { status: 200, body: body.subarray(0, -8) } : undefined),
    ],
    [
      'the answer to another request',
      (path, body) =>
        isInfer(path)
          ? { status: 200, body: Buffer.from(body.toString('latin1').replace(/"id":"[0-9a-f]/, '"id":"x'), 'latin1') }
          : undefined,
    ],
  ])(
    'that fails with %s: this machine answers within the same request, then the circuit opens',
    async (_name, fault) => {
      let broken = false;
      const url = await proxy((path, body) => (broken ? fault(path, body) : undefined));
      const told: RemoteState['state'][] = [];
      const engine = await start({ url, timeoutMs: 500, onState: (_id, { state }) => told.push(state) });
      expect(engine.remotes().get('cxr-findings')?.state).toBe('ready');
      broken = true;
      for (const seed of [1, 2, 3]) {
        const { outputs, provider } = await engine.run('cxr-findings', film(seed), { deadlineMs: 30_000 });
        expectOwn(seed, outputs['logits']?.data);
        expect(provider).toBe('cpu');
      }
      expect(told.slice(0, 2)).toEqual(['ready', 'away']);
      broken = false;
      await expect.poll(() => engine.remotes().get('cxr-findings')?.state, { timeout: 10_000 }).toBe('ready');
      expect((await engine.run('cxr-findings', film(9), { deadlineMs: 30_000 })).provider).toMatch(/^oip:/);
    },
  );

  test('with other weights under the same name is refused, and never asked for a film', async () => {
    let asked = 0;
    const url = await proxy((path, body) => {
      if (!isInfer(path)) return undefined;
      asked += 1;
      const altered = Buffer.from(body);
      // The first output follows the JSON: its lowest exponent bit is turned over.
      const at = altered.lastIndexOf('}') + 1;
      altered.writeUInt8(altered.readUInt8(at + 2) ^ 0x80, at + 2);
      return { status: 200, body: altered };
    });
    const engine = await start({ url, firstPauseMs: 60_000, longestPauseMs: 60_000 });
    expect(engine.remotes().get('cxr-findings')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('off by'),
    });
    const before = asked;
    expect((await engine.run('cxr-findings', film(1), { deadlineMs: 30_000 })).provider).toBe('cpu');
    expect(asked).toBe(before);
  });

  test('that is not there at the start is found when it comes, and films are read meanwhile', async () => {
    let there = false;
    const url = await proxy(() => (there ? undefined : 'cut'));
    const engine = await start({ url });
    expect(engine.remotes().get('cxr-findings')?.state).toBe('away');
    expect((await engine.run('cxr-findings', film(1), { deadlineMs: 30_000 })).provider).toBe('cpu');
    there = true;
    await expect.poll(() => engine.remotes().get('cxr-findings')?.state, { timeout: 10_000 }).toBe('ready');
  });
});

const FAULTS = ['none', 'none', 'none', '500', 'cut', 'hang', 'short', 'stale', 'stale', 'stale'] as const;
const asked = fc.record({
  afterMs: fc.integer({ min: 0, max: 150 }),
  urgency: fc.constantFrom(...URGENCIES),
  fate: fc.constantFrom('patient', 'patient', 'patient', 'hurried', 'gone', 'leased'),
});

type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

test('batches, deadlines, a faulty remote server, fallback and reloads: no answer reaches another request, and each ends once', async () => {
  const folder = mkdtempSync(join(root, 'mixed-'));
  writeTinyModel(folder, { id: 'cxr-findings', version: '2', seed: SEED_OF['2'] ?? 0 });
  const [first, [second]] = [models[0], (await loadModels(folder)).models];
  if (first === undefined || second === undefined) throw new Error('two versions are needed');
  let faults: readonly (typeof FAULTS)[number][] = ['none'];
  let turn = 0;
  /** By length: the answer to another request about as many films. */
  const before = new Map<number, Buffer>();
  const url = await proxy((path, body) => {
    if (!isInfer(path)) return undefined;
    const fault = faults[turn % faults.length];
    turn += 1;
    const stale = before.get(body.length);
    before.set(body.length, body);
    if (fault === '500') return { status: 500, body: Buffer.from('{"error":"x"}') };
    if (fault === 'cut' || fault === 'hang') return fault;
    if (fault === 'short') return { status: 200, body: body.subarray(0, -8) };
    return fault === 'stale' && stale !== undefined ? { status: 200, body: stale } : undefined;
  });
  const engine = await startEngine({
    models: [first],
    processes: 2,
    queueLimit: 200,
    batching: { maximumItems: 4, maximumDelayMs: 2, atOnce: 2 },
    remote: {
      url,
      timeoutMs: 1_500,
      firstPauseMs: 5,
      longestPauseMs: 20,
      batching: { maximumItems: 8, maximumDelayMs: 3, atOnce: 2 },
    },
  });
  engines.push(engine);
  const by = new Map<string, number>();
  let seed = 0;

  async function outcomeOf({ afterMs, urgency, fate }: Asked): Promise<string> {
    const mine = (seed += 7);
    await wait(afterMs);
    const control = new AbortController();
    if (fate === 'gone') setTimeout(() => control.abort('gone'), 3);
    const lease = fate === 'leased' ? engine.lease('cxr-findings') : undefined;
    const run = { deadlineMs: fate === 'hurried' ? 10 : 60_000, urgency, signal: control.signal };
    try {
      const answer = await (lease?.engine ?? engine).run('cxr-findings', film(mine), run);
      const weights = tinyWeights(SEED_OF[answer.modelVersion]);
      const logits = answer.outputs['logits'];
      expect(logits?.shape).toEqual([1, 3]);
      tinyAnswer(film(mine).data, weights).logits.forEach((value, i) => expect(logits?.data[i]).toBeCloseTo(value, 4));
      expect(answer.modelVersion).toBe(lease?.model.manifest.version ?? answer.modelVersion);
      const who = `${answer.modelVersion} ${answer.provider.replace(/:.*/, '')}`;
      by.set(who, (by.get(who) ?? 0) + 1);
      return 'answered';
    } catch (error) {
      if (error instanceof CareError) return error.code;
      if (error === 'gone') return 'gone';
      throw error;
    } finally {
      lease?.release();
    }
  }

  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { minLength: 20, maxLength: 40 }),
      fc.array(fc.constantFrom(...FAULTS), { minLength: 3, maxLength: 9 }),
      async (requests, wrong) => {
        // Every round begins with a remote server that answers.
        faults = ['none'];
        await expect.poll(() => engine.remotes().get('cxr-findings')?.state, { timeout: 20_000 }).toBe('ready');
        faults = ['none', ...wrong];
        turn = 0;
        // Some are on their way when another version is loaded, some when it takes over, some come later.
        const third = Math.ceil(requests.length / 3);
        const ending = requests.slice(0, third).map(outcomeOf);
        for (const [turns, next] of [second, first].entries()) {
          const old = next === second ? first : second;
          expect((await engine.put(next, true)).state).toBe('ready');
          ending.push(...requests.slice((turns + 1) * third, (turns + 2) * third).map(outcomeOf));
          await wait(20);
          engine.prefer('cxr-findings', next.manifest.version);
          engine.drop('cxr-findings', old.manifest.version);
        }
        const outcomes = await Promise.all(ending);
        expect(outcomes).toHaveLength(requests.length);
        for (const [index, outcome] of outcomes.entries()) {
          const fate = requests[index]?.fate;
          const other = fate === 'hurried' ? ['inference.deadline'] : fate === 'gone' ? ['gone'] : [];
          // A child that is killed at another one's deadline is replaced, and its batch tried once more.
          expect(['answered', 'inference.crashed', ...other], fate).toContain(outcome);
        }
        const patient = outcomes.filter((_, index) => requests[index]?.fate === 'patient');
        expect(patient.filter((outcome) => outcome === 'answered').length).toBeGreaterThan(patient.length / 2);
      },
    ),
    // The long form is .ci/steps/62-inference-servers.
    { numRuns: Number(process.env['HAIDANG_TEST_MIXED_RUNS'] ?? 1) },
  );
  expect([...by.keys()].toSorted()).toEqual(expect.arrayContaining(['1 oip', '2 cpu']));
}, 600_000);
