// Keeps what the engine has compiled of our files beside the installed packages, where an attacker could as well change the files
// themselves: types are stripped and code is compiled once for an installation, not at every start. A folder that cannot be written keeps
// nothing. To be called before the files are imported.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PROJECT_ROOT } from '#kernel/project-root.ts';

export function keepCompiledCode(): void {
  const folder = fileURLToPath(new URL('node_modules/.cache/haidang/compiled', PROJECT_ROOT));
  enableCompileCache(folder);
  // For child processes.
  process.env['NODE_COMPILE_CACHE'] ??= folder;
}
