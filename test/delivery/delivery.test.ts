import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { messagesForAlert, messagesForEvent } from '#delivery/alert-messages.ts';
import { DEFAULT_BACKOFF, waitAfter } from '#delivery/backoff.ts';
import { createCircuit, DEFAULT_CIRCUIT, type Circuit } from '#delivery/circuit.ts';
import { deliverDue, type DeliveryDeps } from '#delivery/deliver.ts';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';
import { startDelivery } from '#delivery/worker.ts';
import { openHisClient } from '#interop/hispro/client/his-client.ts';
import { noticeSender } from '#interop/hispro/notices/notice-sender.ts';
import { webhookSender } from '#interop/webhooks/sender.ts';
import { newWebhookSecret, verifyWebhook } from '#interop/webhooks/sign.ts';
import type { Alert } from '#kernel/alert.ts';
import { systemClock } from '#kernel/clock.ts';
import { MOCK_ACCOUNT, startMockHispro, type MockHispro } from '../fixtures/mock-hispro.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../store/samples.ts';

const secret = newWebhookSecret();

interface Received {
  readonly id: string;
  readonly patient: string;
}

/** A receiver that keeps what it got, checks every signature, and answers as it is told. */
async function startReceiver() {
  const received: Received[] = [];
  const state = { answer: (_id: string): number | 'cut' => 200, forged: 0, now: () => new Date() };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      if (!verifyWebhook(headers, body, { now: state.now(), secrets: [secret] })) state.forged += 1;
      const event = JSON.parse(body);
      const answer = state.answer(event.id);
      if (answer === 200 || answer === 'cut') received.push({ id: event.id, patient: event.data.patient });
      if (answer === 'cut') response.destroy();
      else response.writeHead(answer, answer === 503 ? { 'retry-after': '7' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, received, state, close };
}

let at: TestStore;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  at = await openTestStore('embedded');
});
beforeEach(async () => {
  receiver = await startReceiver();
  receiver.state.now = () => at.clock.now();
});
afterEach(() => receiver.close());
afterAll(() => at.close());

const sender = () =>
  webhookSender(
    { id: 'his', url: receiver.url, secrets: [secret] },
    { publicUrl: 'https://cds.example.vn', clock: at.clock },
  );

const message = (patient: string) => ({
  id: randomUUID(),
  target: 'webhook:his',
  topic: 'alert.raised',
  orderKey: patient,
  body: { patient },
});

const deps = (): DeliveryDeps<ClaimedMessage> => ({
  queue: at.store.outbox,
  clock: at.clock,
  backoff: DEFAULT_BACKOFF,
  timeoutMs: 2000,
  atOnce: 10,
});

const freshCircuit = (): Circuit => createCircuit(DEFAULT_CIRCUIT);

/** Delivers until nothing moves any more at this moment. */
async function drain(circuit: Circuit): Promise<void> {
  while ((await deliverDue(sender(), circuit, deps())) > 0);
}

const states = async (ids: readonly string[]) => {
  const entries = await at.local.outbox.list({ limit: 1000 });
  return ids.map((id) => entries.find((entry) => entry.id === id)?.state);
};

