// Transactions that met another one: PostgreSQL undoes one of the two and says so, and run again it usually passes.

/** serialization_failure, deadlock_detected, and a unique row that another transaction has just made. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01', '23505']);
const ATTEMPTS = 5;

const sqlState = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Runs `work` up to five times, as long as PostgreSQL says that it met another transaction; throws its last error. */
export async function retryingConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !CONFLICTS.has(sqlState(error))) throw error;
    }
  }
}
