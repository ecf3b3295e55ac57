// A stored result is corrected, withdrawn or followed by a newer one: the person is judged again though nobody asks, the alert falls, and the
// receivers are told by the outbox.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newWebhookSecret } from '#interop/webhooks/sign.ts';
import { type Doors, send } from '../cases/his/doors.ts';
import { freePort } from '../fixtures/free-port.ts';
import { modelsFolder, openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

interface Told {
  readonly data: {
    readonly alert: {
      readonly id: string;
      readonly status: string;
      readonly subject: { readonly patientCode: string };
    };
    readonly event?: { readonly to?: string; readonly reasonCode?: string };
  };
}

const told: Told[] = [];
let receiver: Server;
let models: string;
let service: TestService;
let doors: Doors;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  models = modelsFolder();
  for (const name of ['risk-ckd_epi_2021', 'risk-news2', 'risk-who_cvd_2019_nonlab_sea'])
    cpSync(join('models', name), join(models, name), { recursive: true });
  const hl7Port = await freePort();
  const site = {
    cdsHooks: { deadlineMs: 10_000 },
    hispro: { answerWithinMs: 5_000 },
    webhooks: [{ id: 'his', url: `http://127.0.0.1:${port}/`, secrets: [newWebhookSecret()] }],
  };
  const indicators = join(models, 'indicators.json');
  writeFileSync(indicators, JSON.stringify({ CREA: '2160-0' }));
  service = await openTestService(undefined, site, {
    HAIDANG_HL7_PORT: String(hl7Port),
    HAIDANG_MODELS_DIR: models,
    HAIDANG_INDICATORS: indicators,
  });
  doors = { address: service.address, hl7Port };
});
afterAll(async () => {
  await service.close();
  await new Promise((resolve) => receiver.close(resolve));
  rmSync(models, { recursive: true, force: true });
});

const DAY_MS = 86_400_000;
const born = new Date(Date.now() - (60 * 365.25 + 182) * DAY_MS).toISOString().slice(0, 10);
/** Viet Nam's clock, as HL7 and claim files write it. */
const local = (minutesAgo: number): string =>
  new Date(Date.now() - minutesAgo * 60_000 + 7 * 3_600_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 12);
const at = local(30);

const pid = (patient: string) => `PID|1||${patient}^^^HIS^MR||GIA LAP^NGUOI BENH||${born.replaceAll('-', '')}|M`;

const oru = (patient: string, value: string, status: string, { order = `${patient}-1`, time = at } = {}) =>
  send(
    {
      door: 'hl7',
      segments: [
        pid(patient),
        `OBR|1|${order}||GL01^Xet nghiem^L|||${time}|||||||||||||||||F`,
        `OBX|1|NM|2160-0^^LN||${value}|umol/L|||||${status}`,
      ],
      expect: {},
    },
    patient,
    doors,
  );

const check = (patient: string, icd: string | null = null) =>
  send(
    {
      door: 'checkdrug',
      info: { patientID: patient, maYTe: patient, sex: 'Nam', dob: `${born}T00:00:00`, icd, prescriber: { id: 'bs' } },
      expect: {},
    },
    patient,
    doors,
  );

const alertsOf = async (patient: string): Promise<readonly { readonly status: string }[]> =>
  JSON.parse(await (await fetch(`${service.address}/v1/alerts?patientCode=${patient}`)).text());

const open = ({ status }: { readonly status: string }): boolean => ['new', 'seen'].includes(status);

/** The messages about a person that came so far. */
const messagesOf = (patient: string) => told.filter(({ data }) => data.alert.subject.patientCode === patient);

async function raised(patient: string): Promise<void> {
  await check(patient);
  await vi.waitFor(async () => expect((await alertsOf(patient)).some(open)).toBe(true), { timeout: 15_000 });
  await vi.waitFor(() => expect(messagesOf(patient).length).toBeGreaterThan(0), { timeout: 15_000 });
}

async function fallen(patient: string, reason: string): Promise<void> {
  await vi.waitFor(async () => expect((await alertsOf(patient)).filter(open)).toEqual([]), { timeout: 15_000 });
  await vi.waitFor(
    () =>
      expect(messagesOf(patient).map(({ data }) => data.event)).toContainEqual(
        expect.objectContaining({ to: 'resolved', reasonCode: reason }),
      ),
    { timeout: 15_000 },
  );
}

test.each([
  ['corrected to a normal value (C)', '90', 'C', 'lower'],
  ['deleted (D)', '', 'D', 'facts-withdrawn'],
  ['posted as wrong (W)', '900', 'W', 'facts-withdrawn'],
  ['not to be had after all (X)', '', 'X', 'facts-withdrawn'],
  ['said again as another one (F)', '90', 'F', 'lower'],
])('an HL7 result that is %s takes its alert with it', async (name, value, status, reason) => {
  const patient = `AGAIN-${status}`;
  expect(name).toContain(status);
  await oru(patient, '900', 'F');
  await raised(patient);
  await oru(patient, value, status);
  await fallen(patient, reason);
});

