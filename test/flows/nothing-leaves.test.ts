// A whole service at work: it connects to no address that its settings do not name, and no name or number of a patient stands in its log,
// its metrics or its error messages.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { freePort } from '../fixtures/free-port.ts';
import { frameOf, lines, openPeer, verdictOf } from '../interop/hl7v2/peer.ts';
import { freshDataDir } from '../store/hosts.ts';
import { type ChildService, modelsFolder, spawnService } from './service.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const RECORDER = resolve('test/fixtures/egress-recorder.mjs');
/** Of one invented person; each is rare enough to be found nowhere else. */
const PERSON = {
  id: 'BN7719032',
  family: 'QUACHTHIXUYEN',
  given: 'DUONGLIEU',
  phone: '0987719032',
  birthDate: '19710403',
  accession: 'CD5519807',
  insurance: 'GD4797719032551',
};

let folder: string;
let dataDir: string;
let models: string;
let hl7Port: number;
let service: ChildService;
/** Bodies of refusals and faults. */
const problems: string[] = [];

const egressLog = (): string => join(folder, 'egress.log');
const serviceLog = (): string => join(folder, 'service.log');
const recorded = (log = egressLog()): readonly string[] => readFileSync(log, 'utf8').trim().split('\n');
const told = (kind: string, log?: string): readonly string[] =>
  recorded(log)
    .filter((line) => line.split(' ')[1] === kind)
    .map((line) => line.split(' ').slice(2).join(' '));

async function refusal(path: string, init?: RequestInit): Promise<void> {
  const answer = await fetch(`${service.address}${path}`, init);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  problems.push(await answer.text());
}

const posted = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haidang-egress-'));
  dataDir = await freshDataDir();
  models = modelsFolder();
  hl7Port = await freePort();
  const log = openSync(serviceLog(), 'w');
  service = await spawnService(
    dataDir,
    models,
    {
      HAIDANG_LOG_LEVEL: 'debug',
      HAIDANG_HL7_PORT: String(hl7Port),
      HAIDANG_TEST_EGRESS_LOG: egressLog(),
      NODE_OPTIONS: `--import=${RECORDER}`,
    },
    log,
  );
  closeSync(log);
});
afterAll(async () => {
  await service.stop();
  for (const one of [folder, dataDir, models]) rmSync(one, { recursive: true, force: true });
});

test('the recorder sees a connection, a look-up and a datagram of a process that makes them', () => {
  const log = join(folder, 'planted.log');
  const program = `
    import dgram from 'node:dgram';
    const ignore = () => undefined;
    await fetch('http://127.0.0.1:2/').catch(ignore);
    await fetch('http://nowhere.invalid/').catch(ignore);
    const socket = dgram.createSocket('udp4');
    socket.send('x', 9, '127.0.0.1', () => socket.close());`;
  spawnSync(process.execPath, [`--import=${RECORDER}`, '--input-type=module', '--eval', program], {
    env: { ...process.env, HAIDANG_TEST_EGRESS_LOG: log },
  });
  expect(told('connect', log)).toContain('127.0.0.1:2');
  expect(told('lookup', log)).toContain('nowhere.invalid');
  expect(told('datagram', log)).toContain('127.0.0.1');
});

test('a morning with one person: film, results, questions, and what is refused', async () => {
  const film = await filmDicom({
    study: 'egress',
    patient: PERSON.id,
    name: `${PERSON.family}^${PERSON.given}`,
    ageYears: 55,
  });
  const { studies } = await service.client.upload([{ name: `${PERSON.family}.dcm`, bytes: Uint8Array.from(film) }]);
  const study = await service.client.waitUntilRead(studies[0] ?? '', { until: 'maps-checked' });
  expect(study.reading?.outcome).toBe('assessed');
  expect(JSON.stringify(study)).toContain(PERSON.id);

  const peer = openPeer(hl7Port);
  const person = `PID|1||${PERSON.id}^^^HIS^MR||${PERSON.family}^${PERSON.given}||${PERSON.birthDate}|F|||||${PERSON.phone}`;
  const head = (id: string, type: string) =>
    `MSH|^~\\&|HIS|BV|||20260301080000||${type}|${id}|P|2.5.1||||||UNICODE UTF-8`;
  peer.write(frameOf(lines(head('E1', 'ADT^A04^ADT_A01'), 'EVN|A04|20260301080000', person, 'PV1|1|O')));
  expect(verdictOf(await peer.next()).code).toBe('AA');
  // Refused: a result whose value is no number, in a segment that holds the person's number.
  peer.write(
    frameOf(
      lines(
        head('E2', 'ORU^R01^ORU_R01'),
        person,
        `OBR|1|${PERSON.accession}`,
        `OBX|1|NM|2160-0^x^LN||${PERSON.phone}x|mg/dL|||||F`,
      ),
    ),
  );
  expect(verdictOf(await peer.next()).code).not.toBe('AA');
  peer.close();

  await refusal('/v1/risk/assess', posted({ patientId: PERSON.id, name: PERSON.family, sex: 7 }));
  await refusal('/v1/studies', {
    method: 'POST',
    body: JSON.stringify(PERSON),
    headers: { 'content-type': 'text/plain' },
  });
  await refusal(`/v1/alerts?patientCode=${PERSON.id}&name=${PERSON.family}`);
  await refusal(`/fhir/Patient?name=${PERSON.family}&birthdate=${PERSON.birthDate}x`);
  await refusal('/cds-services/patient-view', posted({ hook: 'patient-view', context: { patientId: PERSON.id } }));
  await refusal(`/dicomweb/studies?PatientName=${PERSON.family}&limit=x`);
  await refusal('/v1/import/xml130', {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: `<GIAMDINHHS><HO_TEN>${PERSON.family}</HO_TEN><MA_THE>${PERSON.insurance}</MA_THE>`,
  });
  for (const page of [
    '/',
    `/patients/${PERSON.id}`,
    '/alerts',
    '/admin',
    '/help',
    '/docs',
    '/openapi.json',
    '/metrics',
  ])
    await (await fetch(`${service.address}${page}`)).arrayBuffer();
});

test('no connection goes to an address that the settings do not name, at start or at work', () => {
  // The main process and at least one inference child are watched.
  expect(new Set(recorded().map((line) => line.split(' ')[0])).size).toBeGreaterThan(1);
  expect(told('connect')).toEqual([]);
  expect(told('lookup').filter((host) => !['127.0.0.1', 'localhost'].includes(host))).toEqual([]);
  expect(told('datagram')).toEqual([]);
});

test('no name or number of the person stands in the log, the metrics or an error message', async () => {
  const log = readFileSync(serviceLog(), 'utf8');
  expect(log.split('\n').length).toBeGreaterThan(20);
  const places = {
    log,
    metrics: await (await fetch(`${service.address}/metrics`)).text(),
    problems: problems.join('\n'),
  };
  expect(problems).toHaveLength(7);
  const found = Object.entries(places).flatMap(([place, text]) =>
    Object.entries(PERSON)
      .filter(([, value]) => text.toUpperCase().includes(value.toUpperCase()))
      .map(([field]) => `${field} in ${place}`),
  );
  expect(found).toEqual([]);
});
