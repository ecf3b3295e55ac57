import { test } from 'vitest';
import { identifyWith } from '#access/identify.ts';
import { documentedApp } from '../scripts/openapi-document.ts';
test('x', async () => {
  const app = await documentedApp('0.0.0', { identify: identifyWith({ tokens: { isOurs: () => false, identify: () => { throw new Error('x'); } } }) });
  const a = await app.inject({ url: '/fhir/Patient', headers: { host: 'localhost' } });
  console.log(a.statusCode, a.headers, a.body.slice(0, 400));
});
