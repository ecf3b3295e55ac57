// One format for every line of the log, and no line holds anything of a request but fixed fields.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const PROGRAM = `
import { createLog } from '#http/log.ts';
import { identifyOpenly } from '#access/identity.ts';
import { createServer } from '#http/server.ts';
import { createMetrics } from '#http/metrics.ts';
createLog('info')({ level: 'info', event: 'store.opened', host: 'embedded' });
const app = createServer({ hostRule: { boundTo: '127.0.0.1', allowedHosts: [] }, identify: identifyOpenly, logLevel: 'info', metrics: createMetrics() });
app.get('/broken/:patient', { config: { scope: 'public' } }, () => { throw new Error('Nguyễn Văn A'); });
await app.inject({ url: '/broken/BN001?name=Nguyen', headers: { host: 'localhost' } });
`;

test('rooms and requests write JSON lines of one shape, without names, paths or messages of faults', () => {
  const { stderr, stdout } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', PROGRAM], {
    encoding: 'utf8',
  });
  const lines: Record<string, unknown>[] = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(stdout).toBe('');
  expect(lines.map(({ event }) => event)).toEqual(['store.opened', 'http.request-failed', 'http.request']);
  for (const line of lines) {
    expect(line).toMatchObject({ level: expect.stringMatching(/^(info|error)$/), time: expect.stringMatching(/Z$/) });
  }
  expect(lines[2]).toMatchObject({ requestId: expect.any(String), status: 500, route: '/broken/:patient' });
  expect(stderr).not.toMatch(/Nguy|BN001/);
});
