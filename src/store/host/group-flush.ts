// One flush of the log to the disk for all transactions that were committed since the last one (group commit): on the embedded host, whose
// one session would else wait for the disk once per transaction.
import type { Pool, PoolClient } from 'pg';
import { storeErrors } from '#store/errors.ts';

const FLUSH = `select pg_logical_emit_message(false, 'haidang', '', true)`;

/**
 * For a pool of one connection. Call it after a commit that did not wait for the disk, with the connection given back; it resolves when that
 * commit is durable. Throws CareError `store.unreachable` where the session ended before: the commit may be lost.
 */
export function createGroupFlush(pool: Pool): (committedOn: PoolClient) => Promise<void> {
  let waiting: { readonly session: PoolClient; readonly flush: Promise<void> } | undefined;

  async function flush(session: PoolClient): Promise<void> {
    const client = await pool.connect();
    // Commits from now on wait for the next flush.
    if (waiting?.session === session) waiting = undefined;
    let broken: unknown;
    try {
      if (client !== session) throw storeErrors.error('unreachable');
      await client.query(FLUSH);
    } catch (error) {
      broken = client === session ? error : undefined;
      throw error;
    } finally {
      client.release(broken instanceof Error ? broken : undefined);
    }
  }

  return (session) => {
    if (waiting?.session !== session) waiting = { session, flush: flush(session) };
    return waiting.flush;
  };
}
