// The version of this package, for answers and backups.
import { readFileSync } from 'node:fs';
import { PROJECT_ROOT } from '#kernel/project-root.ts';

export const packageVersion = (): string => {
  const text = readFileSync(new URL('package.json', PROJECT_ROOT), 'utf8');
  const { version }: { version?: unknown } = JSON.parse(text);
  return typeof version === 'string' ? version : 'unknown';
};
