// Queues runs and hands them to the children one at a time, readings before checks of maps; each caller gets the answer to its own
// request, or why there is none.
import { inferenceErrors } from '#inference/errors.ts';
import { type RunOptions, type Urgency, URGENCIES } from '#inference/engine/engine.ts';
import type { Slot } from '#inference/process/slot.ts';
import type { Answer, RunOrder } from '#inference/process/wire.ts';

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
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
  timer: NodeJS.Timeout | undefined;
  attempts: number;
  /** The caller has its answer, though a child may still be busy with it. */
  settled: boolean;
  slot: Slot | undefined;
}

/** A run in progress when its child dies is tried once more: the death may have been another's fault, twice it is the input's. */
const ATTEMPTS = 2;

export function createPool(queueLimit: number): Pool {
  let slots: readonly Slot[] = [];
  let nextId = 1;
  /** Smoothed, for Retry-After; replaced by the first real run. */
  let typicalRunMs = 100;
  const queue: Job[] = [];
  const live = new Set<Job>();
  const waiters: (() => void)[] = [];
  const counts = { finished: 0, retried: 0, pastDeadline: 0 };

  function leave(job: Job): void {
    // Not when the caller is answered: an abandoned run keeps its deadline, or it could hold a child for ever.
    clearTimeout(job.timer);
    live.delete(job);
    if (live.size === 0) for (const done of waiters.splice(0)) done();
  }

  function dequeue(job: Job): void {
    const index = queue.indexOf(job);
    if (index >= 0) queue.splice(index, 1);
    if (job.slot === undefined) leave(job);
  }

  function settle(job: Job, finish: () => void): void {
    if (job.settled) return;
    job.settled = true;
    counts.finished += 1;
    finish();
  }

  async function runOn(slot: Slot, job: Job): Promise<void> {
    job.slot = slot;
    job.attempts += 1;
    const result = await slot.run(job.order);
    job.slot = undefined;
    if (result.kind === 'died' && !job.settled && job.attempts < ATTEMPTS) {
      counts.retried += 1;
      queue.unshift(job);
      pump();
      return;
    }
    settle(job, () => {
      if (result.kind === 'died') return job.reject(inferenceErrors.error('crashed'));
      if (result.kind === 'fault') return job.reject(inferenceErrors.error(result.name, { reason: result.reason }));
      typicalRunMs += (result.runMs - typicalRunMs) / 8;
      job.resolve(result);
    });
    leave(job);
    pump();
  }

  /** The most urgent first, in order of arrival: a reading never waits behind the check of a map. */
  function takeNext(): Job | undefined {
    const most = URGENCIES.find((urgency) => queue.some((job) => job.urgency === urgency));
    const first = queue.findIndex(({ urgency }) => urgency === most);
    return queue.splice(Math.max(first, 0), 1)[0];
  }

  function pump(): void {
    for (const slot of slots) {
      if (!slot.idle()) continue;
      const job = takeNext();
      if (job === undefined) return;
      void runOn(slot, job);
    }
  }

  function retryAfterSeconds(): number {
    return Math.max(1, Math.ceil((queue.length * typicalRunMs) / 1000 / Math.max(1, slots.length)));
  }

  return {
    async submit({ modelId, input, deadlineMs, signal, urgency = 'now' }) {
      signal?.throwIfAborted();
      if (queue.length >= queueLimit && !slots.some((slot) => slot.idle()))
        throw inferenceErrors.error('queue-full', {
          reason: `${queue.length} runs are waiting`,
          retryAfterSeconds: retryAfterSeconds(),
        });
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const order: RunOrder = { kind: 'run', id: nextId, modelId, input };
      nextId += 1;
      const job: Job = {
        order,
        urgency,
        resolve,
        reject,
        timer: undefined,
        attempts: 0,
        settled: false,
        slot: undefined,
      };
      job.timer = setTimeout(() => {
        counts.pastDeadline += 1;
        // Nothing but a kill stops a native run; also one whose caller has gone.
        job.slot?.interrupt();
        settle(job, () =>
          reject(inferenceErrors.error('deadline', { reason: `not done within ${Math.ceil(deadlineMs)} ms` })),
        );
        dequeue(job);
      }, deadlineMs);
      const aborted = (): void => {
        settle(job, () => reject(signal?.reason));
        dequeue(job);
      };
      signal?.addEventListener('abort', aborted, { once: true });
      live.add(job);
      queue.push(job);
      pump();
      return promise.finally(() => signal?.removeEventListener('abort', aborted));
    },
    pump,
    async replaceSlots(next) {
      const old = slots;
      slots = next;
      pump();
      await Promise.all(old.map((slot) => slot.close()));
    },
    slots: () => slots,
    stats: () => ({ queued: queue.length, running: live.size - queue.length, ...counts }),
    drained: () =>
      new Promise((resolve) => {
        if (live.size === 0) resolve();
        else waiters.push(resolve);
      }),
  };
}
