// Messages to other systems about a reading: the message's fields, and its way through the outbox to a receiver over TCP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_BACKOFF } from '#delivery/backoff.ts';
import { createCircuit, DEFAULT_CIRCUIT } from '#delivery/circuit.ts';
import { deliverDue } from '#delivery/deliver.ts';
import { openMessage } from '#interop/hl7v2/wire/header.ts';
import { type Hl7Listener, startListener } from '#interop/hl7v2/wire/listener.ts';
import { type Message, repetitionsOf, type Segment, textOf, valueOf } from '#interop/hl7v2/wire/message.ts';
import { resultMessages } from '#interop/hl7v2/out/result-messages.ts';
import { hl7Sender } from '#interop/hl7v2/wire/sender.ts';
import { openTestStore, testClock, type TestStore } from '../../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../../store/samples.ts';

const titles: Record<string, { vi: string; en: string }> = {
  Effusion: { vi: 'Tràn dịch màng phổi', en: 'Pleural effusion' },
  Mass: { vi: 'Khối & u', en: 'Mass' },
};
const heads = (_from: unknown, code: string) => {
  const title = titles[code];
  return title && { title, positiveFrom: 0.62, negativeTo: 0.2 };
};
const instance = sampleInstance({
  patient: { id: 'BN|1', name: 'NGUYỄN^VĂN^AN', birthDate: '1970-05-19', sex: 'M' },
  accessionNumber: '1234567',
  treatmentCode: '000000999001',
  studyTime: '2026-03-01T06:30:00',
});
const study = { ...instance, patientKey: 'id:BN|1', receivedAt: '2026-03-01T00:00:00.000Z' };
const reading = sampleReading(instance, { notForClinicalUse: false });
const clock = testClock();
const messagesTo = (receivers: readonly string[], language: 'vi' | 'en' = 'vi') =>
  resultMessages({ receivers, clock, language, heads });

function opened(text: string): { message: Message; all: (name: string) => Segment[]; faults: readonly object[] } {
  const { message, faults } = openMessage(Buffer.from(text));
  if (message === undefined) throw new Error('not readable');
  return { message, faults, all: (name) => message.segments.filter((segment) => segment.name === name) };
}

describe('an ORU^R01', () => {
  const alert = sampleAlert(reading);
  const [sent] = messagesTo(['his:2575'])(reading, study, alert);
  const { message, all, faults } = opened(sent?.body.text ?? '');
  const field = (name: string, number: number, component = 1): string => {
    const [segment] = all(name);
    return segment === undefined ? '' : valueOf(message, segment, number, component);
  };

  test('is one that we would read ourselves, in UTF-8, with a control id of 20 characters', () => {
    expect(faults).toEqual([]);
    expect(sent?.body.controlId).toMatch(/^[0-9a-f]{20}$/);
    expect(field('MSH', 10)).toBe(sent?.body.controlId);
    expect(field('MSH', 18)).toBe('UNICODE UTF-8');
  });

  test('names patient, visit and order in the hospital’s own keys', () => {
    expect([field('PID', 3), field('PID', 5), field('PID', 5, 3), field('PID', 7), field('PID', 8)]).toEqual([
      'BN|1',
      'NGUYỄN',
      'AN',
      '19700519',
      'M',
    ]);
    expect(field('PV1', 19)).toBe('000000999001');
    expect([field('OBR', 2), field('OBR', 3), field('OBR', 7)]).toEqual([
      '1234567',
      `AI-${reading.id.replaceAll('-', '').slice(0, 19)}`,
      '20260301063000',
    ]);
  });

  test('is preliminary in every place that can say so, and never final', () => {
    expect(field('OBR', 25)).toBe('P');
    const observations = all('OBX');
    expect(observations.length).toBeGreaterThan(3);
    for (const obx of observations) expect(valueOf(message, obx, 11)).toBe('P');
    for (const obx of observations) expect(valueOf(message, obx, 17)).toBe('AIAST');
  });

  test('holds each finding as its probability, with its code, its words and its threshold', () => {
    const [effusion, mass] = all('OBX');
    if (effusion === undefined || mass === undefined) throw new Error('no findings');
    const shown = (obx: Segment) => [2, 3, 5, 7, 8].map((number) => valueOf(message, obx, number));
    expect(shown(effusion)).toEqual(['NM', 'Effusion', '0.9100', '<0.6200', 'H']);
    // 0.1 + 0.2 = 0.3000; a negative is not called normal.
    expect(shown(mass)).toEqual(['NM', 'Mass', '0.3000', '<0.6200', '']);
    expect([valueOf(message, mass, 3, 2), valueOf(message, mass, 3, 4), valueOf(message, mass, 3, 6)]).toEqual([
      'Khối & u',
      '309529002',
      'SCT',
    ]);
  });

  test('calls nothing certain that is not', () => {
    const [finding] = reading.findings;
    if (finding === undefined) throw new Error('no finding');
    const findings = [0.999996, 0.000004].map((probability) => ({ ...finding, probability }));
    const [sure] = messagesTo(['x'])({ ...reading, findings }, study, undefined);
    expect(sure?.body.text).toMatch(/\|0\.99999600\|1\^\^UCUM.*\|0\.00000400\|1\^\^UCUM/s);
  });

  test('says in words that it is an AI, what is suspected, and the alert with its id and severity', () => {
    const values = all('OBX').map((obx) =>
      repetitionsOf(message, obx, 5)
        .map((line) => textOf(message, line))
        .join('\n'),
    );
    const text = values.join('\n');
    expect(text).toContain('AI đọc trước, kết quả sơ bộ');
    expect(text).toContain('Nghi ngờ: Tràn dịch màng phổi (91%).');
    expect(values).toEqual(
      expect.arrayContaining([alert.id, 'warning', 'Nghi tràn dịch màng phổi', reading.id, reading.studyUid]),
    );
  });

  test('of a picture or a phantom is for training', () => {
    const [training] = messagesTo(['his:2575'])({ ...reading, notForClinicalUse: true }, study, undefined);
    const other = opened(training?.body.text ?? '');
    expect(other.all('MSH').map((msh) => valueOf(other.message, msh, 11))).toEqual(['T']);
  });

  test('is cut where HisPro would cut it', () => {
    const reason = { code: 'x', text: { vi: 'dài '.repeat(2_000), en: 'long' } };
    const [long] = messagesTo(['his:2575'])({ ...reading, reasons: [reason] }, study, undefined);
    const other = opened(long?.body.text ?? '');
    const longest = Math.max(...other.all('OBX').map((obx) => (obx.fields[5] ?? '').length));
    expect(longest).toBeLessThanOrEqual(3_000);
    expect(longest).toBeGreaterThan(2_900);
  });

  test('is not made for what was not assessed, nor for a film of nobody', () => {
    const make = messagesTo(['his:2575']);
    expect(make({ ...reading, outcome: 'not-assessed', findings: [] }, study, undefined)).toEqual([]);
    expect(make({ ...reading, outcome: 'failed', findings: [] }, study, undefined)).toEqual([]);
    expect(make(reading, { ...study, patient: {} }, undefined)).toEqual([]);
    expect(messagesTo([])(reading, study, undefined)).toEqual([]);
  });
});

