// A release is verified with the commands of docs/operations/install.en.md, and a changed file, other sums, another key or another purpose is refused.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signRelease } from '../../scripts/sign-release.ts';

const work = mkdtempSync(join(tmpdir(), 'haidang-release-'));
const key = join(work, 'key');
let folder: string;

/** A throw-away key, and the file that says whose it is. */
function makeKey(name: string): string {
  const file = join(work, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'release@haidang', '-f', file]);
  return `release@haidang ${readFileSync(`${file}.pub`, 'utf8')}`;
}
beforeAll(() => {
  writeFileSync(join(work, 'allowed_signers'), makeKey('key'));
  makeKey('other');
});
beforeEach(async () => {
  folder = mkdtempSync(join(work, 'files-'));
  writeFileSync(join(folder, 'haidang-1.0.0-linux-x64.tar.gz'), 'a bundle');
  writeFileSync(join(folder, 'haidang-1.0.0.cdx.json'), '{}');
  writeFileSync(join(folder, 'allowed_signers'), readFileSync(join(work, 'allowed_signers')));
  await signRelease(folder, key);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** As a reader copies it out of the document. */
const COMMANDS = ['en', 'vi'].map(
  (language) =>
    /```sh\n(ssh-keygen -Y verify[\s\S]*?)```/.exec(
      readFileSync(`docs/operations/install.${language}.md`, 'utf8'),
    )?.[1] ?? 'false',
);
const verify = (): boolean => spawnSync('sh', ['-e', '-c', COMMANDS[0] ?? 'false'], { cwd: folder }).status === 0;

test('what was signed is verified, by the same commands in both languages', () => {
  expect(COMMANDS[1]).toBe(COMMANDS[0]);
  expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toMatch(
    /^[0-9a-f]{64} {2}allowed_signers\n[0-9a-f]{64} {2}haidang-1\.0\.0-linux/,
  );
  expect(verify()).toBe(true);
});

test('signing again writes new sums', async () => {
  writeFileSync(join(folder, 'haidang-1.0.0-linux-x64.tar.gz'), 'another bundle');
  expect(verify()).toBe(false);
  await signRelease(folder, key);
  expect(verify()).toBe(true);
});

test.each([
  ['a changed file', () => appendFileSync(join(folder, 'haidang-1.0.0-linux-x64.tar.gz'), ' ')],
  ['a file that is gone', () => rmSync(join(folder, 'haidang-1.0.0.cdx.json'))],
  [
    'a changed file whose sum was changed too',
    () => {
      const file = join(folder, 'haidang-1.0.0.cdx.json');
      writeFileSync(file, '{"a":1}');
      const sums = execFileSync(
        'sha256sum',
        ['allowed_signers', 'haidang-1.0.0-linux-x64.tar.gz', 'haidang-1.0.0.cdx.json'],
        { cwd: folder },
      );
      writeFileSync(join(folder, 'SHA256SUMS'), sums);
    },
  ],
  ['another key', () => signRelease(folder, join(work, 'other'))],
  [
    'a signature for another purpose',
    () => {
      rmSync(join(folder, 'SHA256SUMS.sig'));
      execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', key, '-n', 'git', join(folder, 'SHA256SUMS')]);
    },
  ],
])('%s is refused', async (_, change) => {
  await change();
  expect(verify()).toBe(false);
});
