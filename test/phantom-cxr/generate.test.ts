// The command that writes films: what lies in its folder, and what it says to a bad option.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { grayPng } from '#phantom-cxr/png.ts';

const folder = mkdtempSync(join(tmpdir(), 'films-'));
afterAll(() => rmSync(folder, { recursive: true }));

const generate = (...options: readonly string[]) =>
  spawnSync(process.execPath, ['datasets/phantom-cxr/generate.ts', ...options, '--out', folder], { encoding: 'utf8' });

const table = (name: string): string[][] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));

test('films, masks, labels and boxes belong together', async () => {
  expect(generate('--count', '8', '--seed', '40', '--size', '96').status).toBe(0);
  const [header = [], ...labels] = table('labels.csv');
  const [, ...boxes] = table('boxes.csv');
  expect(labels.length).toBe(8);
  const files = new Set(readdirSync(folder));
  for (const row of labels) {
    const findings = (row[header.indexOf('findings')] ?? '').split('|').filter((name) => name !== 'No Finding');
    expect(row[header.indexOf('abnormal')]).toBe(findings.length > 0 ? '1' : '0');
    const own = boxes.filter(([file]) => file === row[0]);
    expect(new Set(own.map(([, finding]) => finding))).toEqual(new Set(findings));
    expect(files.has(row[0] ?? '')).toBe(true);
    for (const box of own) {
      const [film, mask] = [
        await sharp(join(folder, row[0] ?? '')).metadata(),
        await sharp(join(folder, box.at(-1) ?? '')).metadata(),
      ];
      expect([mask.width, mask.height]).toEqual([film.width, film.height]);
    }
  }
});

test('other kinds have labels of their own', () => {
  expect(generate('--count', '2', '--size', '64', '--kind', 'knee').status).toBe(0);
  expect(table('labels-knee.csv').length).toBe(3);
});

test('a bad option is misuse, said on standard error', () => {
  for (const [option, value, said] of [
    ['--kind', 'foot', 'Allowed choices are chest, hand'],
    ['--count', '0', 'whole number from 1'],
    ['--size', 'big', 'whole number from 32'],
  ] as const) {
    const { status, stderr } = generate(option, value);
    expect(status).toBe(2);
    expect(stderr).toContain(option);
    expect(stderr).toContain(said);
  }
  const { status, stdout } = generate('--help');
  expect([status, stdout.includes('--seed <number>')]).toEqual([0, true]);
});

test('the PNG holds exactly the bytes it was given', async () => {
  const pixels = Uint8Array.from({ length: 7 * 5 }, (_, i) => (i * 91) & 255);
  const { data } = await sharp(grayPng(pixels, 7, 5))
    .raw()
    .toBuffer({ resolveWithObject: true });
  // sharp may answer in three equal channels.
  const channels = data.length / pixels.length;
  expect(Uint8Array.from(pixels, (_, i) => data[i * channels] ?? 0)).toEqual(pixels);
});