describe('delivery', () => {
  test('is signed, once, and acknowledged', async () => {
    const one = message('A');
    await at.local.outbox.enqueue([one, one]);
    await drain(freshCircuit());
    expect(receiver.received).toEqual([{ id: one.id, patient: 'A' }]);
    expect(receiver.state.forged).toBe(0);
    expect(await states([one.id])).toEqual(['delivered']);
  });

  test('that is refused for good waits for a person, and the next of the patient goes on', async () => {
    const [bad, good] = [message('B'), message('B')];
    await at.local.outbox.enqueue([bad, good]);
    receiver.state.answer = (id) => (id === bad.id ? 422 : 200);
    await drain(freshCircuit());
    expect(await states([bad.id, good.id])).toEqual(['dead', 'delivered']);
    receiver.state.answer = () => 200;
    await at.local.outbox.resend(bad.id, 'quantri');
    await drain(freshCircuit());
    expect(receiver.received.map(({ id }) => id)).toEqual([good.id, bad.id]);
  });

  test('that fails holds back the same patient and nobody else, and comes again when the receiver asked', async () => {
    const [a1, a2, b1] = [message('C'), message('C'), message('D')];
    await at.local.outbox.enqueue([a1, a2, b1]);
    receiver.state.answer = (id) => (id === a1.id ? 503 : 200);
    const circuit = freshCircuit();
    await drain(circuit);
    expect(receiver.received.map(({ id }) => id)).toEqual([b1.id]);
    receiver.state.answer = () => 200;
    // Retry-After: 7 is longer than the first wait of 2 s ± 20 %.
    at.clock.advance(6_900);
    await drain(circuit);
    expect(receiver.received).toHaveLength(1);
    at.clock.advance(200);
    await drain(circuit);
    expect(receiver.received.map(({ id }) => id)).toEqual([b1.id, a1.id, a2.id]);
  });

  test('that nobody takes for three days is given to a person', async () => {
    const one = message('E');
    await at.local.outbox.enqueue([one]);
    receiver.state.answer = () => 500;
    await drain(freshCircuit());
    expect(await states([one.id])).toEqual(['waiting']);
    at.clock.advance(72 * 3_600_000);
    await drain(freshCircuit());
    expect(await states([one.id])).toEqual(['dead']);
  });

  test('the receiver is down for an hour and the service is killed twice: each message arrives, in the order of its patient', async () => {
    const patients = ['P1', 'P2', 'P3'];
    const sent: ReturnType<typeof message>[] = [];
    const write = async (count: number): Promise<void> => {
      const batch = Array.from({ length: count }, (_, index) => message(patients[index % patients.length] ?? ''));
      await at.local.outbox.enqueue(batch);
      sent.push(...batch);
    };
    await write(6);
    receiver.state.answer = () => 'cut';
    // The receiver takes the message and dies before it answers: from now on the same identities come again.
    await drain(freshCircuit());
    receiver.state.answer = () => 500;
    for (let minute = 0; minute < 60; minute += 5) {
      if (minute === 20 || minute === 40) {
        // Killed between claiming and sending: nobody acknowledges, and the next process starts with a fresh circuit.
        await at.store.outbox.claim({ target: 'webhook:his', leaseMs: 60_000, limit: 10 });
        await at.reopen();
      }
      await deliverDue(sender(), freshCircuit(), deps());
      if (minute % 30 === 0) await write(3);
      at.clock.advance(5 * 60_000);
    }
    receiver.state.answer = () => 200;
    const circuit = freshCircuit();
    // The longest wait is ten minutes and a fifth.
    for (let minute = 0; minute < 15; minute += 5) {
      await drain(circuit);
      at.clock.advance(5 * 60_000);
    }
    await drain(circuit);
    const first = new Map<string, Received>();
    for (const one of receiver.received) if (!first.has(one.id)) first.set(one.id, one);
    expect(first.size).toBe(sent.length);
    for (const patient of patients) {
      const arrived = [...first.values()].filter((one) => one.patient === patient).map(({ id }) => id);
      expect(arrived).toEqual(sent.filter(({ orderKey }) => orderKey === patient).map(({ id }) => id));
    }
    expect(receiver.state.forged).toBe(0);
    expect(new Set(await states(sent.map(({ id }) => id)))).toEqual(new Set(['delivered']));
    // Each commit is synced to the disk, several hundred of them: slow on a busy machine.
  }, 240_000);
});

describe('the circuit of a receiver', () => {
  const nowAt = (seconds: number) => new Date(seconds * 1000);

  test('opens after five failures in a row, lets one try the way after 15 s, and closes with it', () => {
    const circuit = freshCircuit();
    for (let failure = 0; failure < 4; failure += 1) circuit.failed(nowAt(0));
    expect(circuit.room(nowAt(0), 10)).toBe(10);
    circuit.failed(nowAt(0));
    expect([circuit.state(nowAt(0)), circuit.room(nowAt(14), 10), circuit.room(nowAt(15), 10)]).toEqual(['open', 0, 1]);
    circuit.failed(nowAt(15));
    // The second pause is twice as long.
    expect([circuit.room(nowAt(44), 10), circuit.room(nowAt(45), 10)]).toEqual([0, 1]);
    circuit.succeeded();
    expect(circuit.room(nowAt(46), 10)).toBe(10);
  });

  test('a success in between starts the count again', () => {
    const circuit = freshCircuit();
    for (let failure = 0; failure < 40; failure += 1) {
      circuit.failed(nowAt(failure));
      if (failure % 4 === 3) circuit.succeeded();
    }
    expect(circuit.state(nowAt(100))).toBe('closed');
  });

  test('while it is open the receiver is left alone', async () => {
    const one = message('F');
    await at.local.outbox.enqueue([one]);
    const circuit = freshCircuit();
    for (let failure = 0; failure < 5; failure += 1) circuit.failed(at.clock.now());
    expect(await deliverDue(sender(), circuit, deps())).toBe(0);
    expect(await states([one.id])).toEqual(['waiting']);
    at.clock.advance(15_000);
    expect(await deliverDue(sender(), circuit, deps())).toBe(1);
  });
});