test('a newer normal result of another order does, and one that says worse raises again', async () => {
  await oru('AGAIN-NEWER', '900', 'F', { time: local(120) });
  await raised('AGAIN-NEWER');
  await oru('AGAIN-NEWER', '85', 'F', { order: '2', time: local(60) });
  await fallen('AGAIN-NEWER', 'lower');
  await oru('AGAIN-NEWER', '880', 'F', { order: '3', time: local(5) });
  await vi.waitFor(async () => expect((await alertsOf('AGAIN-NEWER')).filter(open)).toHaveLength(1), {
    timeout: 15_000,
  });
});

const claim = (patient: string, value: string) => {
  const fields = (row: Readonly<Record<string, string>>) =>
    Object.entries(row)
      .map(([name, text]) => `<${name}>${text}</${name}>`)
      .join('');
  const row = {
    MA_LK: patient,
    MA_DICH_VU: 'GL01',
    MA_CHI_SO: 'CREA',
    GIA_TRI: value,
    DON_VI_DO: 'umol/L',
    NGAY_KQ: at,
  };
  const tables = {
    XML1: `<TONG_HOP>${fields({ MA_LK: patient, MA_BN: patient })}</TONG_HOP>`,
    XML4: `<DSACH_CHI_TIET_CLS><CHI_TIET_CLS>${fields(row)}</CHI_TIET_CLS></DSACH_CHI_TIET_CLS>`,
  };
  return send({ door: 'xml', tables, expect: {} }, patient, doors);
};

test('a claim file that is sent again with the right value does', async () => {
  const { lines } = await claim('AGAIN-XML', '900');
  expect(lines).toContainEqual(expect.objectContaining({ kind: 'measurement' }));
  await raised('AGAIN-XML');
  await claim('AGAIN-XML', '90');
  await fallen('AGAIN-XML', 'lower');
});

