// Every change of settings and models that a start finds is in the audit trail, and no secret is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#service/config.ts';
import { auditSetup, changesOf, fingerprintWith, settingsSetup } from '#service/setup-audit.ts';
import { readSite } from '#service/site.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';

const rooms = (store: TestStore['store'], refused: { folder: string; code: string; reason: string }[] = []) => ({
  models: [],
  refused,
  library: { equations: new Map(), refused: [], siteCodes: new Map(), close: async () => undefined },
  store,
});
const key = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'the-private-part' };
const here = (env: Record<string, string> = {}, site: object = {}) => ({
  config: readConfig({ HAIDANG_PROCESSES: '1', HAIDANG_THREADS: '1', ...env }, '/'),
  site: readSite(JSON.stringify(site)),
});
const SECRETS = ['hunter2', 'whsec_', 'a-long-viewer-key', 'client-secret-of-sso', 'T00/B00/XXXX', 'Basic cHc6cHc='];
const withSecrets = here(
  { DATABASE_URL: 'postgresql://haidang:hunter2@db.example:5432/haidang' },
  {
    hispro: { viewerKey: 'a-long-viewer-key' },
    access: {
      provider: {
        issuer: 'https://sso.example/',
        clientId: 'haidang',
        clientSecret: 'client-secret-of-sso',
        claims: { roles: {} },
      },
    },
    dicom: { stow: [{ id: 'pacs', url: 'https://pacs.example/dicom-web', authorization: 'Basic cHc6cHc=' }] },
    webhooks: [
      {
        id: 'ward',
        url: 'https://hooks.example/T00/B00/XXXX',
        secrets: [`whsec_${Buffer.from('hunter2-hunter2-hunter2-hunter2-').toString('base64')}`],
      },
    ],
  },
);

test('no secret of the environment or the site file is shown; a change of one still shows', () => {
  const setup = settingsSetup(withSecrets, fingerprintWith('k'));
  const text = JSON.stringify(setup);
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  expect(setup['site.access.provider.issuer']).toBe('https://sso.example');
  expect(setup['config.databaseUrl']).toMatch(/^hmac:[0-9a-f]{16}$/);
  expect(setup['site.webhooks.0.url']).toMatch(/^https:\/\/hooks\.example hmac:[0-9a-f]{16}$/);
  const other = settingsSetup(
    here({ DATABASE_URL: 'postgresql://haidang:hunter3@db.example:5432/haidang' }),
    fingerprintWith('k'),
  );
  expect(other['config.databaseUrl']).not.toBe(setup['config.databaseUrl']);
  // Another installation's fingerprint of the same password is another.
  expect(settingsSetup(withSecrets, fingerprintWith('k2'))['config.databaseUrl']).not.toBe(setup['config.databaseUrl']);
});

test('what was added, changed and taken away is one entry each, with before and after', () => {
  const before = { a: '1', b: '2', 'model.x.fp32': '1 aa' };
  const now = { b: '3', c: '4', 'model.x.fp32': '1 bb' };
  expect(
    changesOf(before, now, 'operator:it@host').map(({ subjectId, detail, action }) => [action, subjectId, detail]),
  ).toEqual([
    ['settings.changed', 'a', { before: '1', after: null }],
    ['settings.changed', 'b', { before: '2', after: '3' }],
    ['settings.changed', 'c', { before: null, after: '4' }],
    ['model.changed', 'model.x.fp32', { before: '1 aa', after: '1 bb' }],
  ]);
  expect(changesOf(now, { ...now }, 'x')).toEqual([]);
});

let at: TestStore;
beforeAll(async () => {
  at = await openTestStore('embedded');
});
afterAll(() => at.close());

test('a first start records all, an equal one nothing, a changed one the difference and who started it', async () => {
  const entries = async () =>
    (await at.local.audit.list({ limit: 100 })).map(({ action, subjectId, detail, actor }) => ({
      action,
      subjectId,
      detail,
      actor,
    }));
  await auditSetup(here(), rooms(at.store), key);
  await auditSetup(here(), rooms(at.store), key);
  expect(await entries()).toEqual([
    expect.objectContaining({
      action: 'settings.recorded',
      actor: expect.stringMatching(/^operator:.+@.+/),
      detail: { settings: expect.objectContaining({ 'config.port': '8080', 'site.defaultLanguage': 'vi' }) },
    }),
  ]);
  await auditSetup(
    here({ HAIDANG_PORT: '9090' }),
    rooms(at.store, [{ folder: 'cxr-x', code: 'models.file-changed', reason: '' }]),
    key,
  );
  expect((await entries()).slice(1)).toEqual([
    expect.objectContaining({
      action: 'settings.changed',
      subjectId: 'config.port',
      detail: { before: '8080', after: '9090' },
    }),
    expect.objectContaining({
      action: 'model.changed',
      subjectId: 'model.cxr-x.refused',
      detail: { before: null, after: 'models.file-changed' },
    }),
  ]);
  expect(await at.local.audit.verify()).toMatchObject({ intact: true });
});

test('two services on one database with settings of their own change nothing by starting again', async () => {
  const shared = await openTestStore('embedded');
  const folder = mkdtempSync(join(tmpdir(), 'haidang-replicas-'));
  const start = (replica: string, HAIDANG_PORT: string) =>
    auditSetup(
      here({ DATABASE_URL: 'postgresql://db/haidang', HAIDANG_DATA_DIR: join(folder, replica), HAIDANG_PORT }),
      rooms(shared.store),
      key,
    );
  const said = async () =>
    (await shared.local.audit.list({ limit: 100 })).map(({ action, subjectId, detail }) => [
      action,
      subjectId,
      subjectId === 'all' ? '' : Object(detail).after,
    ]);
  const first = ['settings.recorded', 'all', ''];
  await start('one', '8081');
  await start('two', '8082');
  const joined = [
    first,
    ['settings.changed', 'config.dataDir', join(folder, 'two')],
    ['settings.changed', 'config.port', '8082'],
  ];
  expect(await said()).toEqual(joined);
  for (const [replica, port] of [
    ['one', '8081'],
    ['two', '8082'],
    ['one', '8081'],
  ] as const)
    await start(replica, port);
  expect(await said()).toEqual(joined);
  // Back to what another one has is a change all the same.
  await start('two', '8081');
  await start('two', '8082');
  expect((await said()).slice(3)).toEqual([
    ['settings.changed', 'config.port', '8081'],
    ['settings.changed', 'config.port', '8082'],
  ]);
  await shared.close();
  rmSync(folder, { recursive: true });
});
