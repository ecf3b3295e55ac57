// `haidang dicom decode`: one line per file in the order given, only JSON on standard output, and the exit status of the contract.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compressedFile, nativeFile, type Picture, SYNTAX } from '../dicom/support/build.ts';
import { cells, encodeFrame, wave } from '../dicom/support/encode.ts';

const folder = mkdtempSync(join(tmpdir(), 'haidang-dicom-decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { lines: string[]; status: number | null; complaint: string } {
  const main = join(process.cwd(), 'src/cli/main.ts');
  // The user stands in `folder`, while npm runs the script from the package's own folder.
  const env = { ...process.env, INIT_CWD: folder };
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, 'dicom', 'decode', ...args], {
    encoding: 'utf8',
    env,
  });
  return { lines: stdout.split('\n').filter((line) => line !== ''), status, complaint: stderr };
}

const picture: Picture = { rows: 24, columns: 20, bitsAllocated: 16, bitsStored: 12, signed: true };
const values = wave(picture);
writeFileSync(join(folder, 'native.dcm'), nativeFile(picture, cells(values, 16)));
const whole = compressedFile(picture, [await encodeFrame('jpeg-2000', picture, values)], { syntax: SYNTAX.jpeg2000 });
writeFileSync(join(folder, 'j2k.dcm'), whole);
writeFileSync(join(folder, 'cut.dcm'), whole.subarray(0, Math.floor(whole.length * 0.9)));

const decoded = (file: string): object => ({
  file,
  outcome: 'decoded',
  rows: 24,
  columns: 20,
  frames: 1,
  samples: 1,
  type: 'int16',
  min: Math.min(...values),
  max: Math.max(...values),
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  sha1: createHash('sha1').update(cells(values, 16)).digest('hex'),
});

test('decoded files only: status 0, the figures of the stored values, paths from where the user stands', () => {
  const { lines, status } = run('native.dcm', 'j2k.dcm', '--json');
  expect(status).toBe(0);
  expect(lines.map((line) => JSON.parse(line))).toEqual([decoded('native.dcm'), decoded('j2k.dcm')]);
});

test('a refused file has its line in its place, and the status is 1', () => {
  const { lines, status } = run('--json', 'cut.dcm', join(folder, 'native.dcm'), 'nowhere.dcm');
  expect(status).toBe(1);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { file: 'cut.dcm', outcome: 'refused', code: 'dicom.truncated', reason: expect.any(String) },
    decoded(join(folder, 'native.dcm')),
    { file: 'nowhere.dcm', outcome: 'refused', code: 'dicom.unreadable', reason: expect.any(String) },
  ]);
});

test('without --json the lines are for people', () => {
  const { lines, status } = run('native.dcm');
  expect(status).toBe(0);
  expect(lines.join('\n')).toMatch(/native\.dcm\s+decoded\s+20 × 24\s+int16/);
});

test('misuse is status 2 and a sentence on standard error', () => {
  for (const args of [[], ['native.dcm', '--jsno']]) {
    const { lines, status, complaint } = run(...args);
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(complaint).toMatch(/error: /);
  }
});
