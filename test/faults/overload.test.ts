// A film that its order wants at once (STAT) is read before the routine films that wait, though they came first and pages are asked for all the
// time. Orders and places are compared, not times.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { studiesAtOnce } from '#service/cores.ts';
import { filmDicom } from '../fixtures/film.ts';
import { freePort } from '../fixtures/free-port.ts';
import { frameOf, lines, openPeer, verdictOf } from '../interop/hl7v2/peer.ts';
import { openTestService, type TestService } from '../flows/service.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const PROCESSES = 1;
const ROUTINE = 16;
const VIEWERS = 6;

let service: TestService;
let hl7Port: number;
beforeAll(async () => {
  hl7Port = await freePort();
  const variables = { HAIDANG_PROCESSES: String(PROCESSES), HAIDANG_HL7_PORT: String(hl7Port) };
  service = await openTestService(undefined, undefined, variables);
});
afterAll(() => service.close());

/** The processes that run models, which stand still meanwhile: films wait as they do behind a slow model. */
function signalModels(signal: 'SIGSTOP' | 'SIGCONT'): number {
  const children = readdirSync('/proc').filter((name) => {
    try {
      const isOurs = readFileSync(`/proc/${name}/status`, 'utf8').includes(`PPid:\t${process.pid}\n`);
      return /^\d+$/.test(name) && isOurs && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('inference');
    } catch {
      return false;
    }
  });
  for (const pid of children) process.kill(Number(pid), signal);
  return children.length;
}

async function orderStat(accession: string, patient: string): Promise<void> {
  const peer = openPeer(hl7Port);
  peer.write(
    frameOf(
      lines(
        'MSH|^~\\&|HIS|BV|||20260301080000||ORM^O01^ORM_O01|S1|P|2.5.1||||||UNICODE UTF-8',
        `PID|1||${patient}^^^HIS^MR||NGUYỄN^AN`,
        'PV1|1|I|CC',
        `ORC|NW|${accession}||||||||||BS02`,
        `OBR|1|${accession}||XQ^XQ ngực|STAT`,
      ),
    ),
  );
  expect(verdictOf(await peer.next())).toMatchObject({ code: 'AA' });
  peer.close();
}

async function send(study: string): Promise<string> {
  const film = await filmDicom({ study, patient: `P-${study}`, phase: study.length });
  const answer = await fetch(`${service.address}/v1/studies?whole=yes`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: film,
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { studies: string[] }).studies[0] ?? '';
}

/** Pages as a ward opens them, until it is told to end; how many were answered. */
function viewPages() {
  const ending = new AbortController();
  let answered = 0;
  const viewer = async (): Promise<void> => {
    while (!ending.signal.aborted)
      for (const path of ['/v1/worklist', '/', '/v1/alerts', '/v1/models']) {
        const answer = await fetch(`${service.address}${path}`);
        await answer.arrayBuffer();
        expect(answer.status, path).toBe(200);
        answered += 1;
      }
  };
  const viewers = Array.from({ length: VIEWERS }, viewer);
  return async (): Promise<number> => {
    ending.abort();
    await Promise.all(viewers);
    return answered;
  };
}

test.skipIf(process.platform !== 'linux')(
  'a STAT film is read before the routine films that wait, beside a flood of page views',
  async () => {
    const first = await send('warm');
    await service.client.waitUntilRead(first);
    await orderStat('Astat', 'P-stat');
    const endViews = viewPages();
    expect(signalModels('SIGSTOP')).toBeGreaterThan(0);
    const routine: string[] = [];
    for (let count = 0; count < ROUTINE; count += 1) routine.push(await send(`routine${count}`));
    const stat = await send('stat');
    signalModels('SIGCONT');
    const readings = await Promise.all(
      [...routine, stat].map(async (uid) => {
        const { reading } = await service.client.waitUntilRead(uid, { timeoutMs: 180_000 });
        return { uid, readAt: reading?.readAt ?? '', outcome: reading?.outcome };
      }),
    );
    expect(await endViews()).toBeGreaterThan(VIEWERS);
    expect(readings.every(({ outcome }) => outcome === 'assessed')).toBe(true);
    const order = readings.toSorted((a, b) => (a.readAt < b.readAt ? -1 : 1)).map(({ uid }) => uid);
    // Those in hand when it came go on.
    expect(order.indexOf(stat)).toBeLessThanOrEqual(studiesAtOnce(PROCESSES));
    expect(routine.length).toBeGreaterThan(3 * studiesAtOnce(PROCESSES));
  },
);