test('a message that always fails does not keep the others from trying the way', async () => {
  const [poison, fine] = [message('H'), message('I')];
  await at.local.outbox.enqueue([poison, fine]);
  receiver.state.answer = (id) => (id === poison.id ? 500 : 200);
  const circuit = freshCircuit();
  for (let failure = 0; failure < 5; failure += 1) circuit.failed(at.clock.now());
  // One may try after 15 s: the older one, in vain. The next after 30 s, when both are due.
  for (const pauseMs of [15_000, 30_000]) {
    at.clock.advance(pauseMs);
    expect(await deliverDue(sender(), circuit, deps())).toBe(1);
  }
  expect(await states([poison.id, fine.id])).toEqual(['waiting', 'delivered']);
});

test('the wait doubles, is spread by a fifth at most, and has a longest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.uuid(), (attempt, id) => {
      const wait = waitAfter(attempt, id, DEFAULT_BACKOFF);
      const plain = Math.min(2_000 * 2 ** Math.min(attempt - 1, 30), 600_000);
      expect(wait).toBeGreaterThanOrEqual(0.8 * plain - 1);
      expect(wait).toBeLessThanOrEqual(1.2 * plain + 1);
      expect(waitAfter(attempt, id, DEFAULT_BACKOFF)).toBe(wait);
    }),
  );
});

test('a running worker delivers what is written, is woken by it, and ends with the message in hand', async () => {
  const worker = startDelivery({
    ...deps(),
    clock: systemClock,
    senders: [sender()],
    fault: (event) => {
      throw new Error(event);
    },
  });
  const first = message('G');
  await at.local.outbox.enqueue([first]);
  await expect.poll(() => receiver.received.map(({ id }) => id), { timeout: 10_000 }).toContain(first.id);
  const second = message('G');
  await at.local.outbox.enqueue([second]);
  await expect.poll(() => receiver.received.map(({ id }) => id), { timeout: 10_000 }).toContain(second.id);
  expect(worker.openCircuits()).toEqual([]);
  await worker.stop();
  expect(await states([first.id, second.id])).toEqual(['delivered', 'delivered']);
});

