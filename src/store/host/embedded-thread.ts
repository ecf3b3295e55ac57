// The embedded database as a thread: started, asked in order, ended; one that died is known as dead, and a new one can be started.
import { Worker } from 'node:worker_threads';
import type { FromDatabase, ToDatabase } from './embedded-messages.ts';

export interface DatabaseThread {
  /** Bytes of the wire protocol; rejects when the thread died. */
  ask(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A published package holds compiled JavaScript, a clone TypeScript. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './embedded-worker.ts' : './embedded-worker.js', import.meta.url);

interface Waiting {
  resolve(message: FromDatabase): void;
  reject(cause: unknown): void;
}

/** Resolves when the database is ready; rejects with the reason for which it did not start. `onEnd`: it is gone, whatever the cause. */
export async function startThread(folder: string, schema: string, onEnd: () => void): Promise<DatabaseThread> {
  const worker = new Worker(workerFile(), { workerData: { folder, schema } });
  const waiting: Waiting[] = [];
  let alive = true;

  const next = (): Promise<FromDatabase> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  const die = (cause: unknown): void => {
    alive = false;
    onEnd();
    for (const one of waiting.splice(0)) one.reject(cause);
  };
  worker.on('message', (message: FromDatabase) => waiting.shift()?.resolve(message));
  worker.on('error', die);
  worker.on('exit', (code) => die(new Error(`the database thread ended with code ${code}`)));

  async function send(message: ToDatabase): Promise<FromDatabase> {
    if (!alive) throw new Error('the database thread has ended');
    const answer = next();
    worker.postMessage(message);
    return answer;
  }

  await next();
  return {
    async ask(bytes) {
      const answer = await send({ kind: 'bytes', bytes });
      if (answer.kind !== 'bytes') throw new Error(`the database thread said ${answer.kind}`);
      return answer.bytes;
    },
    async close() {
      if (alive) await send({ kind: 'close' });
      await worker.terminate();
    },
  };
}
