// A whole service with its HL7 port: results are taken, a film is read, and its preliminary result is sent with the alert's id.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openMessage } from '#interop/hl7v2/wire/header.ts';
import { type Hl7Listener, startListener } from '#interop/hl7v2/wire/listener.ts';
import { createClient } from '#client/client.ts';
import { readConfig } from '#service/config.ts';
import { type Service, startService } from '#service/service.ts';
import { filmDicom } from '../fixtures/film.ts';
import { frameOf, lines, openPeer, verdictOf } from '../interop/hl7v2/peer.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder } from './service.ts';
import { freePort } from '../fixtures/free-port.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: Service;
let receiver: Hl7Listener;
let port: number;
let folders: string[];
const received: string[] = [];

beforeAll(async () => {
  receiver = await startListener({
    host: '127.0.0.1',
    port: 0,
    take: async (bytes) => {
      received.push(bytes.toString());
      return [`MSH|^~\\&|HIS||HAIDANG||20260301||ACK|1|P|2.5.1\rMSA|CA|${openMessage(bytes).header?.controlId}\r`];
    },
    told: () => undefined,
  });
  port = await freePort();
  folders = [await freshDataDir(), modelsFolder()];
  const [dataDir, models] = folders;
  const env = {
    HAIDANG_ACCESS: 'open',
    HAIDANG_PORT: '0',
    HAIDANG_DATA_DIR: dataDir,
    HAIDANG_MODELS_DIR: models,
    HAIDANG_LOG_LEVEL: 'silent',
    HAIDANG_HL7_PORT: String(port),
    HAIDANG_HL7_TO: `127.0.0.1:${receiver.port}`,
  };
  service = await startService(readConfig(env, '/'));
});
afterAll(async () => {
  await service.close();
  await receiver.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('a message is taken while the service runs', async () => {
  const peer = openPeer(port);
  peer.write(
    frameOf(
      lines(
        'MSH|^~\\&|HIS|BV|||20260301080000||ADT^A01^ADT_A01|A1|P|2.5.1||||||UNICODE UTF-8',
        'EVN|A01|20260301080000',
        'PID|1||BN-1^^^HIS^MR||NGUYỄN^AN',
        'PV1|1|I',
      ),
    ),
  );
  expect(verdictOf(await peer.next())).toEqual({ code: 'AA', controlId: 'A1', errors: [] });
  peer.close();
  const { data: entries } = await createClient({ baseUrl: service.address }).v1.listAudit({ limit: '500' });
  expect(entries).toContainEqual(
    expect.objectContaining({
      action: 'hl7v2.received',
      subjectId: 'A1',
      detail: expect.objectContaining({ address: '127.0.0.1' }),
    }),
  );
});

test('a film’s result goes out once, preliminary, with the alert of every other interface', async () => {
  const client = createClient({ baseUrl: service.address });
  const film = await filmDicom({ study: 'hl7', patient: 'BN-1' });
  const upload = { name: 'film.dcm', bytes: Uint8Array.from(film) };
  await client.upload([upload]);
  await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 120_000, interval: 200 });
  await client.upload([upload]);
  const [text = ''] = received;
  expect(text).toContain('PID|1||BN-1^^^HIS^MR|');
  const observations = text.split('\r').filter((line) => line.startsWith('OBX|'));
  expect(observations.every((line) => line.split('|')[11] === 'P')).toBe(true);

  const answer: unknown = await (await fetch(`${service.address}/v1/alerts?patientCode=BN-1`)).json();
  const ids = observations.filter((line) => line.includes('alert-id')).map((line) => line.split('|')[5]);
  expect(ids).toHaveLength(1);
  expect(JSON.stringify(answer)).toContain(ids[0]);
  expect(received).toHaveLength(1);
});

test('an order comes in, then its film: the worklist says why, who asks and that it is wanted at once', async () => {
  const client = createClient({ baseUrl: service.address });
  /** JSON as it came. */
  const get = async (path: string): Promise<ReturnType<typeof JSON.parse>> =>
    JSON.parse(await (await fetch(`${service.address}${path}`)).text());
  const worklist = async () => (await get('/v1/worklist')).items;
  await client.upload([
    { name: 'r.dcm', bytes: Uint8Array.from(await filmDicom({ study: 'first', patient: 'BN-2', phase: 2 })) },
  ]);
  const peer = openPeer(port);
  peer.write(
    frameOf(
      lines(
        'MSH|^~\\&|HIS|BV|||20260301080500||ORM^O01^ORM_O01|O1|P|2.5.1||||||UNICODE UTF-8',
        'PID|1||BN-3^^^HIS^MR||LÊ^BÌNH||19700101|M',
        'PV1|1|E|CC||||||||||||||||000000999003',
        // The accession number of the film below.
        'ORC|NW|Aordered',
        'TQ1|1||||||||S',
        'OBR|1|Aordered||36554-4^XR Chest^LN|||||||||Khó thở đột ngột, tràn khí?|||BS01^TRẦN^AN',
      ),
    ),
  );
  expect(verdictOf(await peer.next()).code).toBe('AA');
  peer.write(
    frameOf(
      lines(
        'MSH|^~\\&|HIS|BV|||20260301080000||ADT^A04^ADT_A01|A2|P|2.5.1||||||UNICODE UTF-8',
        'EVN|A04|20260301080000',
        'PID|1||BN-3^^^HIS^MR||LÊ^BÌNH||19700101|M',
        'PV1|1|E',
      ),
    ),
  );
  expect(verdictOf(await peer.next()).code).toBe('AA');
  peer.close();
  const nameless = await filmDicom({ study: 'ordered', patient: 'BN-3', phase: 1, without: [0x0010_0010] });
  await client.upload([{ name: 'o.dcm', bytes: Uint8Array.from(nameless) }]);
  const read = async () => {
    const items = await worklist();
    expect(items.every((one: { reading: object | null }) => one.reading !== null)).toBe(true);
    return items;
  };
  const [first, ...others] = await vi.waitFor(read, { timeout: 120_000, interval: 200 });
  expect(first).toMatchObject({
    accessionNumber: 'Aordered',
    patient: { id: 'BN-3', name: 'LÊ^BÌNH' },
    place: 'critical',
    because: { code: 'requested' },
    order: {
      state: 'ordered',
      priority: 'critical',
      question: 'Khó thở đột ngột, tràn khí?',
      physician: 'TRẦN AN',
      department: 'CC',
    },
  });
  // The film that came first waits behind it.
  expect(others.map((one: { patient: { id: string } }) => one.patient.id)).toContain('BN-2');
  const study = await get(`/v1/studies/${first.studyUid}`);
  expect(study).toMatchObject({ treatmentCode: '000000999003', order: first.order });
});