describe('an alert for a HisPro ward', () => {
  let his: MockHispro;
  beforeEach(async () => {
    his = await startMockHispro();
  });
  afterEach(() => his.close());

  const route = {
    target: 'hispro',
    topics: ['alert.raised' as const, 'alert.escalated' as const],
    from: 'warning' as const,
  };

  const alertFor = (changes: Partial<Alert> = {}) =>
    sampleAlert(sampleReading(sampleInstance()), {
      id: randomUUID(),
      audience: { loginNames: ['bs01'], departmentCodes: ['CDHA'], roles: [] },
      ...changes,
    });

  const send = async (circuit = freshCircuit()) => {
    const client = openHisClient({
      servers: { acs: his.url, mos: his.url, sda: his.url },
      account: MOCK_ACCOUNT,
      timeoutMs: 1000,
    });
    const link = ({ id }: { readonly id: string }) => `https://cds.example.vn/view?alert=${id}`;
    const options = { language: 'vi' as const, roles: {}, link };
    return deliverDue(noticeSender(client, options), circuit, deps());
  };

  test('arrives as two notices, one by login and one by department', async () => {
    await at.local.outbox.enqueue(messagesForAlert(alertFor(), [route]));
    await send();
    expect(
      his.notices.map(({ RECEIVER_LOGINNAMES, RECEIVER_DEPARTMENT_CODES }) => [
        RECEIVER_LOGINNAMES,
        RECEIVER_DEPARTMENT_CODES,
      ]),
    ).toEqual([
      ['bs01', undefined],
      [undefined, 'CDHA'],
    ]);
  });

  test('whose answer is lost is not shown a second time', async () => {
    await at.local.outbox.enqueue(messagesForAlert(alertFor(), [route]));
    his.mood = 'losing-answers';
    await send();
    his.mood = 'up';
    at.clock.advance(60_000);
    await send();
    expect(his.notices).toHaveLength(2);
  });

  test('of two patients with the same words in the same second, sent again, arrives for both', async () => {
    const alerts = ['P1', 'P2'].map((patientCode) =>
      alertFor({ subject: { patientCode }, audience: { loginNames: ['bs01'], departmentCodes: [], roles: [] } }),
    );
    await at.local.outbox.enqueue(alerts.flatMap((alert) => messagesForAlert(alert, [route])));
    his.mood = 'down';
    await send();
    his.mood = 'up';
    at.clock.advance(60_000);
    await send();
    expect(his.notices.map(({ TITLE, FROM_TIME }) => [TITLE, FROM_TIME])).toEqual(
      alerts.map(({ summary }) => [summary.vi, his.notices[0]?.['FROM_TIME']]),
    );
    expect(alerts.map(({ id }) => his.notices.filter(({ CONTENT }) => String(CONTENT).includes(id)).length)).toEqual([
      1, 1,
    ]);
  });

  test('that escalates to those who have it already is told them again, sent twice or not', async () => {
    const alert = alertFor({ audience: { loginNames: ['bs01'], departmentCodes: [], roles: [] } });
    const to = alert.audience;
    const later = new Date(Date.parse(alert.createdAt) + 900_000).toISOString();
    const event = {
      id: randomUUID(),
      alertId: alert.id,
      at: later,
      actor: 'system',
      channel: 'alerts',
      kind: 'escalated',
      detail: { step: 0, to },
    };
    await at.local.outbox.enqueue(messagesForAlert(alert, [route]));
    await send();
    await at.local.outbox.enqueue(messagesForEvent(alert, event, [route]));
    his.mood = 'down';
    await send();
    his.mood = 'losing-answers';
    at.clock.advance(60_000);
    await send();
    his.mood = 'up';
    at.clock.advance(60_000);
    await send();
    expect(his.notices.map(({ FROM_TIME }) => FROM_TIME)).toEqual([20260301070000, 20260301071500]);
  });

  test('without a receiver in HisPro’s terms becomes a dead letter and is shown to nobody', async () => {
    const [one, ...others] = messagesForAlert(
      alertFor({ audience: { loginNames: [], departmentCodes: [], roles: ['x'] } }),
      [route],
    );
    expect(others).toEqual([]);
    await at.local.outbox.enqueue(one === undefined ? [] : [one]);
    await send();
    expect(await at.local.outbox.list({ state: 'dead', target: 'hispro' })).toMatchObject([
      { id: one?.id, lastError: 'hispro.no-receiver' },
    ]);
    expect(his.notices).toEqual([]);
  });

  test('an escalation is told to those whom it names', async () => {
    const alert = alertFor();
    const to = { loginNames: ['truongkhoa'], departmentCodes: [], roles: [] };
    const event = {
      id: randomUUID(),
      alertId: alert.id,
      at: alert.createdAt,
      actor: 'system',
      channel: 'alerts',
      kind: 'escalated',
      detail: { step: 0, to },
    };
    await at.local.outbox.enqueue(messagesForEvent(alert, event, [route]));
    await send();
    expect(his.notices.map(({ RECEIVER_LOGINNAMES }) => RECEIVER_LOGINNAMES)).toEqual(['truongkhoa']);
  });
});

describe('messages about alerts', () => {
  const alert = sampleAlert(sampleReading(sampleInstance()));
  const routes = [
    { target: 'webhook:his', topics: ['alert.raised' as const], from: 'info' as const },
    { target: 'hispro', topics: ['alert.raised' as const], from: 'critical' as const },
  ];

  test('go to those who want them, with the same identity every time', () => {
    expect(messagesForAlert(alert, routes).map(({ target }) => target)).toEqual(['webhook:his']);
    expect(messagesForAlert(alert, routes)).toEqual(messagesForAlert(alert, routes));
    expect(messagesForAlert({ ...alert, severity: 'critical' }, routes)).toHaveLength(2);
  });

  test('are not made for a suppressed alert', () => {
    const reason = { code: 'alerts.budget', text: { vi: 'x', en: 'x' } };
    expect(messagesForAlert({ ...alert, severity: 'critical', suppressedBecause: reason }, routes)).toEqual([]);
  });
});
