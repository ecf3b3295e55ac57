// SIGKILL of the service in the middle of receiving, and of its inference child in the middle of a run: after a restart every
// acknowledged study is there once, read once, alerted once.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { freshDataDir } from '../store/hosts.ts';
import { type ChildService, modelsFolder, spawnService } from './service.ts';

const dataDir = await freshDataDir();
const models = modelsFolder();
const running: ChildService[] = [];
afterAll(async () => {
  for (const service of running) await service.kill();
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ChildService> {
  const service = await spawnService(dataDir, models);
  running.push(service);
  return service;
}

const file = (bytes: Buffer) => ({ name: 'f.dcm', bytes: Uint8Array.from(bytes) });

const BEFORE_THE_KILL = 3;
/** The next film is on its way by then: a request takes longer than this. */
const INTO_THE_NEXT_MS = 20;

/** Sends one film after the other; the service is killed while the fourth arrives. The studies that it acknowledged. */
async function sendUntilKilled(service: ChildService, prefix: string): Promise<string[]> {
  const acknowledged: string[] = [];
  let killed: Promise<void> | undefined;
  for (let count = 0; ; count += 1) {
    if (count === BEFORE_THE_KILL)
      killed = new Promise((resolve) => setTimeout(resolve, INTO_THE_NEXT_MS)).then(() => service.kill());
    const film = file(await filmDicom({ study: `${prefix}${count}`, patient: `P${prefix}${count}`, phase: count }));
    try {
      acknowledged.push(...(await service.client.upload([film])).studies);
    } catch (thrown) {
      if (killed === undefined) throw thrown;
      await killed;
      return acknowledged;
    }
  }
}

async function expectReadOnce(service: ChildService, studyUid: string): Promise<void> {
  const { reading } = await service.client.waitUntilRead(studyUid, { until: 'maps-checked' });
  for (const { heatmap } of reading?.findings ?? [])
    expect([undefined, 'available', 'hidden']).toContain(heatmap?.state);
  const { data: readings } = await service.client.v1.getReadingsOfStudy(studyUid);
  const { data: alerts } = await service.client.v1.listAlerts({ studyUid, include: 'superseded' });
  expect([readings.length, alerts.length], studyUid).toEqual([1, 1]);
}

/** Of the service's inference processes, from /proc. */
const inferenceChildren = (pid: number | undefined): number[] =>
  readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((name) => {
      try {
        const [, parent] = /^PPid:\s+([0-9]+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
        return Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('inference');
      } catch {
        return false;
      }
    })
    .map(Number);

describe.skipIf(process.platform !== 'linux')('killed', () => {
  test('in mid-ingest, twice: nothing acknowledged is lost, nothing is doubled', async () => {
    const acknowledged: string[] = [];
    for (const prefix of ['a', 'b']) {
      acknowledged.push(...(await sendUntilKilled(await start(), prefix)));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(2 * BEFORE_THE_KILL);
    const service = await start();
    for (const studyUid of acknowledged) await expectReadOnce(service, studyUid);
    expect((await service.client.v1.verifyAudit()).data.intact).toBe(true);
    expect(await service.stop()).toBe(0);
  }, 180_000);

  test('the inference child, again and again: every study is still read once', async () => {
    const service = await start();
    const studies: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const film = file(await filmDicom({ study: `c${count}`, patient: `Pc${count}`, phase: count + 0.5 }));
      studies.push(...(await service.client.upload([film])).studies);
      for (const pid of inferenceChildren(service.process.pid)) process.kill(pid, 'SIGKILL');
    }
    for (const studyUid of studies) await expectReadOnce(service, studyUid);
    expect((await fetch(`${service.address}/health/live`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  }, 180_000);
});
