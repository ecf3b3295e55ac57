// Counts of the store about its own work: per device and window, and when each study was read, opened and closed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const DAY_MS = 86_400_000;

describe.each(HOSTS)('service times on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  async function read(device: string | undefined, parts: Parameters<typeof sampleReading>[1] = {}): Promise<string> {
    const instance = sampleInstance(device === undefined ? {} : { device });
    await at.local.intake.accept(instance, { actor: 'test' });
    const reading = sampleReading(instance, parts);
    await at.local.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit: [] });
    return instance.studyUid;
  }

  test('films are counted per device and window, refused ones apart, those of another calibration not at all', async () => {
    const found = (probability: number) => ({
      findings: [
        { code: 'Effusion', probability, decision: 'positive' as const },
        { code: 'Mass', probability: 0.01, decision: 'negative' as const },
      ],
    });
    await read('ACME · X1', { ...found(0.5), provenance: sampleProvenance({ calibrationVersion: 'old' }) });
    await read('ACME · X1', { ...found(0.5), priority: 'routine' });
    await read('ACME · X1', { ...found(0.9) });
    await read('ACME · X1', { outcome: 'not-assessed', findings: [], priority: 'routine' });
    at.clock.advance(10 * DAY_MS);
    await read('ACME · X1', { ...found(0.5) });
    await read(undefined, { ...found(0.5), priority: 'critical' });
    const now = at.clock.now().getTime();
    const rows = await at.local.serviceTimes.devices({
      earlier: new Date(now - 30 * DAY_MS),
      recent: new Date(now - 7 * DAY_MS),
    });
    expect(
      rows.map(({ device, window, readings, notAssessed, assessed, positive }) => [
        device,
        window,
        readings,
        notAssessed,
        assessed,
        positive,
      ]),
    ).toEqual([
      ['', 'recent', 1, 0, 1, 1],
      ['ACME · X1', 'earlier', 3, 1, 2, 1],
      ['ACME · X1', 'recent', 1, 0, 1, 1],
    ]);
    const earlier = rows.find(({ device, window }) => device !== '' && window === 'earlier');
    // Log-odds of 0.5 and 0.9: 0 and ln 9; their standard deviation is ln 9 / √2.
    expect(earlier?.scoreMean).toBeCloseTo(Math.log(9) / 2, 9);
    expect(earlier?.scoreDeviation).toBeCloseTo(Math.log(9) / Math.SQRT2, 9);
    expect(rows.find(({ device }) => device === '')?.scoreDeviation).toBeNull();
  });

  test('each study has its moments, and what has not happened is absent', async () => {
    // Later than every study of the test before.
    at.clock.advance(1);
    const since = at.clock.now();
    const uid = await read('ACME · X1');
    at.clock.advance(60_000);
    await at.local.intake.opened(uid, 'bs01');
    const [newest] = await at.local.serviceTimes.studies(since, 10);
    expect(newest).toEqual({
      priority: 'urgent',
      receivedAt: since.toISOString(),
      readAt: since.toISOString(),
      openedAt: at.clock.now().toISOString(),
    });
    expect(await at.local.serviceTimes.studies(new Date(at.clock.now().getTime() + 1), 10)).toEqual([]);
  });
});
