// Processor time of a process and all that it started, from /proc: on a busy machine it says what work costs where the clock does not.
import { readFileSync, readdirSync } from 'node:fs';

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

/** Milliseconds of every server process of PostgreSQL on this machine, which nothing else should use meanwhile. */
export const postgresMs = (): number => sum(entries().filter(({ name }) => name === 'postgres'));
