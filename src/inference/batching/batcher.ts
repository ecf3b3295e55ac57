// Joins requests into batches where a batch costs little more than one (a GPU, another server). Each caller gets the slice of the answer
// that belongs to its own request, or why there is none.
import type { Tensor } from '#kernel/frame.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { RunOptions, Urgency } from '#inference/engine/engine.ts';
import { openPendingAnswer, type PendingOutcome, type PendingAnswer } from '#inference/queue/pending-answer.ts';
import { createUrgencyQueue } from '#inference/queue/urgency-queue.ts';

export interface BatchRules {
  /** Of one batch; a request that is larger travels alone. */
  readonly maximumItems: number;
  /** How long the first request of a batch waits for company. */
  readonly maximumDelayMs: number;
  /** Batches under way at a time; while they are, the next one fills. */
  readonly atOnce: number;
}

interface Answer {
  readonly outputs: Readonly<Record<string, Tensor>>;
}

export interface BatchCall {
  /** Until the last of its requests is past its deadline. */
  readonly deadlineMs: number;
  readonly urgency: Urgency;
}

export interface Batcher<Given extends Answer> {
  /** Throws CareError `inference.deadline`, what `send` throws, or the signal's reason. */
  submit(input: Tensor, options: RunOptions): Promise<Given>;
  stats(): { readonly waiting: number; readonly batches: number; readonly items: number; readonly expired: number };
}

interface Waiting<Given> {
  readonly input: Tensor;
  readonly items: number;
  /** Requests of one inner shape can be joined. */
  readonly shape: string;
  readonly urgency: Urgency;
  readonly arrivedMs: number;
  readonly expiresMs: number;
  readonly pending: PendingAnswer<Given>;
  readonly give: (outcome: PendingOutcome<Given>) => void;
}

function joined(requests: readonly { readonly input: Tensor; readonly items: number }[]): Tensor {
  const [first] = requests;
  if (first !== undefined && requests.length === 1) return first.input;
  const items = requests.reduce((sum, each) => sum + each.items, 0);
  const data = new Float32Array(requests.reduce((sum, { input }) => sum + input.data.length, 0));
  let at = 0;
  for (const { input } of requests) {
    data.set(input.data, at);
    at += input.data.length;
  }
  return { shape: [items, ...(first?.input.shape.slice(1) ?? [])], data };
}

/** Copies: a slice that only points into the batch would keep all of it, other patients' films too. */
function sliceOf({ shape, data }: Tensor, from: number, items: number): Tensor {
  const each = data.length / (shape[0] ?? 1);
  return { shape: [items, ...shape.slice(1)], data: data.slice(from * each, (from + items) * each) };
}

const checkBatch = ({ outputs }: Answer, items: number): void => {
  for (const [name, { shape, data }] of Object.entries(outputs))
    if (shape[0] !== items || data.length !== shape.reduce((product, size) => product * size, 1))
      throw inferenceErrors.error('failed', { reason: `output ${name} has another batch than the input` });
};

/** The first that wait and have the shape of the very first. */
function batchOf<One extends Pick<Waiting<never>, 'shape' | 'items'>>(
  waiting: readonly One[],
  maximumItems: number,
): readonly One[] {
  const batch: One[] = [];
  let items = 0;
  for (const request of waiting) {
    if (request.shape !== waiting[0]?.shape) continue;
    if (batch.length > 0 && items + request.items > maximumItems) break;
    batch.push(request);
    items += request.items;
  }
  return batch;
}

/** Gives each request of the batch its slice of the answer. */
function distribute<Given extends Answer>(batch: readonly Waiting<Given>[], answer: Given): void {
  let from = 0;
  for (const { items, give } of batch) {
    const start = from;
    from += items;
    const outputs = Object.entries(answer.outputs).map(([name, tensor]) => [
      name,
      batch.length === 1 ? tensor : sliceOf(tensor, start, items),
    ]);
    give({ answer: { ...answer, outputs: Object.fromEntries(outputs) } });
  }
}

export function createBatcher<Given extends Answer>(
  rules: BatchRules,
  send: (batch: Tensor, call: BatchCall) => Promise<Given>,
): Batcher<Given> {
  const queue = createUrgencyQueue<Waiting<Given>>();
  const counts = { batches: 0, items: 0, expired: 0 };
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  const now = (): number => performance.now();

  async function run(batch: readonly Waiting<Given>[]): Promise<void> {
    const items = batch.reduce((sum, each) => sum + each.items, 0);
    counts.batches += 1;
    counts.items += items;
    const deadlineMs = Math.max(...batch.map(({ expiresMs }) => expiresMs)) - now();
    try {
      // The queue gives the most urgent first.
      const answer = await send(joined(batch), { deadlineMs, urgency: batch[0]?.urgency ?? 'now' });
      checkBatch(answer, items);
      distribute(batch, answer);
    } catch (error) {
      for (const request of batch) request.give({ error });
    }
  }

  function pump(): void {
    clearTimeout(timer);
    const waiting = queue.items();
    while (underWay < rules.atOnce && waiting.length > 0) {
      const oldestMs = Math.min(...waiting.map(({ arrivedMs }) => arrivedMs));
      const items = waiting.reduce((sum, each) => sum + each.items, 0);
      const waitMs = oldestMs + rules.maximumDelayMs - now();
      if (items < rules.maximumItems && waitMs > 0) {
        timer = setTimeout(pump, waitMs);
        return;
      }
      underWay += 1;
      const batch = batchOf(waiting, rules.maximumItems);
      for (const request of batch) queue.remove(request);
      void run(batch).finally(() => {
        underWay -= 1;
        pump();
      });
    }
  }

  return {
    submit(input, options) {
      options.signal?.throwIfAborted();
      const arrivedMs = now();
      // A late request, or one whose caller has gone, leaves the queue; in a batch that is under way its slice is dropped.
      function give(outcome: PendingOutcome<Given>): void {
        queue.remove(request);
        request.pending.settle(outcome);
        request.pending.end();
      }
      const request: Waiting<Given> = {
        input,
        items: input.shape[0] ?? 1,
        shape: input.shape.slice(1).join('×'),
        urgency: options.urgency ?? 'now',
        arrivedMs,
        expiresMs: arrivedMs + options.deadlineMs,
        pending: openPendingAnswer(options, {
          late(error) {
            counts.expired += 1;
            give({ error });
          },
          aborted: (error) => give({ error }),
        }),
        give,
      };
      queue.add(request);
      pump();
      return request.pending.answer;
    },
    stats: () => ({ waiting: queue.items().length, ...counts }),
  };
}
