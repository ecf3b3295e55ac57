// Paths as the user typed them: npm changes the folder before it runs us, so a relative path is meant from where npm was called.
import { resolve } from 'node:path';

export const resolveUserPath = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
