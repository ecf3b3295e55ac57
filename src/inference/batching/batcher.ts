// Joins requests into batches where a batch costs little more than one (a GPU, another server). Each caller gets the slice of the answer
// that belongs to its own request, or why there is none.
import type { Tensor } from '#kernel/frame.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { type RunOptions, type Urgency, URGENCIES } from '#inference/engine/engine.ts';

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
  readonly rank: number;
  readonly arrivedMs: number;
  readonly expiresMs: number;
  readonly settle: (answer: Given | undefined, error?: unknown) => void;
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

export function createBatcher<Given extends Answer>(
  rules: BatchRules,
  send: (batch: Tensor, call: BatchCall) => Promise<Given>,
): Batcher<Given> {
  const queue: Waiting<Given>[] = [];
  const counts = { batches: 0, items: 0, expired: 0 };
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  const now = (): number => performance.now();

  function remove(request: Waiting<Given>): void {
    const index = queue.indexOf(request);
    if (index >= 0) queue.splice(index, 1);
  }

  /** Most urgent first, then in order of arrival: `queue` is kept in that order. */
  function insert(request: Waiting<Given>): void {
    const index = queue.findIndex(({ rank }) => rank > request.rank);
    queue.splice(index < 0 ? queue.length : index, 0, request);
  }

  function takeBatch(): Waiting<Given>[] {
    const [head] = queue;
    if (head === undefined) return [];
    const batch: Waiting<Given>[] = [];
    let items = 0;
    for (const request of queue) {
      if (request.shape !== head.shape) continue;
      if (batch.length > 0 && items + request.items > rules.maximumItems) break;
      batch.push(request);
      items += request.items;
    }
    for (const request of batch) remove(request);
    return batch;
  }

  async function run(batch: readonly Waiting<Given>[]): Promise<void> {
    const items = batch.reduce((sum, each) => sum + each.items, 0);
    counts.batches += 1;
    counts.items += items;
    const deadlineMs = Math.max(...batch.map(({ expiresMs }) => expiresMs)) - now();
    const urgency = URGENCIES[Math.min(...batch.map(({ rank }) => rank))] ?? 'now';
    try {
      const answer = await send(joined(batch), { deadlineMs, urgency });
      checkBatch(answer, items);
      let from = 0;
      for (const request of batch) {
        const start = from;
        from += request.items;
        const outputs = Object.entries(answer.outputs).map(([name, tensor]) => [
          name,
          batch.length === 1 ? tensor : sliceOf(tensor, start, request.items),
        ]);
        request.settle({ ...answer, outputs: Object.fromEntries(outputs) });
      }
    } catch (error) {
      for (const request of batch) request.settle(undefined, error);
    }
  }

  function pump(): void {
    clearTimeout(timer);
    while (underWay < rules.atOnce && queue.length > 0) {
      const oldestMs = Math.min(...queue.map(({ arrivedMs }) => arrivedMs));
      const items = queue.reduce((sum, each) => sum + each.items, 0);
      const waitMs = oldestMs + rules.maximumDelayMs - now();
      if (items < rules.maximumItems && waitMs > 0) {
        timer = setTimeout(pump, waitMs);
        return;
      }
      underWay += 1;
      void run(takeBatch()).finally(() => {
        underWay -= 1;
        pump();
      });
    }
  }

  return {
    submit(input, { deadlineMs, signal, urgency = 'now' }) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Given>();
      const arrivedMs = now();
      let expiry: NodeJS.Timeout | undefined;
      const request: Waiting<Given> = {
        input,
        items: input.shape[0] ?? 1,
        shape: input.shape.slice(1).join('×'),
        rank: URGENCIES.indexOf(urgency),
        arrivedMs,
        expiresMs: arrivedMs + deadlineMs,
        settle(answer, error) {
          clearTimeout(expiry);
          signal?.removeEventListener('abort', aborted);
          if (answer === undefined) reject(error);
          else resolve(answer);
        },
      };
      // Once it is late or its caller has gone it leaves the queue; in a batch that is under way its slice is dropped.
      function give(error: unknown): void {
        remove(request);
        request.settle(undefined, error);
      }
      function aborted(): void {
        give(signal?.reason);
      }
      expiry = setTimeout(() => {
        counts.expired += 1;
        give(inferenceErrors.error('deadline', { reason: `not done within ${deadlineMs} ms` }));
      }, deadlineMs);
      signal?.addEventListener('abort', aborted, { once: true });
      insert(request);
      pump();
      return promise;
    },
    stats: () => ({ waiting: queue.length, ...counts }),
  };
}
