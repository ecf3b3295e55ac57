// Tenancy, the context of each part of the store: the database, the one facility (tenant) that it may see, the clock. Parts reach the pool
// only through it.
import type { Clock } from '#kernel/clock.ts';
import type { Database, Sql, Transaction } from './database.ts';

export interface Tenancy {
  readonly facilityId: string;
  readonly clock: Clock;
  /** Reads of this facility. */
  readonly sql: Sql;
  /** Writes of this facility. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** As `transaction`, in its turn of this name. */
  turnTransaction<T>(name: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One `work` of this name and facility at a time, over all processes. */
  turn<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** `facilityId` was checked against its pattern: it stands in SQL text. */
export function openTenancy(database: Database, facilityId: string, clock: Clock): Tenancy {
  return {
    facilityId,
    clock,
    sql: { query: (statement, values) => database.query(statement, values, facilityId) },
    transaction: (work) => database.transaction(work, { facilityId }),
    turnTransaction: (name, work) => database.transaction(work, { facilityId, turn: `${name} ${facilityId}` }),
    turn: (name, work) => database.turn(`${name} ${facilityId}`, work),
  };
}

/** Leaves out what is null: our records know only absent. */
export function optional<Key extends string, Value>(key: Key, value: Value | null | undefined): { [K in Key]?: Value };
export function optional(key: string, value: unknown): Record<string, unknown> {
  return value === null || value === undefined ? {} : { [key]: value };
}
