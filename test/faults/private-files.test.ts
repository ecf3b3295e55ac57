// A service writes files for its own account alone, and a file of secrets that others may use stops the start with the command that mends it.
import { chmodSync, globSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { modelsFolder, refusedStart, spawnService } from '../flows/service.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const folder = mkdtempSync(join(tmpdir(), 'haidang-private-'));
const models = modelsFolder();
afterAll(() => {
  for (const each of [folder, models]) rmSync(each, { recursive: true, force: true });
});

describe.skipIf(process.platform === 'win32')('modes', () => {
  test('folders of the data folder are 0700 and files 0600, whatever the umask of who starts it', async () => {
    const dataDir = join(folder, 'data');
    const service = await spawnService(dataDir, models);
    const { studies } = await service.client.upload([
      { name: 'f.dcm', bytes: Uint8Array.from(await filmDicom({ study: 'private', patient: 'P' })) },
    ]);
    await service.client.waitUntilRead(studies[0] ?? '');
    expect(await service.stop()).toBe(0);
    const found = globSync('**/*', { cwd: dataDir });
    expect(found.filter((name) => name.startsWith('blobs/')).length).toBeGreaterThan(1);
    // PGlite gives its cache files a mode of its own, in folders that are closed.
    const judged = found.filter((name) => !name.endsWith('/pg_internal.init'));
    const open = [dataDir, ...judged.map((name) => join(dataDir, name))].filter(
      (path) => (lstatSync(path).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
  });

  test.each([
    ['0644', 0o644],
    ['0602', 0o602],
  ])('a site file of mode %s stops the start', async (_name, mode) => {
    const siteFile = join(folder, 'site.json');
    writeFileSync(siteFile, '{}');
    chmodSync(siteFile, mode);
    const { status, stderr } = await refusedStart({
      HAIDANG_DATA_DIR: join(folder, 'not-made'),
      HAIDANG_SITE: siteFile,
    });
    expect(status).toBe(1);
    expect(stderr).toContain('HAIDANG_SITE');
    expect(stderr).toContain(`chmod 600 ${siteFile}`);
    expect(stderr).not.toContain('    at ');
  });
});