const patientOf = (patient: string) => ({ resourceType: 'Patient', id: patient, gender: 'male', birthDate: born });
const observation = (patient: string, value: number, minutesAgo: number) => ({
  resourceType: 'Observation',
  id: `${patient}-crea`,
  status: 'final',
  category: [{ coding: [{ code: 'laboratory' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
  valueQuantity: { value, unit: 'umol/L', system: 'http://unitsofmeasure.org', code: 'umol/L' },
});
const hook = (patient: string, value: number, minutesAgo: number) =>
  send(
    {
      door: 'hook',
      language: 'en',
      resources: [patientOf(patient), observation(patient, value, minutesAgo)],
      expect: {},
    },
    patient,
    doors,
  );

test('a card of a hook falls by a newer HL7 result, and an older one refutes nothing', async () => {
  await hook('AGAIN-HOOK', 900, 60);
  await vi.waitFor(() => expect(messagesOf('AGAIN-HOOK')).toHaveLength(1), { timeout: 15_000 });
  await oru('AGAIN-HOOK', '80', 'F', { order: '1', time: local(60 * 24 * 90) });
  await check('AGAIN-HOOK');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect((await alertsOf('AGAIN-HOOK')).filter(open)).toHaveLength(1);
  await oru('AGAIN-HOOK', '85', 'F', { order: '2', time: local(10) });
  await fallen('AGAIN-HOOK', 'lower');
  // The next chart tells the older values no more.
  expect((await alertsOf('AGAIN-HOOK')).filter(open)).toEqual([]);
});

const adt = (event: string, control: string, ...segments: readonly string[]) => ({
  event,
  lines: [`EVN|${event}|${local(0)}`, ...segments],
  control,
});

async function sendAdt({ event, lines, control }: ReturnType<typeof adt>): Promise<void> {
  const { connect } = await import('node:net');
  const header = `MSH|^~\\&|HIS|BV|||${local(0)}||ADT^${event}^ADT_A30|${control}|P|2.5.1||||||UNICODE UTF-8`;
  const text = [header, ...lines].map((line) => `${line}\r`).join('');
  const answer = await new Promise<string>((resolve) => {
    const socket = connect({ port: doors.hl7Port, host: '127.0.0.1' });
    socket.on('data', (chunk: Buffer) => {
      resolve(chunk.toString('utf8'));
      socket.destroy();
    });
    socket.write(Buffer.concat([Buffer.of(0x0b), Buffer.from(text), Buffer.of(0x1c, 0x0d)]));
  });
  expect(answer).toMatch(/MSA\|(AA|CA)/);
}

test.each(['A40', 'A47'])(
  'ADT^%s: risks, values and receivers follow the person to the number that holds',
  async (event) => {
    const [old, now] = [`AGAIN-${event}-OLD`, `AGAIN-${event}-NEW`];
    await oru(old, '900', 'F');
    await raised(old);
    await sendAdt(adt(event, event, pid(now), `MRG|${old}^^^HIS^MR`));
    expect((await alertsOf(old)).filter(open)).toEqual([]);
    expect((await alertsOf(now)).filter(open)).toHaveLength(1);
    await vi.waitFor(() => expect(messagesOf(now).length).toBeGreaterThan(0), { timeout: 15_000 });
    await vi.waitFor(() => expect(messagesOf(old).some(({ data }) => data.event?.to === 'resolved')).toBe(true), {
      timeout: 15_000,
    });
    // The laboratory corrects under the one number or under the other.
    await oru(event === 'A40' ? old : now, '90', 'C', { order: `${old}-1` });
    await fallen(now, 'lower');
  },
);

test('a corrected birth date (A08) is judged with: a man of sixty was a boy of fifteen', async () => {
  const patient = 'AGAIN-A08';
  await oru(patient, '900', 'F');
  await raised(patient);
  const boy = new Date(Date.now() - 15.5 * 365.25 * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  await sendAdt(adt('A08', 'A08', `PID|1||${patient}^^^HIS^MR||GIA LAP^NGUOI BENH||${boy}|M`));
  await fallen(patient, 'not-applicable');
  expect((await alertsOf(patient)).filter(open)).toEqual([]);
});

describe('NEWS2 of a person who is unresponsive on air', () => {
  const vitals = [
    ['8480-6', 120, 'mm[Hg]'],
    ['8867-4', 70, '/min'],
    ['9279-1', 16, '/min'],
    ['8310-5', 37, 'Cel'],
    ['59408-5', 98, '%'],
  ] as const;
  const measuredAt = new Date().toISOString();
  const vital = (patient: string, code: object, value: object) => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ code: 'vital-signs' }] }],
    code: { coding: [code] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: measuredAt,
    ...value,
  });
  const loinc = (code: string) => ({ system: 'http://loinc.org', code });
  const snomed = (code: string) => ({ system: 'http://snomed.info/sct', code });
  const all = (patient: string) => [
    patientOf(patient),
    ...vitals.map(([code, value, unit]) =>
      vital(patient, loinc(code), {
        valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
      }),
    ),
    vital(patient, loinc('67775-7'), { valueCodeableConcept: { coding: [snomed('422768004')] } }),
    vital(patient, snomed('722742002'), {}),
  ];

  test('three points by FHIR, where consciousness is SNOMED CT and the air a finding alone', async () => {
    const answer = await send({ door: 'assess', resources: all('NEWS-A'), expect: {} }, 'NEWS-A', doors);
    expect(answer.told.filter(({ topic }) => topic === 'news2')).toMatchObject([{ low: 3, high: 3 }]);
  });

  test('five points with oxygen by HL7, where consciousness is a LOINC answer and oxygen a flow', async () => {
    const patient = 'NEWS-B';
    const segments = [
      pid(patient),
      `OBR|1|${patient}-1||GL01^Sinh hieu^L|||${local(0)}|||||||||||||||||F`,
      ...vitals.map(([code, value, unit], place) => `OBX|${place + 1}|NM|${code}^^LN||${value}|${unit}|||||F`),
      'OBX|6|CWE|67775-7^ACVPU^LN||LA9343-0^Unresponsive^LN||||||F',
      'OBX|7|NM|3151-8^O2^LN||4|L/min|||||F',
    ];
    await send({ door: 'hl7', segments, expect: {} }, patient, doors);
    await vi.waitFor(
      async () => {
        const answer = await check(patient);
        expect(answer.told.filter(({ topic }) => topic === 'news2')).toMatchObject([{ low: 5, high: 5 }]);
      },
      { timeout: 15_000, interval: 250 },
    );
  });
});

test('a pregnancy that an observation states keeps NEWS2 away, and a card says so', async () => {
  const patient = 'NEWS-C';
  const takenNow = new Date().toISOString();
  const sick = [
    ['8480-6', 84, 'mm[Hg]'],
    ['8867-4', 134, '/min'],
    ['9279-1', 27, '/min'],
    ['8310-5', 39.4, 'Cel'],
    ['59408-5', 90, '%'],
  ].map(([code, value, unit]) => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ code: 'vital-signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code }] },
    effectiveDateTime: takenNow,
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  }));
  const pregnant = {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ code: 'social-history' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '82810-3' }] },
    effectiveDateTime: takenNow,
    valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '77386006' }] },
  };
  const woman = { resourceType: 'Patient', id: patient, gender: 'female', birthDate: '1996-05-02' };
  const answer = await send(
    { door: 'hook', language: 'en', resources: [woman, ...sick, pregnant], expect: {} },
    patient,
    doors,
  );
  expect(answer.told.filter(({ topic }) => topic === 'news2')).toEqual([]);
  expect(answer.texts.some((text) => /NEWS2/.test(text) && /pregnan/i.test(text))).toBe(true);
});
