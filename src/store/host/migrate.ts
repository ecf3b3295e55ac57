// The numbered files in migrations/ → tables. Each is applied once, in a transaction, under a lock; an applied one never changes.
import { readFileSync, readdirSync } from 'node:fs';
import { sha256Hex } from '#kernel/ids.ts';
import type { Database, Sql } from './database.ts';
import { storeErrors } from '#store/errors.ts';

export interface Migration {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** Any fixed number: two processes that start at once apply the files one after the other. */
const LOCK = 4_846_011;

export function readMigrations(): readonly Migration[] {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../migrations/' : './migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      return { name, text, sha256: sha256Hex(text) };
    });
}

async function requireVectors(sql: Sql): Promise<void> {
  const [available] = await sql.query<{ version: string }>(
    `select coalesce(installed_version, default_version) as version from pg_available_extensions where name = 'vector'`,
  );
  const [major = 0, minor = 0] = (available?.version ?? '0.0').split('.').map(Number);
  if (major === 0 && minor < 8) {
    throw storeErrors.error('database-too-old', {
      field: 'DATABASE_URL',
      reason: `pgvector 0.8.0 or later is needed, found ${available?.version ?? 'none'}`,
    });
  }
}

/**
 * Returns the names of those that it applied. `upTo`: so many and no more, for the backup of an older version.
 * Throws CareError `store.database-too-old`, and `store.migration-changed` when an applied file is gone or reads differently.
 */
export async function migrate(database: Database, schema: string, upTo?: number): Promise<readonly string[]> {
  return database.transaction(async (tx) => {
    // An index over a million rows takes minutes, and another replica that starts waits for it: no bound of a request holds here.
    await tx.query('set local statement_timeout = 0');
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await requireVectors(tx);
    await tx.query(`create schema if not exists ${schema}`);
    await tx.query('create extension if not exists vector with schema public');
    await tx.query(
      `create table if not exists ${schema}.migration (
         name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    );
    const applied = await tx.query<{ name: string; sha256: string }>(
      'select name, sha256 from migration order by name',
    );
    const files = readMigrations();
    for (const [place, row] of applied.entries()) {
      const file = files[place];
      if (file?.name !== row.name || file.sha256 !== row.sha256) {
        throw storeErrors.error('migration-changed', { field: row.name });
      }
    }
    const fresh = files.slice(applied.length, upTo);
    for (const { name, text, sha256 } of fresh) {
      await tx.query(text);
      await tx.query('insert into migration (name, sha256) values ($1, $2)', [name, sha256]);
    }
    return fresh.map(({ name }) => name);
  });
}
