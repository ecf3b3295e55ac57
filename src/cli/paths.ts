// Paths as a user wrote them → absolute ones, from the folder where the user stands.
import { resolve } from 'node:path';

/** npm runs scripts from the package's own folder and leaves the user's in INIT_CWD. */
export const userFolder = (): string => process.env['INIT_CWD'] ?? process.cwd();

export const resolveUserPath = (path: string): string => resolve(userFolder(), path);
