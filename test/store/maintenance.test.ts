import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMaintenance } from '#store/upkeep/maintenance.ts';
import { auditDueGraphs } from '#store/vectors/recall-due.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const DAY_MS = 86_400_000;

describe.each(HOSTS)('upkeep on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  async function read(vector: Float32Array): Promise<void> {
    const instance = sampleInstance();
    await at.local.intake.accept(instance, { actor: 'upload' });
    const [job] = await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 1e9, limit: 1 });
    if (job === undefined) throw new Error('no job');
    const embedding = { vector, facets: { findings: [], labelSource: 'model' as const } };
    await at.local.readings.commit({
      job,
      reading: sampleReading(instance),
      heatmaps: [],
      told: [],
      outbox: [{ id: randomUUID(), target: 't', topic: 'x', orderKey: 'k', body: {} }],
      audit: [],
      embedding,
    });
  }
  const inGraph = async () =>
    (await at.sql<{ n: number }>('select count(*)::int as n from embedding where in_graph'))[0]?.n;

  test('vectors enter the graph once there are many, and are found before and after', async () => {
    const vectors = Array.from({ length: 30 }, (_, n) => Float32Array.of(Math.cos(n / 10), Math.sin(n / 10), 0.1));
    for (const vector of vectors) await read(vector);
    const upkeep = (exactUpTo: number, tail: number) =>
      startMaintenance(at.database, { clock: at.clock, log: () => undefined, limits: { exactUpTo, tail } });
    const find = async () => {
      const query = { space: sampleProvenance(), vector: Float32Array.of(1, 0.05, 0.1), k: 5, method: 'hnsw' as const };
      return (await at.local.embeddings.search(query)).neighbours.map(({ studyUid }) => studyUid);
    };
    const before = await find();
    expect(before).toHaveLength(5);
    for (const [exactUpTo, tail] of [
      [30, 0],
      [0, 30],
    ] as const) {
      const few = upkeep(exactUpTo, tail);
      expect(await few.run()).toEqual({ graphed: 0, pruned: 0, audited: 0 });
      await few.close();
    }
    const many = upkeep(29, 29);
    expect(await many.run()).toMatchObject({ graphed: 30 });
    expect(await many.run()).toMatchObject({ graphed: 0 });
    await many.close();
    expect(await inGraph()).toBe(30);
    expect(await find()).toEqual(before);
    await read(Float32Array.of(1, 0.05, 0.1));
    expect(await inGraph()).toBe(30);
    expect((await find()).slice(1)).toEqual(before.slice(0, 4));
  });

  test('the recall of a graph in use is measured once a day', async () => {
    const audit = (exactUpTo: number) =>
      auditDueGraphs(at.database, at.clock, async (id) => (await at.store.facility(id)).embeddings, exactUpTo);
    expect(await audit(30)).toBe(0);
    expect(await audit(29)).toBe(1);
    expect(await audit(29)).toBe(0);
    expect(await at.local.embeddings.recall(sampleProvenance())).toMatchObject([{ filter: 'all', recall: 1 }]);
    at.clock.advance(DAY_MS);
    expect(await audit(29)).toBe(1);
  });

  test('finished jobs go after a week and delivered messages after a quarter, what is open stays', async () => {
    await at.local.intake.accept(sampleInstance(), { actor: 'upload' });
    const messages = await at.store.outbox.claim({ leaseMs: 1e9, limit: 1 });
    for (const message of messages) await at.store.outbox.ack(message);
    const [done] = await at.sql<{ n: number }>(`select count(*)::int as n from job where state = 'done'`);
    expect(await at.store.maintain()).toEqual({ graphed: 0, pruned: 0, audited: 0 });
    at.clock.advance(8 * DAY_MS);
    expect(await at.store.maintain()).toMatchObject({ pruned: done?.n });
    at.clock.advance(90 * DAY_MS);
    expect(await at.store.maintain()).toMatchObject({ pruned: 1 });
    expect(await at.store.jobs.counts()).toEqual({ waiting: 1, running: 0, done: 0, dead: 0 });
    expect(await at.local.outbox.list({ state: 'waiting' })).not.toEqual([]);
  });
});