test('a film sent again under the right patient ID: the result is withdrawn from the one person and sent for the other', async () => {
  const client = createClient({ baseUrl: service.address });
  const send = async (patient: string) =>
    client.upload([{ name: 'f.dcm', bytes: Uint8Array.from(await filmDicom({ study: 'moved', patient, phase: 0 })) }]);
  const ofPerson = (code: string) => received.filter((text) => text.includes(`PID|1||${code}^^^HIS^MR|`));
  const statusOf = (text: string | undefined) =>
    new Set(text?.split('\r').flatMap((line) => (line.startsWith('OBX|') ? [line.split('|')[11]] : [])));
  await send('BN-WRONG');
  await vi.waitFor(() => expect(ofPerson('BN-WRONG')).toHaveLength(1), { timeout: 120_000, interval: 200 });
  await send('BN-RIGHT');
  await vi.waitFor(() => expect(ofPerson('BN-WRONG')).toHaveLength(2), { timeout: 120_000, interval: 200 });
  await vi.waitFor(() => expect(ofPerson('BN-RIGHT')).toHaveLength(1), { timeout: 120_000, interval: 200 });
  expect(statusOf(ofPerson('BN-WRONG')[1])).toEqual(new Set(['W']));
  expect(statusOf(ofPerson('BN-RIGHT')[0])).toEqual(new Set(['P']));
});

test('a merge (A40) and an update (A08) move films and alerts, and their results are told again', async () => {
  const client = createClient({ baseUrl: service.address });
  const film = await filmDicom({ study: 'merged', patient: 'BN-OLD', phase: 0 });
  await client.upload([{ name: 'f.dcm', bytes: Uint8Array.from(film) }]);
  const ofPerson = (code: string) => received.filter((text) => text.includes(`PID|1||${code}^^^HIS^MR|`));
  await vi.waitFor(() => expect(ofPerson('BN-OLD')).toHaveLength(1), { timeout: 120_000, interval: 200 });
  const peer = openPeer(port);
  const say = async (event: string, minute: string, ...segments: readonly string[]) => {
    peer.write(
      frameOf(
        lines(
          `MSH|^~\\&|HIS|BV|||202603010${minute}00||ADT^${event}^ADT_A39|${event}-${minute}|P|2.5.1||||||UNICODE UTF-8`,
          `EVN|${event}|202603010${minute}00`,
          ...segments,
        ),
      ),
    );
    return verdictOf(await peer.next());
  };
  const alertsOf = async (code: string) =>
    JSON.parse(await (await fetch(`${service.address}/v1/alerts?patientCode=${code}`)).text());
  expect((await say('A40', '900', 'PID|1||BN-NEW^^^HIS^MR||LÊ^CƯỜNG||19760101|F')).code).not.toBe('AA');
  const merge = ['PID|1||BN-NEW^^^HIS^MR||LÊ^CƯỜNG||19760101|F', 'MRG|BN-OLD^^^HIS^MR'];
  expect(await say('A40', '901', ...merge)).toMatchObject({ code: 'AA' });
  expect(await alertsOf('BN-OLD')).toEqual([]);
  expect(await alertsOf('BN-NEW')).toMatchObject([{ status: 'new', subject: { patientCode: 'BN-NEW' } }]);
  await vi.waitFor(() => expect(ofPerson('BN-NEW')).toHaveLength(1), { timeout: 60_000, interval: 200 });
  expect(await say('A08', '902', 'PID|1||BN-NEW^^^HIS^MR||LÊ^CƯƠNG^ANH||19760101|F')).toMatchObject({ code: 'AA' });
  await vi.waitFor(() => expect(ofPerson('BN-NEW')).toHaveLength(2), { timeout: 60_000, interval: 200 });
  expect(ofPerson('BN-NEW')[1]).toContain('LÊ^CƯƠNG^ANH');
  // One that comes late is not the last word.
  expect(await say('A08', '859', 'PID|1||BN-NEW^^^HIS^MR||LÊ^BA||19760101|F')).toMatchObject({ code: 'AA' });
  peer.close();
  const answer = JSON.parse(await (await fetch(`${service.address}/v1/worklist?patientId=BN-NEW`)).text());
  expect(JSON.stringify(answer)).toContain('LÊ^CƯƠNG^ANH');
});
