// One round of delivery for one receiver: what is due is claimed, sent, and acknowledged, postponed or given to a person.
import type { Clock } from '#kernel/clock.ts';
import { waitAfter, type Backoff } from './backoff.ts';
import type { Circuit } from './circuit.ts';
import { faultWord } from './fault-word.ts';
import type { Delivery, DeliveryQueue, Sender } from './ports.ts';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';

export type DeliveryOutcome = 'delivered' | 'postponed' | 'dead';

export interface DeliveryDeps<Message extends ClaimedMessage> {
  readonly queue: DeliveryQueue<Message>;
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** For one attempt. The lease is three times as long, so that a slow answer is not sent again beside it. */
  readonly timeoutMs: number;
  readonly atOnce: number;
  readonly told?: (outcome: DeliveryOutcome, target: string, reason: string) => void;
}

async function attempt(sender: Sender, message: ClaimedMessage, timeoutMs: number): Promise<Delivery> {
  try {
    return await sender.send(message, AbortSignal.timeout(timeoutMs));
  } catch (thrown) {
    return { kind: 'later', reason: faultWord(thrown) };
  }
}

async function settle<Message extends ClaimedMessage>(
  message: Message,
  delivery: Delivery,
  deps: DeliveryDeps<Message>,
): Promise<DeliveryOutcome> {
  const { queue, clock, backoff } = deps;
  if (delivery.kind === 'delivered') {
    await queue.ack(message);
    return 'delivered';
  }
  const now = clock.now().getTime();
  const tooOld = now - Date.parse(message.createdAt) >= backoff.giveUpAfterMs;
  if (delivery.kind === 'refused' || tooOld) {
    await queue.dead(message, delivery.reason);
    return 'dead';
  }
  const wait =
    delivery.kind === 'not-yet'
      ? delivery.retryAfterMs
      : Math.max(waitAfter(message.attempt, message.id, backoff), delivery.retryAfterMs ?? 0);
  await queue.fail(message, delivery.reason, new Date(now + wait));
  return 'postponed';
}

/** How many messages were settled. A receiver that refuses one message is well: only "later" counts against its circuit. */
export async function deliverDue<Message extends ClaimedMessage>(
  sender: Sender,
  circuit: Circuit,
  deps: DeliveryDeps<Message>,
): Promise<number> {
  const { queue, clock, timeoutMs, told } = deps;
  const limit = circuit.room(clock.now(), deps.atOnce);
  if (limit === 0) return 0;
  const messages = await queue.claim({ target: sender.target, leaseMs: 3 * timeoutMs, limit });
  await Promise.all(
    messages.map(async (message) => {
      const delivery = await attempt(sender, message, timeoutMs);
      if (delivery.kind === 'later') circuit.failed(clock.now());
      else if (delivery.kind !== 'not-yet') circuit.succeeded();
      const outcome = await settle(message, delivery, deps);
      told?.(outcome, sender.target, delivery.kind === 'delivered' ? '' : delivery.reason);
    }),
  );
  return messages.length;
}
