// Queues runs and hands them to the children one at a time, readings before checks of maps; each caller gets the answer to its own
// request, or why there is none.
import { inferenceErrors } from '#inference/errors.ts';
import type { RunOptions, Urgency } from '#inference/engine/engine.ts';
import type { RunResult } from '#inference/process/child.ts';
import type { Slot } from '#inference/process/slot.ts';
import type { Answer, RunOrder } from '#inference/process/wire.ts';
import { openPendingAnswer, type PendingOutcome, type PendingAnswer } from './pending-answer.ts';
import { createUrgencyQueue } from './urgency-queue.ts';

export interface PoolRequest extends RunOptions {
  readonly modelId: string;
  readonly input: RunOrder['input'];
}

export interface PoolStats {
  readonly queued: number;
  readonly running: number;
  readonly finished: number;
  readonly retried: number;
  readonly pastDeadline: number;
}

export interface Pool {
  /** Throws CareError `inference.queue-full`, `inference.deadline`, `inference.crashed`, or what the child reported; the signal's reason when aborted. */
  submit(request: PoolRequest): Promise<Answer>;
  /** Gives work to whoever is idle: to be called when a child becomes so. */
  pump(): void;
  /** Puts other children in place; the old ones finish what they run. */
  replaceSlots(slots: readonly Slot[]): Promise<void>;
  slots(): readonly Slot[];
  stats(): PoolStats;
  /** Resolves when nothing is queued or running. */
  drained(): Promise<void>;
}

interface Job {
  readonly order: RunOrder;
  readonly urgency: Urgency;
  readonly pending: PendingAnswer<Answer>;
  attempts: number;
  /** The child that works on it. */
  slot: Slot | undefined;
}

/** A run in progress when its child dies is tried once more: the death may have been another's fault, twice it is the input's. */
const ATTEMPTS = 2;

function outcomeOf(result: RunResult): PendingOutcome<Answer> {
  if (result.kind === 'died') return { error: inferenceErrors.error('crashed') };
  if (result.kind === 'fault') return { error: inferenceErrors.error(result.name, { reason: result.reason }) };
  return { answer: result };
}

function createJob(
  order: RunOrder,
  options: RunOptions,
  on: { readonly late: (job: Job, error: unknown) => void; readonly aborted: (job: Job, reason: unknown) => void },
): Job {
  const job: Job = {
    order,
    urgency: options.urgency ?? 'now',
    pending: openPendingAnswer(options, {
      late: (error) => on.late(job, error),
      aborted: (reason) => on.aborted(job, reason),
    }),
    attempts: 0,
    slot: undefined,
  };
  return job;
}

/** When the runs that wait now should be done. */
const retryAfterSeconds = (waiting: number, typicalRunMs: number, children: number): number =>
  Math.max(1, Math.ceil((waiting * typicalRunMs) / 1000 / Math.max(1, children)));

export function createPool(queueLimit: number): Pool {
  let slots: readonly Slot[] = [];
  let nextId = 1;
  /** Smoothed, for Retry-After; replaced by the first real run. */
  let typicalRunMs = 100;
  const queue = createUrgencyQueue<Job>();
  const live = new Set<Job>();
  const counts = { finished: 0, retried: 0, pastDeadline: 0 };

  /** Not when the caller is answered: an abandoned run keeps its deadline, or it could hold a child for ever. */
  function leave(job: Job): void {
    live.delete(job);
    job.pending.end();
  }

  function settle(job: Job, outcome: PendingOutcome<Answer>): void {
    if (job.pending.settle(outcome)) counts.finished += 1;
  }

  /** Its caller waits no longer. A child that works on it goes on until its answer or the deadline. */
  function abandon(job: Job, error: unknown): void {
    settle(job, { error });
    queue.remove(job);
    if (job.slot === undefined) leave(job);
  }

  /** Nothing but a kill stops a native run; also one whose caller has gone. */
  function late(job: Job, error: unknown): void {
    counts.pastDeadline += 1;
    job.slot?.interrupt();
    abandon(job, error);
  }

  async function runOn(slot: Slot, job: Job): Promise<void> {
    job.slot = slot;
    job.attempts += 1;
    const result = await slot.run(job.order);
    job.slot = undefined;
    if (result.kind === 'died' && !job.pending.isSettled() && job.attempts < ATTEMPTS) {
      counts.retried += 1;
      queue.addFirst(job);
      pump();
      return;
    }
    if (result.kind === 'answer' && !job.pending.isSettled()) typicalRunMs += (result.runMs - typicalRunMs) / 8;
    settle(job, outcomeOf(result));
    leave(job);
    pump();
  }

  function pump(): void {
    for (const slot of slots) {
      if (!slot.idle()) continue;
      const job = queue.take();
      if (job === undefined) return;
      void runOn(slot, job);
    }
  }

  return {
    async submit({ modelId, input, ...options }) {
      options.signal?.throwIfAborted();
      if (queue.items().length >= queueLimit && !slots.some((slot) => slot.idle()))
        throw inferenceErrors.error('queue-full', {
          reason: `${queue.items().length} runs are waiting`,
          retryAfterSeconds: retryAfterSeconds(queue.items().length, typicalRunMs, slots.length),
        });
      const order: RunOrder = { kind: 'run', id: nextId, modelId, input };
      const job = createJob(order, options, { late, aborted: abandon });
      nextId += 1;
      live.add(job);
      queue.add(job);
      pump();
      return job.pending.answer;
    },
    pump,
    async replaceSlots(next) {
      const old = slots;
      slots = next;
      pump();
      await Promise.all(old.map((slot) => slot.close()));
    },
    slots: () => slots,
    stats: () => ({ queued: queue.items().length, running: live.size - queue.items().length, ...counts }),
    async drained() {
      while (live.size > 0) await Promise.all(Array.from(live, ({ pending }) => pending.ended));
    },
  };
}
