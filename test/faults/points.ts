// Every step at which a service can die, by name: before each statement to the database, after each commit, before and after a file takes its place.
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import pg from 'pg';

const TOUCHED = /\b(insert into|update|delete from) (\w+)/g;

/** A prepared statement's own name; else what it writes; else its first words. */
function nameOf(query: unknown): string {
  const { text, name } =
    typeof query === 'string' ? { text: query, name: undefined } : (query as { text?: string; name?: string });
  if (name !== undefined) return name;
  const written = [...(text ?? '').matchAll(TOUCHED)].map(
    ([, verb = '', table = '']) => `${verb.split(' ')[0]} ${table}`,
  );
  if (written.length > 0) return [...new Set(written)].slice(0, 3).join(' + ');
  if (/;\s*commit$|^commit$/.test(text ?? '')) return 'commit';
  return (text ?? '')
    .trim()
    .split(/[\s;]+/, 2)
    .join(' ');
}

type Query = (this: unknown, ...parts: unknown[]) => unknown;

/** From now on `reached` is called at each point, in the same tick; it may end the process. */
export function watchPoints(reached: (point: string) => void): void {
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const query = prototype.query;
  prototype.query = function (...parts) {
    const name = nameOf(parts[0]);
    reached(name);
    const answer = query.apply(this, parts);
    if (name === 'commit' && answer instanceof Promise)
      return answer.then((rows: unknown) => (reached('committed'), rows));
    return answer;
  };
  const { rename } = fsp;
  fsp.rename = async (from, to) => {
    reached('before rename');
    await rename(from, to);
    reached('after rename');
  };
  syncBuiltinESMExports();
}
