// Round trips to the database for one film, from its arrival to its reading: each round trip is paid on both sides.
import { rm } from 'node:fs/promises';
import type { PoolClient } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { storeOver } from '#store/store.ts';
import { freshDataDir, testClock } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

const asked: string[] = [];
const dataDir = await freshDataDir();
const host = await openEmbedded(dataDir, 'haidang');
const textOf = (query: unknown): string =>
  typeof query === 'string'
    ? query
    : typeof query === 'object' && query !== null && 'text' in query
      ? String(query.text)
      : '';

const watchedClients = new WeakSet<PoolClient>();
/** The pool's own `query` takes a client too, so every statement passes here once. */
host.pool.on('connect', (client) => {
  if (watchedClients.has(client)) return;
  watchedClients.add(client);
  const query = client.query.bind(client);
  Object.assign(client, {
    query: (...values: Parameters<typeof query>) => {
      asked.push(textOf(values[0]));
      return query(...values);
    },
  });
});
const clock = testClock();
const store = await storeOver(await openDatabase(host), { dataDir, clock });
const local = await store.facility('local');

afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

async function film(kind: 'alert' | 'silence'): Promise<readonly string[]> {
  const instance = sampleInstance();
  const reading = sampleReading(instance, {
    findings: [{ code: 'Effusion', probability: 0.9, decision: 'positive', heatmap: { state: 'checking' } }],
  });
  const embedding = { vector: new Float32Array(8).fill(1), facets: { findings: [], labelSource: 'model' } } as const;
  asked.length = 0;
  await local.intake.accept(instance, { actor: 'test' });
  const [job] = await store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 60_000, limit: 4 });
  if (job === undefined) throw new Error('no job');
  const study = await local.intake.study(instance.studyUid);
  await local.readings.commit(
    {
      job,
      reading,
      factsRevision: study?.factsRevision ?? 0,
      heatmaps: [],
      embedding,
      told: [],
      outbox: [],
      audit: [],
    },
    {
      question: () => ({
        now: clock.now(),
        hourStart: clock.now(),
        windowStart: clock.now(),
        interruptive: ['critical'],
        patientCode: instance.patient.id ?? '',
      }),
      of: () => ({
        told:
          kind === 'alert'
            ? [{ kind, alert: sampleAlert(reading) }]
            : [{ kind, sourceId: reading.id, reason: { code: 'r', text: { vi: 'r', en: 'r' } } }],
        outbox: [],
        audit: [],
      }),
    },
  );
  return [...asked];
}

test('a film costs at most 12 round trips in three transactions, an alert one more', async () => {
  // The space of a model's vectors is made once.
  await film('silence');
  for (const [kind, most] of [
    ['silence', 12],
    ['alert', 13],
  ] as const) {
    const statements = await film(kind);
    expect(statements.length, statements.map((text) => text.slice(0, 60)).join('\n')).toBeLessThanOrEqual(most);
    // Taken, claimed and committed; the study is read between them.
    expect(statements.filter((text) => text.startsWith('begin')).length).toBe(2);
  }
});