describe('delivery', () => {
  let kept: TestStore;
  let receiver: Hl7Listener;
  let answer: (controlId: string) => readonly string[] = () => [];
  const received: string[] = [];
  const ack = (code: string, controlId: string): string =>
    `MSH|^~\\&|HIS|BV|HAIDANG||20260301||ACK|1|P|2.5.1\rMSA|${code}|${controlId}\r`;

  beforeAll(async () => {
    kept = await openTestStore('embedded');
    receiver = await startListener({
      host: '127.0.0.1',
      port: 0,
      take: async (bytes) => {
        const { header } = openMessage(bytes);
        received.push(bytes.toString());
        return answer(header?.controlId ?? '');
      },
      told: () => undefined,
    });
  });
  afterAll(async () => {
    await receiver.close();
    await kept.close();
  });

  test.each([
    ['AA', 'delivered'],
    ['CA', 'delivered'],
    ['AE', 'dead'],
    ['CE', 'dead'],
    ['AR', 'waiting'],
    ['CR', 'waiting'],
    ['of another message', 'waiting'],
    ['none', 'waiting'],
  ])('answered %s it is %s; again it is the same bytes', async (code, state) => {
    const target = `127.0.0.1:${receiver.port}`;
    const film = sampleInstance({ patient: { id: `BN-${code}` } });
    await kept.local.intake.accept(film, { actor: 'test' });
    const read = sampleReading(film);
    const [message] = messagesTo([target])(read, { ...study, ...film }, undefined);
    if (message === undefined) throw new Error('no message');
    await kept.local.readings.commit({ reading: read, heatmaps: [], told: [], outbox: [message], audit: [] });

    const round = (): Promise<number> =>
      deliverDue(hl7Sender(target), createCircuit(DEFAULT_CIRCUIT), {
        queue: kept.store.outbox,
        clock: kept.clock,
        backoff: DEFAULT_BACKOFF,
        timeoutMs: 300,
        atOnce: 10,
      });
    answer = (controlId) => (code === 'none' ? [] : code.length === 2 ? [ack(code, controlId)] : [ack('AA', 'OTHER')]);
    received.length = 0;
    await round();
    expect(received).toEqual([message.body.text]);
    const entry = async () =>
      (await kept.local.outbox.list({ target: message.target })).find(({ id }) => id === message.id);
    expect((await entry())?.state).toBe(state);
    if (state === 'delivered') return;

    // Waited out, or sent again by a person: the same control id, the same text, and now it is taken.
    if (state === 'dead') await kept.local.outbox.resend(message.id, 'admin');
    else kept.clock.advance(60_000);
    answer = (controlId) => [ack('AA', controlId)];
    await round();
    expect(received).toEqual([message.body.text, message.body.text]);
    expect((await entry())?.state).toBe('delivered');
  });

  test('an answer that is badly written, but is one, ends it', async () => {
    const sender = hl7Sender(`127.0.0.1:${receiver.port}`);
    answer = (controlId) => [`\r\n${ack('AA', controlId).replace('2.5.1', '2.5.1||||||TCVN')}note to self\rERR|Đ\r`];
    const [message] = messagesTo(['x'])(reading, study, undefined);
    if (message === undefined) throw new Error('no message');
    const due = { ...message, facilityId: 'local', attempt: 1, createdAt: '2026-03-01T00:00:00Z', lease: 'x' };
    expect(await sender.send(due, AbortSignal.timeout(1_000))).toEqual({ kind: 'delivered' });
  });

  test('a receiver that is not there is waited for', async () => {
    const sender = hl7Sender('127.0.0.1:1');
    const message = {
      id: 'x',
      facilityId: 'local',
      target: sender.target,
      topic: 'reading.assessed',
      orderKey: 'BN',
      body: { controlId: '1', text: 'MSH|^~\\&\r' },
      attempt: 1,
      createdAt: '2026-03-01T00:00:00Z',
      lease: 'x',
    };
    await expect(sender.send(message, AbortSignal.timeout(1_000))).rejects.toThrow('ECONNREFUSED');
    expect(await sender.send({ ...message, body: {} }, AbortSignal.timeout(1_000))).toMatchObject({ kind: 'refused' });
  });
});
