// Processor time of a process and all that it started, from /proc: on a busy machine it says what work costs where the clock does not.
import { readFileSync, readdirSync } from 'node:fs';
import pg from 'pg';

const TICK_MS = 10;

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly ms: number;
}

function entryOf(pid: string): Entry[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = text.lastIndexOf(')');
    const fields = text.slice(close + 2).split(' ');
    const at = (index: number): number => Number(fields[index]);
    return [
      {
        pid: Number(pid),
        parent: at(1),
        name: text.slice(text.indexOf('(') + 1, close),
        // Its own, and that of children that have ended.
        ms: (at(11) + at(12) + at(13) + at(14)) * TICK_MS,
      },
    ];
  } catch {
    // It ended between the two looks.
    return [];
  }
}

const entries = (): readonly Entry[] =>
  readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap(entryOf);

const sum = (chosen: readonly Entry[]): number => chosen.reduce((total, { ms }) => total + ms, 0);

/** Milliseconds of the process and its descendants. */
export function treeMs(root: number): number {
  const all = entries();
  const tree = new Set([root]);
  for (let before = 0; before !== tree.size;) {
    before = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return sum(all.filter(({ pid }) => tree.has(pid)));
}

/**
 * Looks at the processes of the PostgreSQL server behind this address, where it runs on this machine: milliseconds since its start. Zero
 * without an address.
 */
export async function serverMs(url: string | undefined): Promise<() => number> {
  if (url === undefined) return () => 0;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  // Backends are children of the server; one that ended is counted in it.
  const server = entries().find(({ pid }) => pid === rows[0]?.pid)?.parent;
  await client.end();
  if (server === undefined) throw new Error('the database server does not run on this machine');
  return () => treeMs(server);
}
