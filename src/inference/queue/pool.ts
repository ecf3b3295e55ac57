// Queues runs and hands them to the children one at a time, readings before checks of maps; each caller gets the answer to its own
// request, or why there is none. A child serves one place only, so that a run never meets another version of its model.
import { inferenceErrors } from '#inference/errors.ts';
import type { RunOptions, Urgency } from '#inference/engine/engine.ts';
import type { RunResult } from '#inference/process/child.ts';
import type { Slot } from '#inference/process/slot.ts';
import type { Answer, RunRequest } from '#inference/process/wire.ts';
import { openPendingAnswer, type PendingOutcome, type PendingAnswer } from './pending-answer.ts';
import { createUrgencyQueue } from './urgency-queue.ts';

/** Names the children that loaded one version of one model. */
export type Place = symbol;

export interface PoolRequest extends RunOptions {
  readonly place: Place;
  readonly modelId: string;
  readonly input: RunRequest['input'];
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
  /** Puts children in place. */
  add(place: Place, slots: readonly Slot[]): void;
  /** Takes a place's children out: what waits or runs there is finished first. */
  remove(place: Place): Promise<void>;
  /** True while something waits or runs there. */
  working(place: Place): boolean;
  stats(): PoolStats;
  /** Resolves when nothing is queued or running, there or anywhere. */
  drained(place?: Place): Promise<void>;
}

export interface PoolRules {
  /** Runs that may wait. */
  readonly queueLimit: number;
  /** Runs at a time, however many places there are: the processor is one. */
  readonly atOnce: number;
  /** A run has ended. */
  readonly onFreed?: () => void;
}

interface Job {
  readonly place: Place;
  readonly order: RunRequest;
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
  { place, order }: Pick<Job, 'place' | 'order'>,
  options: RunOptions,
  on: { readonly late: (job: Job, error: unknown) => void; readonly aborted: (job: Job, reason: unknown) => void },
): Job {
  const job: Job = {
    place,
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
const retryAfterSeconds = (waiting: number, typicalRunMs: number, atOnce: number): number =>
  Math.max(1, Math.ceil((waiting * typicalRunMs) / 1000 / atOnce));

/** Which children serve which place. */
function createPlaces() {
  const places = new Map<Place, readonly Slot[]>();
  return {
    put: (place: Place, slots: readonly Slot[]) => void places.set(place, slots),
    idle: (place: Place): Slot | undefined => places.get(place)?.find((slot) => slot.idle()),
    async close(place: Place): Promise<void> {
      const slots = places.get(place) ?? [];
      places.delete(place);
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

/** Jobs that wait or run. */
function createLiveJobs() {
  const live = new Set<Job>();
  const at = (place?: Place): Job[] => [...live].filter((job) => place === undefined || job.place === place);
  return {
    count: (): number => live.size,
    add: (job: Job) => void live.add(job),
    delete: (job: Job) => void live.delete(job),
    at,
    async drained(place?: Place): Promise<void> {
      for (let left = at(place); left.length > 0; left = at(place))
        await Promise.all(left.map(({ pending }) => pending.ended));
    },
  };
}

export function createPool({ queueLimit, atOnce, onFreed = () => undefined }: PoolRules): Pool {
  const places = createPlaces();
  let nextId = 1;
  /** Smoothed, for Retry-After; replaced by the first real run. */
  let typicalRunMs = 100;
  const queue = createUrgencyQueue<Job>();
  const live = createLiveJobs();
  const counts = { finished: 0, retried: 0, pastDeadline: 0 };
  const running = (): number => live.count() - queue.items().length;

  /** Not when the caller is answered: an abandoned run keeps its deadline, or it could hold a child for ever. */
  function leave(job: Job): void {
    live.delete(job);
    job.pending.end();
    onFreed();
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
    while (running() < atOnce) {
      const job = queue.take(({ place }) => places.idle(place) !== undefined);
      const slot = job && places.idle(job.place);
      if (job === undefined || slot === undefined) return;
      void runOn(slot, job);
    }
  }

  return {
    async submit({ place, modelId, input, ...options }) {
      options.signal?.throwIfAborted();
      const waiting = queue.items().length;
      if (waiting >= queueLimit && (running() >= atOnce || places.idle(place) === undefined))
        throw inferenceErrors.error('queue-full', {
          reason: `${waiting} runs are waiting`,
          retryAfterSeconds: retryAfterSeconds(waiting, typicalRunMs, atOnce),
        });
      const order: RunRequest = { kind: 'run', id: nextId, modelId, input };
      const job = createJob({ place, order }, options, { late, aborted: abandon });
      nextId += 1;
      live.add(job);
      queue.add(job);
      pump();
      return job.pending.answer;
    },
    pump,
    add(place, slots) {
      places.put(place, slots);
      pump();
    },
    remove: (place) => live.drained(place).then(() => places.close(place)),
    working: (place) => live.at(place).length > 0,
    stats: () => ({ queued: queue.items().length, running: running(), ...counts }),
    drained: live.drained,
  };
}
