import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../scripts/openapi-document.ts';

test('openapi.json is what the routes say (npm run openapi writes it)', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await openApiDocument(version)).toBe(readFileSync('openapi.json', 'utf8'));
});

test('every operation has a name of its own, for the typed client', async () => {
  const document = JSON.parse(await openApiDocument('0.0.0'));
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods as object));
  const names = operations.map((operation: { operationId?: string }) => operation.operationId);
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});
