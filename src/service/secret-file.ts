// Reads a file that holds secrets, and refuses one that every account of the machine may read or change.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';

/** Of other accounts: reading, writing. A group may read: that is how a Secret of Kubernetes comes. */
const OTHERS = 0o006;

/** `refused` makes the error from its reason. Windows has access lists instead of a mode, and is not asked. */
export function readSecretFile(file: string, refused: (reason: string, cause?: unknown) => Error): string {
  let opened: number | undefined;
  let mode: number;
  let text: string;
  try {
    opened = openSync(file, 'r');
    ({ mode } = fstatSync(opened));
    text = readFileSync(opened, 'utf8');
  } catch (cause) {
    throw refused('the file cannot be read', cause);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    throw refused(`it holds secrets and every account of this machine may use it; run: chmod 600 ${file}`);
  return text;
}
