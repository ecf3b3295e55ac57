// The embedded host: PostgreSQL (PGlite) in a thread of this process, under a folder that one process owns, spoken to through `pg`.
//
// A thread, because a commit takes milliseconds of computing and an fsync, in which this thread must keep answering. `pg` gets
// a stream instead of a socket, so it speaks its own protocol to the end, as to a server.
import { Duplex } from 'node:stream';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Host } from './database.ts';
import { type DatabaseThread, startThread } from './embedded-thread.ts';
import { lockFolder } from './folder-lock.ts';
import { tellingFaults } from './technical-fault.ts';

type Done = (error?: Error | null) => void;

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** What `pg` expects of a socket, and no more. It stays with the thread that it connected to: a session does not move. */
class ThreadStream extends Duplex {
  readonly #open: () => Promise<DatabaseThread>;
  #thread: DatabaseThread | undefined;

  constructor(open: () => Promise<DatabaseThread>) {
    super();
    this.#open = open;
  }

  connect(): this {
    this.#open().then(
      (thread) => {
        this.#thread = thread;
        this.emit('connect');
      },
      (error: unknown) => this.destroy(asError(error)),
    );
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Bytes are pushed when they come.
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#ask(chunk, done);
  }

  /** `pg` corks the parts of one query: they travel as one. */
  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#ask(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: Done): void {
    this.push(null);
    done();
  }

  #ask(bytes: Uint8Array, done: Done): void {
    if (this.#thread === undefined) return done(new Error('not connected'));
    this.#thread.ask(bytes).then(
      (answer) => {
        if (answer.byteLength > 0) this.push(answer);
        done();
      },
      (error: unknown) => done(asError(error)),
    );
  }
}

/** Throws CareError `store.folder-in-use`, `store.read-only`, `store.disk-full`. */
export async function openEmbedded(dataDir: string, schema: string): Promise<Host> {
  const lock = await tellingFaults(async () => {
    await mkdir(dataDir, { recursive: true });
    return lockFolder(dataDir);
  }, 'HAIDANG_DATA_DIR');
  const folder = join(dataDir, 'postgres');
  let current: Promise<DatabaseThread> | undefined;

  /** One at a time; one that died is replaced, and PostgreSQL recovers from its log as after any crash. */
  function thread(): Promise<DatabaseThread> {
    if (current !== undefined) return current;
    const fresh = startThread(folder, schema, () => {
      if (current === fresh) current = undefined;
    });
    current = fresh;
    return fresh;
  }

  try {
    await thread();
  } catch (error) {
    await lock.close();
    throw error;
  }
  // One connection, since PGlite has one session; it never idles out.
  const pool = new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    user: 'postgres',
    database: 'postgres',
    stream: () => new ThreadStream(thread),
  });
  // The query that was under way has failed and said so; the next one connects anew.
  pool.on('error', () => undefined);
  return {
    kind: 'embedded',
    pool,
    async close() {
      await pool.end();
      await (await current)?.close();
      await lock.close();
    },
  };
}
