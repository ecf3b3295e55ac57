// The thread that holds the embedded database: it speaks PostgreSQL's wire protocol, in order.
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import type { FromDatabase, ToDatabase } from './embedded-messages.ts';
import { openPglite } from './pglite.ts';

const { folder, schema } = z.object({ folder: z.string(), schema: z.string() }).parse(workerData);
const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');

const send = (message: FromDatabase): void => port.postMessage(message);
/** A startup packet has no type: it begins with its length. */
const STARTUP = 0;

const pglite = await openPglite(folder, schema);
let queue = Promise.resolve();

/** A new session of the one connection: what the last one left open or prepared is not its own. */
async function forget(): Promise<void> {
  if (pglite.isInTransaction()) await pglite.exec('rollback');
  await pglite.exec('deallocate all');
}

async function answer(message: ToDatabase): Promise<void> {
  switch (message.kind) {
    case 'bytes': {
      if (message.bytes[0] === STARTUP) await forget();
      const bytes = await pglite.execProtocolRaw(message.bytes);
      // A copy: PGlite uses its buffer again.
      send({ kind: 'bytes', bytes: Uint8Array.from(bytes) });
      return;
    }
    case 'close':
      await pglite.close();
      send({ kind: 'closed' });
      return;
    default:
      message satisfies never;
  }
}

port.on('message', (message: ToDatabase) => {
  // A fault ends the thread: the other side starts a new one, which recovers as after a crash.
  queue = queue.then(() => answer(message));
});
send({ kind: 'ready' });
