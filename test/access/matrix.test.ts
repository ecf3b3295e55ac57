// docs/access.md is what the service does: every route of every door, asked without credentials and in every role.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  app = await documentedApp('0.0.0', { identify: identifyWith({ tokens }) });
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
    'OPTIONS /cds-services',
    'OPTIONS /cds-services/:id',
    'OPTIONS /cds-services/:id/feedback',
    'GET /favicon.ico',
    'GET /fhir/.well-known/jwks.json',
    'GET /fhir/OperationDefinition/assess',
    'GET /fhir/metadata',
    'GET /health/live',
    'GET /health/models/:id',
    'GET /health/ready',
    'GET /static/:file',
    'GET /v2',
    'GET /v2/health/live',
    'GET /v2/health/ready',
  ]);
});

describe.each(rows)('$methods $url', ({ url, methods, scope, allowed }) => {
  test.each(methods)('%s', async (method) => {
    const none = await ask(method, url);
    const forged = await ask(method, url, `Bearer ${bearers.get('admin')?.slice(0, -4)}AAAA`);
    if (scope === 'public') expect([401, 403]).not.toContain(none.statusCode);
    else if (scope !== 'link') {
      for (const answer of [none, forged]) expect(answer.statusCode).toBe(401);
      expect(none.headers['www-authenticate']).toBe('Bearer realm="haidang"');
      expect(forged.headers['www-authenticate']).toContain('error="invalid_token"');
      for (const role of ROLES) {
        const answer = await ask(method, url, `Bearer ${bearers.get(role)}`);
        if (allowed.has(role)) expect([401, 403], role).not.toContain(answer.statusCode);
        else {
          expect(answer.statusCode, role).toBe(403);
          expect(answer.headers['www-authenticate']).toContain(`error="insufficient_scope", scope="${scope}"`);
        }
      }
    }
  });
});
