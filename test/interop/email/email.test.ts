import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '#kernel/alert.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { messagesForAlert, messagesForEvent } from '#delivery/alert-messages.ts';
import { DEFAULT_BACKOFF } from '#delivery/backoff.ts';
import { createCircuit, DEFAULT_CIRCUIT } from '#delivery/circuit.ts';
import { deliverDue } from '#delivery/deliver.ts';
import { routesOf } from '#service/doors.ts';
import { emailSender } from '#interop/email/sender.ts';
import { mailText } from '#interop/email/words.ts';
import { defaultSite, readSite } from '#service/site.ts';
import { type MailServer, startMailServer } from '../../fixtures/mail-server.ts';
import { openTestStore, type TestStore } from '../../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../../store/samples.ts';

let at: TestStore;
let mail: MailServer;
beforeAll(async () => {
  at = await openTestStore('embedded');
});
beforeEach(async () => {
  mail = await startMailServer();
});
afterEach(async () => {
  for (const { id, status } of await at.local.alerts.list({ statuses: ['new', 'seen'] })) await answer(id, status);
  await mail.close();
});
afterAll(() => at.close());

const settings = (changes: object = {}) => {
  const email = {
    host: '127.0.0.1',
    port: mail.port,
    tls: 'none',
    from: 'haidang@benhvien.example.vn',
    to: ['truc.cdha@benhvien.example.vn'],
    facilityName: 'Bệnh viện Mẫu',
    ...changes,
  };
  const site = readSite(JSON.stringify({ email }));
  if (site.email === undefined) throw new Error('no e-mail settings');
  return { site, email: site.email };
};

const senderOf = (changes: object = {}) =>
  emailSender(settings(changes).email, {
    language: 'vi',
    publicUrl: () => 'https://cds.benhvien.example.vn',
    facility: (id) => at.store.facility(id),
  });

const deliver = (sender = senderOf()) =>
  deliverDue(sender, createCircuit(DEFAULT_CIRCUIT), {
    queue: at.store.outbox,
    clock: at.clock,
    backoff: DEFAULT_BACKOFF,
    timeoutMs: 8_000,
    atOnce: 10,
  });

/** One message is the head of the queue at a time. */
async function deliverAll(sender = senderOf()): Promise<void> {
  while ((await deliver(sender)) > 0);
}

async function raise(severity: Alert['severity'], patientCode: string) {
  const alert = sampleAlert(sampleReading(sampleInstance()), {
    id: randomUUID(),
    severity,
    subject: { patientCode, studyUid: '1.2.840.99' },
  });
  const outbox = messagesForAlert(alert, routesOf(settings().site));
  await at.local.alerts.raise({ kind: 'alert', alert, outbox });
  return { alert, outbox };
}

async function answer(alertId: string, from: Alert['status']): Promise<void> {
  const event = {
    id: randomUUID(),
    alertId,
    at: at.clock.now().toISOString(),
    actor: 'bs01',
    channel: 'web',
    kind: 'acknowledged',
    to: 'acknowledged' as const,
  };
  await at.local.alerts.record(event, { from });
}

const stateOf = async ([message]: readonly OutgoingMessage[]) =>
  (await at.local.outbox.list({ target: 'email' })).find(({ id }) => id === message?.id);

