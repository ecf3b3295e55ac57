// Processor time of a service by kind of thread, from /proc: where the milliseconds of a film go.
import { readFileSync, readdirSync } from 'node:fs';

/** V8 names its helpers (collection, compiling) V8Worker, our decoders WorkerThread, Node's pool of file operations libuv-worker. */
function threadsOf(pid: number): readonly { readonly name: string; readonly ms: number }[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim();
      const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      return [{ name, ms: Number(nanoseconds) / 1e6 }];
    });
  } catch {
    // It ended between the two looks.
    return [];
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return [];
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return Number(fields[1]) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Milliseconds since the start by `service MainThread`, `child MainThread` … */
export function threadMs(service: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  const add = (who: string, pid: number): void => {
    for (const { name, ms } of threadsOf(pid)) sums.set(`${who} ${name}`, (sums.get(`${who} ${name}`) ?? 0) + ms);
  };
  add('service', service);
  for (const child of childrenOf(service)) add('child', child);
  return sums;
}
