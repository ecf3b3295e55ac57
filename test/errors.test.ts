// ERRORS.md is what an IT person reads: it must list every code of every room and no other.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsDocument } from '../scripts/errors-document.ts';

test('ERRORS.md lists every error code with its status and both sentences', async () => {
  expect(globSync('src/**/errors.ts').length).toBeGreaterThan(1);
  expect(readFileSync('ERRORS.md', 'utf8')).toBe(await errorsDocument());
});