describe('an e-mail about alerts', () => {
  test('says how many wait, where to look and for whom it is; once for all of them, and nothing of a patient', async () => {
    const { alert, outbox } = await raise('critical', 'BN-77001');
    const second = await raise('critical', 'BN-77002');
    expect((await raise('warning', 'BN-77003')).outbox).toEqual([]);
    await deliverAll();
    expect(mail.received).toHaveLength(1);
    const [one] = mail.received;
    expect(one).toMatchObject({ from: 'haidang@benhvien.example.vn', to: ['truc.cdha@benhvien.example.vn'] });
    expect(one?.headers).toContain('Subject: Bệnh viện Mẫu: 2 cảnh báo nguy kịch');
    expect(one?.text).toContain('Bệnh viện Mẫu có 2 cảnh báo chưa ai xử lý:\n- 2 cảnh báo nguy kịch\n');
    expect(one?.text).toContain('https://cds.benhvien.example.vn/\n');
    const whole = `${one?.headers}${one?.text}`;
    const { summary, subject } = alert;
    for (const hidden of [subject.patientCode, 'BN-7700', summary.vi, 'tràn dịch', '1.2.840.99', alert.id, 'studies'])
      expect(whole).not.toContain(hidden);
    // Neither does what waits in the outbox.
    expect(outbox.map(({ orderKey, body }) => [orderKey, Object.keys(body)])).toEqual([
      ['alerts', ['alertId', 'severity']],
    ]);
    expect([(await stateOf(outbox))?.state, (await stateOf(second.outbox))?.state]).toEqual(['delivered', 'delivered']);
  });

  test('comes again for a new alert and for an escalation, and not for what was answered meanwhile', async () => {
    const sender = senderOf();
    const { alert } = await raise('critical', 'A');
    await deliverAll(sender);
    const { alert: other } = await raise('critical', 'B');
    await deliverAll(sender);
    expect(mail.received.map(({ headers }) => /(\d) cảnh báo nguy kịch/.exec(headers)?.[1])).toEqual(['1', '2']);
    const event = { id: randomUUID(), alertId: alert.id, at: alert.createdAt, actor: 'system', channel: 'alerts' };
    const escalate = async (kind: string) => {
      const escalated = { ...event, id: randomUUID(), kind };
      await at.local.outbox.enqueue(messagesForEvent(alert, escalated, routesOf(settings().site)));
      await deliverAll(sender);
    };
    await escalate('escalated');
    expect(mail.received).toHaveLength(3);
    await answer(alert.id, 'new');
    await escalate('escalated');
    await answer(other.id, 'new');
    const { alert: third } = await raise('critical', 'C');
    await answer(third.id, 'new');
    await deliverAll(sender);
    expect(mail.received).toHaveLength(3);
  });

  test('waits for a mail server that is down, busy or does not let us in, and keeps its identity', async () => {
    const { outbox } = await raise('critical', 'D');
    const id = outbox[0]?.id ?? '';
    const { port } = mail;
    await mail.close();
    await deliver(senderOf({ port }));
    expect(await stateOf(outbox)).toMatchObject({ state: 'waiting', lastError: 'ESOCKET' });
    let busy = true;
    const refusing = await startMailServer({
      onAuth: ({ password }, _session, done) =>
        password === 'right' ? done(null, { user: 'cds' }) : done(new Error('no')),
      onMailFrom: (_address, _session, done) =>
        done(busy ? Object.assign(new Error('try later'), { responseCode: 451 }) : null),
    });
    const tried = async (password: string) => {
      at.clock.advance(600_000);
      await deliver(senderOf({ port: refusing.port, account: { user: 'cds', password } }));
      return stateOf(outbox);
    };
    expect(await tried('wrong')).toMatchObject({ state: 'waiting', lastError: 'EAUTH' });
    expect(await tried('right')).toMatchObject({ state: 'waiting', lastError: 'SMTP 451' });
    busy = false;
    expect((await tried('right'))?.state).toBe('delivered');
    expect(refusing.received.map(({ headers }) => /Message-ID: <([^@]+)@/.exec(headers)?.[1])).toEqual([id]);
    await refusing.close();
    mail = await startMailServer();
  });

  test('that is refused for good, for one recipient or all, waits for a person', async () => {
    const refusing = await startMailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('nobody') ? Object.assign(new Error('unknown'), { responseCode: 550 }) : null),
    });
    const both = ['nobody@benhvien.example.vn', 'truc.cdha@benhvien.example.vn'];
    for (const [to, lastError, arrived] of [
      [both.slice(0, 1), 'SMTP 550', 0],
      [both, 'a recipient was refused', 1],
    ] as const) {
      const { outbox } = await raise('critical', 'E');
      await deliver(senderOf({ port: refusing.port, to }));
      expect(await stateOf(outbox)).toMatchObject({ state: 'dead', lastError });
      expect(refusing.received).toHaveLength(arrived);
    }
    await refusing.close();
  });

  test('goes nowhere unencrypted, and to no server whose certificate nobody signed', async () => {
    const { outbox } = await raise('critical', 'F');
    await deliver(senderOf({ tls: 'starttls' }));
    expect(await stateOf(outbox)).toMatchObject({ state: 'waiting', lastError: 'ETLS' });
    const selfSigned = await startMailServer({ disabledCommands: [] });
    at.clock.advance(600_000);
    await deliver(senderOf({ tls: 'starttls', port: selfSigned.port }));
    expect(await stateOf(outbox)).toMatchObject({ state: 'waiting', attempts: 2 });
    expect([...mail.received, ...selfSigned.received]).toEqual([]);
    await selfSigned.close();
    expect(() => readSite(JSON.stringify({ email: { ...settings().email, host: 'mail.x.vn' } }))).toThrow(
      expect.objectContaining({ code: 'interop.site', field: 'email.tls' }),
    );
  });

  test('is off where the site says nothing', () => {
    expect(defaultSite.email).toBeUndefined();
    expect(routesOf(defaultSite)).toEqual([]);
  });

  test('speaks both languages, and a name cannot smuggle in a header', () => {
    const facts = { facilityName: 'X', counts: { critical: 1, warning: 2, info: 0 }, worklist: 'https://x.vn/' };
    expect(mailText(facts, 'en').subject).toBe('X: 1 critical alert, 2 warnings');
    expect(mailText(facts, 'vi').subject).toBe('X: 1 cảnh báo nguy kịch, 2 ở mức cảnh báo');
    expect(() => settings({ facilityName: 'X\r\nBcc: y@x.vn' })).toThrow(
      expect.objectContaining({ field: 'email.facilityName' }),
    );
  });
});
