// Delivery that runs: one loop per receiver, woken by the store or by the time of the next attempt, stopped gracefully.
import { createCircuit, DEFAULT_CIRCUIT, type Circuit, type CircuitRules } from './circuit.ts';
import { deliverDue, type DeliveryDeps } from './deliver.ts';
import type { Sender } from './ports.ts';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';

export interface DeliveryWorkerDeps<Message extends ClaimedMessage> extends DeliveryDeps<Message> {
  readonly senders: readonly Sender[];
  readonly circuit?: CircuitRules;
  /** Fixed words, nothing of a patient. */
  readonly fault: (event: string, thrown: unknown) => void;
}

export interface DeliveryWorker {
  /** For health and metrics: the receivers that are not reached at the moment. */
  openCircuits(): readonly string[];
  /** Ends after the messages in hand. */
  stop(): Promise<void>;
}

/** A safety net where a wake-up was lost; new messages wake at once. */
const LONGEST_SLEEP_MS = 30_000;
const AFTER_FAULT_MS = 1_000;

/** Ends at the time, at a wake-up or at the stop, whichever comes first. */
function sleepUntilWoken(ms: number, wakes: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      wakes.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    wakes.add(wake);
  });
}

export function startDelivery<Message extends ClaimedMessage>(deps: DeliveryWorkerDeps<Message>): DeliveryWorker {
  const { queue, clock, senders, fault } = deps;
  const stopping = new AbortController();
  const wakes = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of wakes) wake();
  };
  const circuits = new Map<string, Circuit>(
    senders.map(({ target }) => [target, createCircuit(deps.circuit ?? DEFAULT_CIRCUIT)]),
  );

  async function napMs(target: string, circuit: Circuit): Promise<number> {
    const now = clock.now();
    const due = await queue.nextDueAt(target);
    if (due === undefined) return LONGEST_SLEEP_MS;
    const opens = circuit.state(now) === 'open' ? circuit.opensAt() : null;
    const at = Math.max(due.getTime(), opens?.getTime() ?? 0);
    return Math.min(Math.max(at - now.getTime(), 0), LONGEST_SLEEP_MS);
  }

  async function serve(sender: Sender, circuit: Circuit): Promise<void> {
    // Wake-ups that come while a round runs must not be lost: they make the next nap short.
    let missed = false;
    const unsubscribe = queue.onWake(() => {
      missed = true;
      wakeAll();
    });
    while (!stopping.signal.aborted) {
      try {
        missed = false;
        const settled = await deliverDue(sender, circuit, deps);
        if (settled > 0 || stopping.signal.aborted) continue;
        const nap = await napMs(sender.target, circuit);
        const closed = circuit.state(clock.now()) !== 'open';
        if (!(missed && closed)) await sleepUntilWoken(nap, wakes);
      } catch (thrown) {
        fault('delivery cannot reach the store', thrown);
        if (!stopping.signal.aborted) await sleepUntilWoken(AFTER_FAULT_MS, wakes);
      }
    }
    unsubscribe();
  }

  const loops = senders.map((sender) => {
    const circuit = circuits.get(sender.target);
    return circuit === undefined ? Promise.resolve() : serve(sender, circuit);
  });
  return {
    openCircuits: () => {
      const now = clock.now();
      return [...circuits].filter(([, circuit]) => circuit.state(now) !== 'closed').map(([target]) => target);
    },
    async stop() {
      stopping.abort();
      wakeAll();
      await Promise.all(loops);
    },
  };
}
