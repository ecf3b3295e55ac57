// Pictures in worker threads: JPEG 2000 decoding takes hundreds of milliseconds in which this thread must keep answering.
//
// Threads, not processes: these codecs are JavaScript and WebAssembly, so a broken stream cannot take the process down, and a thread
// that runs too long can be ended. (Native ONNX code lives in child processes for the opposite reason.)
import { Worker } from 'node:worker_threads';
import type { CareError } from '#kernel/errors.ts';
import { pictureOrder } from './picture-order.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { PictureAnswer, PictureTask } from './decode-messages.ts';

export interface DecodeThreadOptions {
  readonly threads: number;
  /** A film that is not decoded by then ends its thread. */
  readonly deadlineMs: number;
}

export interface DecodeThreads {
  /** Rejects with CareError `preread.decoder-crashed` or `preread.decode-deadline`. */
  run(task: PictureTask): Promise<PictureAnswer>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: PictureTask;
  readonly settle: (answer: PictureAnswer) => void;
  readonly fail: (cause: unknown) => void;
}

interface Seat {
  worker: Worker;
  current: { readonly id: number; readonly waiting: Waiting; readonly timer: NodeJS.Timeout } | undefined;
}

/** A published package holds compiled JavaScript, a clone TypeScript. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './decode-worker.ts' : './decode-worker.js', import.meta.url);

const HEAP_LIMIT_MIB = 2048;

/** Owns its threads: call `close()`. */
export function startDecodeThreads({ threads, deadlineMs }: DecodeThreadOptions): DecodeThreads {
  const queue: Waiting[] = [];
  const takeNext = pictureOrder<Waiting>();
  let closed = false;
  let lastId = 0;

  const seats: Seat[] = [];

  function openWorker(): Worker {
    const worker = new Worker(workerFile(), { resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MIB } });
    worker.on('message', (answer: PictureAnswer) => {
      const at = seats.find((each) => each.worker === worker);
      if (at?.current === undefined || at.current.id !== answer.id) return;
      const { waiting } = free(at);
      waiting.settle(answer);
      next();
    });
    worker.on('error', (cause) => {
      replace(
        worker,
        prereadErrors.error('decoder-crashed', { reason: cause instanceof Error ? cause.name : 'error' }),
      );
    });
    // A pool must not keep a command alive that has nothing left to do.
    worker.unref();
    return worker;
  }

  function free(at: Seat): NonNullable<Seat['current']> {
    const { current } = at;
    if (current === undefined) throw new Error('the seat is empty');
    clearTimeout(current.timer);
    at.current = undefined;
    at.worker.unref();
    return current;
  }

  function replace(worker: Worker, cause: CareError): void {
    const at = seats.find((each) => each.worker === worker);
    if (at === undefined || closed) return;
    at.worker = openWorker();
    if (at.current !== undefined) free(at).waiting.fail(cause);
    void worker.terminate();
    next();
  }

  function next(): void {
    const idle = seats.find(({ current }) => current === undefined);
    if (idle === undefined) return;
    const waiting = takeNext(queue);
    if (waiting === undefined) return;
    lastId += 1;
    const { worker } = idle;
    worker.ref();
    const timer = setTimeout(() => replace(worker, prereadErrors.error('decode-deadline')), deadlineMs);
    idle.current = { id: lastId, waiting, timer };
    worker.postMessage({ ...waiting.task, id: lastId });
    next();
  }

  const run = (task: PictureTask): Promise<PictureAnswer> =>
    new Promise((settle, fail) => {
      if (closed) {
        fail(prereadErrors.error('decoder-crashed', { reason: 'closing' }));
        return;
      }
      queue.push({ task, settle, fail });
      next();
    });

  for (let count = 0; count < threads; count += 1) seats.push({ worker: openWorker(), current: undefined });

  return {
    run,
    async close() {
      closed = true;
      for (const { waiting } of seats.flatMap((at) => (at.current === undefined ? [] : [free(at)])))
        waiting.fail(prereadErrors.error('decoder-crashed', { reason: 'closing' }));
      for (const waiting of queue.splice(0))
        waiting.fail(prereadErrors.error('decoder-crashed', { reason: 'closing' }));
      await Promise.all(seats.map(({ worker }) => worker.terminate()));
    },
  };
}
