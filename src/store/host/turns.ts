// Turns: one piece of work of a name at a time, in the order of asking, in this process and over all of them.
import type { Pool, PoolClient } from 'pg';

/** Held until the transaction ends. */
export const lockOf = (name: string): string =>
  `pg_advisory_xact_lock(hashtextextended('${name.replaceAll("'", "''")}', 0))`;

export async function rollback(client: PoolClient): Promise<unknown> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    // The connection is of no more use: the pool drops a client that is released with an error.
    return error;
  }
}

export interface Turns {
  /** In the order of asking, within this process. */
  here<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Over all processes; without a pool of connections for turns there is only this one. */
  everywhere<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(pool: Pool | undefined): Turns {
  /** The last of each name in this process. */
  const turns = new Map<string, Promise<unknown>>();

  async function here<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(name) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => undefined);
    turns.set(name, settled);
    try {
      return await mine;
    } finally {
      if (turns.get(name) === settled) turns.delete(name);
    }
  }

  /** On a server other processes wait at a lock, which ends with its connection. */
  async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (pool === undefined) return work();
    const client = await pool.connect();
    let broken: unknown;
    try {
      // In a transaction, so that a pooler between us and the server keeps us the same connection.
      await client.query(`begin; select ${lockOf(name)}`);
      return await work();
    } finally {
      broken = await rollback(client);
      client.release(broken instanceof Error ? broken : undefined);
    }
  }

  return { here, everywhere: (name, work) => here(name, () => locked(name, work)) };
}
