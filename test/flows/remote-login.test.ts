// A service asks another one that demands a login: with a key it is answered by it, without one it reads the film itself.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { readConfig } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import { filmDicom } from '../fixtures/film.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), 'haidang-remote-login-'));
const tokenFile = join(folder, 'token');
let far: TestService;
let near: TestService;

beforeAll(async () => {
  far = await openTestService(undefined, undefined, { HAIDANG_ACCESS: 'login', HAIDANG_PROCESSES: '1' });
  writeFileSync(tokenFile, 'not-the-key\n', { mode: 0o600 });
  near = await openTestService(undefined, undefined, {
    HAIDANG_PROCESSES: '1',
    HAIDANG_REMOTE_MODELS: far.address,
    HAIDANG_REMOTE_TOKEN_FILE: tokenFile,
  });
});
afterAll(async () => {
  await near.close();
  await far.close();
  rmSync(folder, { recursive: true });
});

const remoteState = async () => (await near.client.health.ready()).data.models[0]?.remote;

async function readBy(study: string): Promise<string | undefined> {
  const bytes = Uint8Array.from(await filmDicom({ study, patient: `P-${study}` }));
  const { studies } = await near.client.upload([{ name: 'f.dcm', bytes }]);
  const { reading } = await near.client.waitUntilRead(studies[0] ?? '');
  expect(reading?.outcome).toBe('assessed');
  return reading?.provenance.provider;
}

test('without a key that holds, the server is away with its reason, and this machine reads', async () => {
  expect(await remoteState()).toMatchObject({ state: 'away', reason: expect.stringContaining('401') });
  expect(await readBy('alone')).toBe('cpu');
});

test('with one from the file, exchanged while the service runs, the other service answers', async () => {
  const config = readConfig({ HAIDANG_DATA_DIR: far.dataDir }, '/');
  const tokens = await tokensBeside(config, systemClock);
  const token = await tokens.issue({ actor: 'near', roles: ['his'], facilityId: 'local', seconds: 3600 });
  writeFileSync(tokenFile, `${token}\n`);
  await expect.poll(async () => (await remoteState())?.state, { timeout: 120_000, interval: 500 }).toBe('ready');
  expect(await readBy('together')).toBe(`oip:${new URL(far.address).host}`);
});
