// A whole service and its senders in one process, which ends itself at the point that it is told: proves what came before, then sends films.
// Tells its parent of each step as a message.
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { type Client, createClient } from '#client/client.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { filmDicom } from '../fixtures/film.ts';
import { studyUidOf } from './film-uid.ts';
import { watchPoints } from './points.ts';

export interface Orders {
  readonly env: Readonly<Record<string, string>>;
  /** Names the films of this run. */
  readonly run: string;
  readonly films: number;
  /** How often each film is sent at once. */
  readonly copies: number;
  /** Studies that were acknowledged and not proven yet. */
  readonly acknowledged: readonly string[];
  /** Studies of which only half a film came: they must not be there. */
  readonly half: readonly string[];
  /** What happens at which point; absent: nothing. */
  readonly fault?: {
    readonly kind: 'kill' | 'hang' | 'clock';
    readonly point: string;
    readonly occurrence: number;
    /** Counted from the start of the process, or from when everything before was proven. */
    readonly from: 'start' | 'walk';
    readonly clockMs?: number;
  };
}

export type Told =
  | { readonly kind: 'ready' | 'reached' | 'done' }
  | { readonly kind: 'half' | 'acknowledged'; readonly studyUid: string }
  | { readonly kind: 'proven'; readonly studyUid: string; readonly alertIds: readonly string[] }
  | { readonly kind: 'fault'; readonly what: string }
  | { readonly kind: 'points'; readonly counts: Readonly<Record<string, number>> };

const orders: Orders = JSON.parse(process.argv[2] ?? '');
const tell = (told: Told): void => void process.send?.(told);
// It does not outlive its parent.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

function stopChildren(): void {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (Number(parent) === process.pid) process.kill(Number(name), 'SIGSTOP');
    } catch {
      // It ended meanwhile.
    }
  }
}

function setClock(byMs: number): void {
  const Real = Date;
  const Moved = class extends Real {
    constructor(...parts: [] | [number | string]) {
      super(...((parts.length === 0 ? [Real.now() + byMs] : parts) as [number]));
    }
    static override now(): number {
      return Real.now() + byMs;
    }
  };
  globalThis.Date = Moved as unknown as DateConstructor;
}

const counts = new Map<string, number>();
let armed = orders.fault?.from === 'start';
watchPoints((point) => {
  if (!armed) return;
  const seen = (counts.get(point) ?? 0) + 1;
  counts.set(point, seen);
  const { fault } = orders;
  if (fault === undefined || fault.point !== point || fault.occurrence !== seen) return;
  if (fault.kind === 'kill') process.kill(process.pid, 'SIGKILL');
  tell({ kind: 'reached' });
  if (fault.kind === 'hang') stopChildren();
  else setClock(fault.clockMs ?? 0);
});

async function prove(client: Client, studyUid: string): Promise<void> {
  const { alertIds } = await client.waitUntilRead(studyUid);
  const { data: readings } = await client.v1.getReadingsOfStudy(studyUid);
  const { data: alerts } = await client.v1.listAlerts({ studyUid, include: 'superseded' });
  if (readings.length !== 1 || alerts.length !== 1)
    tell({ kind: 'fault', what: `${studyUid} has ${readings.length} readings and ${alerts.length} alerts` });
  tell({ kind: 'proven', studyUid, alertIds });
}

/** The connection breaks in the middle of the film. */
async function sendHalf(address: string, film: Buffer): Promise<void> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  const head = `POST /v1/studies HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/dicom\r\ncontent-length: ${film.length}\r\n\r\n`;
  await new Promise<void>((resolve) => {
    socket.write(head);
    socket.write(film.subarray(0, film.length >> 1), () => resolve());
  });
  socket.destroy();
}

async function walk(client: Client, address: string): Promise<void> {
  const broken = await filmDicom({ study: `${orders.run}-half`, patient: `P${orders.run}h` });
  tell({ kind: 'half', studyUid: studyUidOf(broken) });
  await sendHalf(address, broken);
  const sent: string[] = [];
  for (let count = 0; count < orders.films; count += 1) {
    const bytes = Uint8Array.from(
      await filmDicom({ study: `${orders.run}-${count}`, patient: `P${orders.run}-${count}`, phase: count }),
    );
    const send = async (): Promise<readonly string[]> => {
      const { studies } = await client.upload([{ name: 'f.dcm', bytes }]);
      for (const studyUid of studies) tell({ kind: 'acknowledged', studyUid });
      return studies;
    };
    const answers = await Promise.all(Array.from({ length: orders.copies }, send));
    sent.push(...new Set(answers.flat()));
  }
  for (const studyUid of sent) {
    const { alertIds } = await client.waitUntilRead(studyUid, { until: 'maps-checked' });
    for (const id of alertIds) await client.v1.acknowledgeAlert(id, {});
  }
}

const service = await startService(readConfig(orders.env, '/'));
const client = createClient({ baseUrl: service.address });
tell({ kind: 'ready' });
for (const studyUid of orders.acknowledged) await prove(client, studyUid);
for (const studyUid of orders.half) {
  const { status } = await fetch(`${service.address}/v1/studies/${studyUid}`);
  if (status !== 404) tell({ kind: 'fault', what: `half a film became the study ${studyUid} (${status})` });
}
const { data: audit } = await client.v1.verifyAudit();
if (!audit.intact) tell({ kind: 'fault', what: 'the audit chain is broken' });
armed = true;
await walk(client, service.address);
tell({ kind: 'points', counts: Object.fromEntries(counts) });
await service.close();
tell({ kind: 'done' });
process.exit(0);
