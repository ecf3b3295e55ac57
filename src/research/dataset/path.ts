// Paths that a data set's files name: they stay inside its folder, and one file has one name.
import { isAbsolute, normalize } from 'node:path';

const plain = (path: string): string => normalize(path.replaceAll('\\', '/'));

/** A path of a table never leads out of its folder. */
export const staysInside = (path: string): boolean =>
  !isAbsolute(path) && !/^[a-z]:/i.test(path) && !plain(path).startsWith('..');

/** `./a.png`, `x/../a.png` and `a.png` are one film. */
export const sameFile = (path: string): string => plain(path);
