// docs/access.md is what the service does: every route of every door, asked without credentials and in every role.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifyWith } from '#access/identify.ts';
import { ROLES, type Role } from '#access/roles.ts';
import { openTokens, type Tokens } from '#access/tokens.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import type { Server } from '#http/server.ts';
import { systemClock } from '#kernel/clock.ts';
import { accessDocument } from '../../scripts/access-document.ts';
import { documentedApp } from '../../scripts/openapi-document.ts';
import { freshDataDir } from '../store/hosts.ts';

const text = readFileSync('docs/access.md', 'utf8');
const [, ...columns] = /^\| address \| methods \| scope \|(.*)\|$/m.exec(text)?.[1]?.split('|') ?? [];
const rows = [...text.matchAll(/^\| `([^`]+)` \| ([A-Z ]+) \| ([a-z:-]+) \|(.*)\|$/gm)].map(
  ([, url = '', methods = '', scope = '', cells = '']) => ({
    url,
    methods: methods.split(' '),
    scope,
    allowed: new Set(ROLES.filter((_, place) => cells.split('|')[place]?.trim() === '●')),
  }),
);
/** An address of this pattern; nothing is stored there. */
const addressOf = (url: string): string => url.replaceAll(/:[a-z]+/gi, '1').replace('*', 'nothing.js');

let app: Server;
let tokens: Tokens;
const bearers = new Map<Role, string>();
beforeAll(async () => {
  tokens = await openTokens(await tokenKeyInFolder(await freshDataDir()), systemClock);
  app = await documentedApp('0.0.0', { identify: identifyWith({ bearers: [tokens], session: async () => undefined }) });
  for (const role of ROLES)
    bearers.set(role, await tokens.issue({ actor: role, roles: [role], facilityId: 'local', seconds: 60 }));
});
afterAll(() => app.close());

const ask = (method: string, url: string, authorization?: string) =>
  app.inject({
    method: method as 'GET',
    url: addressOf(url),
    headers: { host: 'localhost', ...(authorization !== undefined && { authorization }) },
  });

test('docs/access.md is written from the routes (npm run openapi)', async () => {
  expect(columns.length + 1).toBe(ROLES.length);
  expect(rows.length).toBeGreaterThan(80);
  expect(text).toBe(await accessDocument());
});

test('what nobody is asked for is a short list', () => {
  const open = rows.filter(({ scope }) => scope === 'public').map(({ url, methods }) => `${methods.join(' ')} ${url}`);
  expect(open).toEqual([
    'POST /auth/token',
    'OPTIONS /cds-services',
    'OPTIONS /cds-services/:id',
    'OPTIONS /cds-services/:id/feedback',
    'GET /favicon.ico',
    'GET /fhir/.well-known/jwks.json',
    'GET /fhir/.well-known/smart-configuration',
    'GET /fhir/OperationDefinition/assess',
    'GET /fhir/metadata',
    'GET /health/live',
    'GET /health/models/:id',
    'GET /health/ready',
    'GET /login',
    'GET /login/callback',
    'GET /login/provider',
    'GET /static/:file',
    'GET /v1/login',
    'POST /v1/session',
    'PUT /v1/session/password',
    'GET /v2',
    'GET /v2/health/live',
    'GET /v2/health/ready',
  ]);
});

/** What became of the question, in one word: the guard's refusals with their challenge, anything else went through. */
function verdictOf(answer: Awaited<ReturnType<typeof ask>>): string {
  const challenge = String(answer.headers['www-authenticate'] ?? '');
  if (answer.statusCode === 401) return /error="([a-z_]+)"/.exec(challenge)?.[1] ?? challenge;
  if (answer.statusCode === 403 && challenge !== '') return /scope="[a-z:-]+"/.exec(challenge)?.[0] ?? challenge;
  return 'through';
}

const asked = rows
  .filter(({ scope }) => scope !== 'link')
  .flatMap((row) => row.methods.map((method) => ({ ...row, method })));

test.each(asked)('$method $url: $scope', async ({ method, url, scope, allowed }) => {
  const found = {
    none: verdictOf(await ask(method, url)),
    forged: verdictOf(await ask(method, url, `Bearer ${bearers.get('admin')?.slice(0, -4)}AAAA`)),
    ...Object.fromEntries(
      await Promise.all(
        ROLES.map(async (role) => [role, verdictOf(await ask(method, url, `Bearer ${bearers.get(role)}`))]),
      ),
    ),
  };
  const open = scope === 'public';
  expect(found).toEqual({
    none: open ? 'through' : 'Bearer realm="haidang"',
    forged: open ? 'through' : 'invalid_token',
    ...Object.fromEntries(ROLES.map((role) => [role, allowed.has(role) ? 'through' : `scope="${scope}"`])),
  });
});
