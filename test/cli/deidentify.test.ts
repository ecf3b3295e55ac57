// `haidang deidentify`: new names for files and persons, the same for one key; a refusal does not stop the others.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'haidang-deidentify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (out: string, key: string, ...files: string[]) => {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['src/cli/main.ts', 'deidentify', ...files, '--out', join(folder, out), '--key', join(folder, key), '--json'],
    { encoding: 'utf8' },
  );
  const lines: { file: string; outcome: string; out?: string; code?: string }[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { status, lines };
};

test('writes under new names, refuses what may show a name, and repeats itself with the same key', async () => {
  const film = join(folder, 'NGUYEN_VAN_A.dcm');
  const marked = join(folder, 'marked.dcm');
  writeFileSync(film, await filmDicom({ patient: 'P1', without: [0x00280301] }));
  writeFileSync(marked, await filmDicom({ study: 'other' }));
  const first = run('one', 'key', marked, film);
  expect(first.status).toBe(1);
  expect(first.lines).toMatchObject([{ outcome: 'refused', code: 'dicom.burned-in-text' }, { outcome: 'written' }]);
  expect(first.lines[1]?.out).not.toContain('NGUYEN');
  expect(statSync(join(folder, 'key')).mode & 0o077).toBe(0);
  const again = run('two', 'key', film);
  expect(again.status).toBe(0);
  expect(readdirSync(join(folder, 'two'))).toEqual(readdirSync(join(folder, 'one')));
  expect(readFileSync(again.lines[0]!.out!).equals(readFileSync(first.lines[1]!.out!))).toBe(true);
});
