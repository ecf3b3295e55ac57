// A Python of its own for each peer: a virtual environment beside its requirements.txt, made once, with packages from the configured index.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../report.ts';

/** The interpreter for benchmarks/peers/<peer>. */
export function pythonWith(peer: string): string {
  const folder = join(root, 'benchmarks', 'peers', peer);
  const venv = join(folder, '.venv');
  const python = join(venv, 'bin', 'python');
  if (existsSync(join(venv, 'ready'))) return python;
  const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: ['ignore', 2, 2] });
  run('python3', '-m', 'venv', venv);
  run(python, '-m', 'pip', 'install', '-q', '-r', join(folder, 'requirements.txt'));
  writeFileSync(join(venv, 'ready'), '');
  return python;
}
