// The audit trail of a service with a login: reads are in it, its head is signed beside it, and an edit or a cut shows.
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readHead, signHead } from '#access/audit-head.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { freshDataDir, openTestStore } from '../store/hosts.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService(undefined, undefined, { HAIDANG_ACCESS: 'login' });
});
afterAll(() => service.close());

const run = promisify(execFile);
const haidang = async (...args: string[]): Promise<string> =>
  (
    await run(process.execPath, ['src/cli/main.ts', ...args], {
      env: { ...process.env, HAIDANG_DATA_DIR: service.dataDir },
    })
  ).stdout.trim();

test('a read of a patient names person, record, address and purpose; a refused one and a probe leave nothing', async () => {
  const token = await haidang('token', '--role', 'physician', '--name', 'bs.tam');
  const headers = { authorization: `Bearer ${token}`, 'x-purpose-of-use': 'TREAT' };
  await fetch(`${service.address}/v1/risk/series/BN001`, { headers });
  await fetch(`${service.address}/v1/studies/1.2.3`, { headers });
  await fetch(`${service.address}/health/live`, { headers });
  await vi.waitFor(async () => {
    const reads = (await haidang('audit', 'export'))
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ action }) => action === 'record.read');
    expect(reads).toEqual([
      expect.objectContaining({
        actor: 'bs.tam',
        subjectType: 'patient',
        subjectId: 'BN001',
        detail: { route: '/v1/risk/series/:patientCode', address: '127.0.0.1', purpose: 'TREAT' },
      }),
    ]);
  }, 60_000);
});

test('`haidang audit verify` tells of every facility, while the service runs', async () => {
  const other = await haidang('token', '--role', 'physician', '--facility', 'khoa-b');
  await fetch(`${service.address}/v1/worklist`, { headers: { authorization: `Bearer ${other}` } });
  const verdicts = (await haidang('audit', 'verify', '--json')).split('\n').map((line) => JSON.parse(line));
  expect(verdicts.map(({ facility, intact }) => [facility, intact])).toEqual([
    ['khoa-b', true],
    ['local', true],
  ]);
  expect(verdicts.every(({ entries }) => Number.isInteger(entries))).toBe(true);
});

test('the head is signed into the data folder, for the service’s own account only', async () => {
  const file = join(service.dataDir, 'audit-heads', 'local.jws');
  const key = await tokenKeyInFolder(service.dataDir);
  const [line = ''] = readFileSync(file, 'utf8').split('\n');
  expect(await readHead(line, key)).toMatchObject({ facility: 'local', entries: expect.any(Number) });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const stranger = await tokenKeyInFolder(await freshDataDir());
  expect(await readHead(line, stranger)).toBeUndefined();
  const forged = await signHead({ facility: 'local', entries: 0, head: '0', at: '' }, stranger);
  expect(await readHead(forged, key)).toBeUndefined();
});

test('entries that were cut off after a head was signed are missed', async () => {
  const at = await openTestStore('embedded');
  for (const subjectId of ['1', '2'])
    await at.local.audit.append({ actor: 'x', action: 'record.read', subjectType: 'study', subjectId });
  const { head } = await at.local.audit.head();
  await at.sql('alter table audit disable trigger all');
  await at.sql('delete from audit where sequence = 2');
  await at.sql('update audit_head set (sequence, hash) = (select sequence, hash from audit where sequence = 1)');
  expect(await at.local.audit.verify()).toMatchObject({ intact: true });
  expect(await at.local.audit.verify({ expectedHead: head })).toMatchObject({ intact: false });
  await at.close();
});
