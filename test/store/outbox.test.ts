import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';

const message = (orderKey: string, parts: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: randomUUID(),
  target: 'webhook:his',
  topic: 'alert.created',
  orderKey,
  body: { patient: orderKey },
  ...parts,
});

describe.each(HOSTS)('outbox on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  beforeEach(() => at.sql('delete from outbox'));
  afterAll(() => at.close());

  const claim = (limit = 100): Promise<readonly ClaimedMessage[]> => at.store.outbox.claim({ leaseMs: 10_000, limit });

  test('the messages of one patient leave one after the other, those of others beside them', async () => {
    const [a1, a2, b1] = [message('A'), message('A'), message('B')];
    await at.local.outbox.enqueue([a1, a2, b1]);
    const first = await claim();
    expect(first.map(({ id }) => id)).toEqual([a1.id, b1.id]);
    expect(await claim()).toEqual([]);
    for (const one of first) await at.store.outbox.ack(one);
    expect((await claim()).map(({ id }) => id)).toEqual([a2.id]);
  });

  test('two receivers do not wait for each other', async () => {
    await at.local.outbox.enqueue([message('A'), message('A', { target: 'hl7:ris' })]);
    expect(await claim()).toHaveLength(2);
    expect(await at.store.outbox.claim({ target: 'hl7:ris', leaseMs: 10_000, limit: 9 })).toEqual([]);
  });

  test('a message enqueued twice is there once', async () => {
    const one = message('A');
    await Promise.all([at.local.outbox.enqueue([one]), at.local.outbox.enqueue([one])]);
    expect(await at.local.outbox.list()).toHaveLength(1);
  });

  test('a failed message is due again at its time with the same identity, and holds back the ones behind it', async () => {
    const [a1, a2] = [message('A'), message('A')];
    await at.local.outbox.enqueue([a1, a2]);
    const [first] = await claim();
    if (first === undefined) throw new Error('no message');
    const nextAt = new Date(at.clock.now().getTime() + 5_000);
    await at.store.outbox.fail(first, 'HTTP 503', nextAt);
    expect(await claim()).toEqual([]);
    // a2 waits behind it, so nothing is due before a1 is.
    expect(await at.store.outbox.nextDueAt()).toEqual(nextAt);
    at.clock.advance(5_000);
    const [again] = await claim();
    expect(again).toMatchObject({ id: a1.id, attempt: 2, body: a1.body });
    expect(await at.local.outbox.list({ state: 'sending' })).toMatchObject([{ lastError: 'HTTP 503', attempts: 2 }]);
  });

  test('a dead letter lets the others pass, and goes out when a person resends it', async () => {
    const [a1, a2] = [message('A'), message('A')];
    await at.local.outbox.enqueue([a1, a2]);
    const [first] = await claim();
    if (first === undefined) throw new Error('no message');
    await at.store.outbox.dead(first, 'HTTP 400');
    expect((await claim()).map(({ id }) => id)).toEqual([a2.id]);
    expect(await at.local.outbox.list({ state: 'dead' })).toMatchObject([{ id: a1.id, lastError: 'HTTP 400' }]);
    await at.local.outbox.resend(a1.id, 'admin');
    expect(await claim()).toMatchObject([{ id: a1.id, attempt: 1 }]);
    await expect(at.local.outbox.resend(a2.id, 'admin')).rejects.toMatchObject({ code: 'store.not-found' });
  });

  test('the message of a sender that died is sent by another; the dead one cannot fail it, but may still say that it arrived', async () => {
    const one = message('A');
    await at.local.outbox.enqueue([one]);
    const [lost] = await claim();
    if (lost === undefined) throw new Error('no message');
    at.clock.advance(10_001);
    expect(await claim()).toMatchObject([{ id: one.id, attempt: 2 }]);
    await at.store.outbox.fail(lost, 'late', at.clock.now());
    expect(await at.local.outbox.list({ state: 'sending' })).toHaveLength(1);
    await at.store.outbox.ack(lost);
    expect(await at.local.outbox.list({ state: 'delivered' })).toMatchObject([{ id: one.id }]);
    expect(await at.store.outbox.nextDueAt()).toBeUndefined();
  });

  test('a sender is woken by the commit', async () => {
    const woken = new Promise<void>((resolve) => void at.store.outbox.onWake(resolve));
    await at.local.outbox.enqueue([message('A')]);
    await woken;
    expect(await claim()).toHaveLength(1);
  });

  test('whatever fails, dies or is killed, each message arrives and each patient keeps the order', async () => {
    const step = fc.constantFrom('ack', 'fail', 'lose');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('A', 'B', 'C'), { maxLength: 12 }),
        fc.infiniteStream(step),
        async (keys, steps) => {
          await at.sql('delete from outbox');
          const sent = keys.map((key) => message(key));
          await at.local.outbox.enqueue(sent);
          const arrived: ClaimedMessage[] = [];
          // Each round ends with something acknowledged at least every third time, so it comes to an end.
          for (let round = 0; arrived.length < sent.length && round < 400; round += 1) {
            for (const one of await claim(2)) {
              const what = steps.next().value ?? 'ack';
              if (what === 'ack' || round % 3 === 0) {
                arrived.push(one);
                await at.store.outbox.ack(one);
              } else if (what === 'fail') await at.store.outbox.fail(one, 'x', at.clock.now());
            }
            at.clock.advance(10_001);
          }
          for (const key of ['A', 'B', 'C']) {
            const of = (list: readonly OutgoingMessage[]) =>
              list.filter(({ orderKey }) => orderKey === key).map(({ id }) => id);
            expect(of(arrived)).toEqual(of(sent));
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
