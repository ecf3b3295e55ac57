// A database of its own for one run of a benchmark, on the PostgreSQL server that --database names.
import pg from 'pg';

export interface ScratchDatabase {
  /** Absent where no server is named: then the service uses its embedded database. */
  readonly url: string | undefined;
  drop(): Promise<void>;
}

/** `server` is a URL; `purpose` stands in the name of the database. */
export async function scratchDatabase(
  server: string,
  purpose: string,
): Promise<ScratchDatabase & { readonly url: string }>;
export async function scratchDatabase(server: string | undefined, purpose: string): Promise<ScratchDatabase>;
export async function scratchDatabase(server: string | undefined, purpose: string): Promise<ScratchDatabase> {
  if (server === undefined) return { url: undefined, drop: async () => undefined };
  const ask = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  const name = `${purpose}_${Date.now()}`;
  await ask(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(`drop database if exists ${name} with (force)`) };
}
