// The demo on a handful of one's own files: the whole service, fed and asked through its public API, in a process of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { morning } from '#phantom-cxr/morning.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
const films = join(folder, 'films');
const data = join(folder, 'data');

function demo(...options: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    HAIDANG_DATA_DIR: data,
    HAIDANG_MODELS_DIR: join(folder, 'models'),
    // Must not be used: the demo is on the embedded database.
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  };
  return spawnSync(process.execPath, ['src/cli/main.ts', 'demo', '--dicom', films, ...options], {
    encoding: 'utf8',
    env,
  });
}

beforeAll(async () => {
  mkdirSync(films);
  mkdirSync(join(folder, 'models'));
  writeTinyModel(join(folder, 'models'), { id: 'cxr-findings' });
  // The first studies of the morning: a normal film, an effusion with its resend, and so on up to the hand.
  for await (const { name, bytes, note } of morning(1, { size: 200 })) {
    if (/^0[1237]/.test(name) || note.en.includes('cut')) writeFileSync(join(films, name), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the demo', () => {
  test('shows each study with its outcome, and each refusal with its reason', () => {
    const { status, stdout, stderr } = demo();
    expect(stderr).toContain('not a registered medical device');
    expect(status).toBe(0);
    // 01, 02, 03, 07 (a hand), 13 (cut), and 01 and 02 again.
    expect(stdout).toContain('7 files sent: 4 studies, 3 assessed, 1 not assessed, 0 failed, 0 waiting');
    expect(stdout).toContain('1 refused at the door; 2 duplicates,');
    expect(stdout).toContain('this film is marked as HAND');
    expect(stdout).toContain('13-XQ2601120013.dcm');
    expect(stdout).toContain('dicom.truncated');
    expect(stdout.indexOf('WORKLIST')).toBeLessThan(stdout.indexOf('NOT ASSESSED'));
  });

  test('prints no name of a person from one’s own files', () => {
    const { stdout } = demo();
    expect(stdout).not.toContain('PHANTOM ');
    expect(stdout).toMatch(/PH\d{8}/);
  });

  test('leaves a contact sheet, a page and a PNG, with one film per study', async () => {
    const page = readFileSync(join(data, 'demo', 'index.html'), 'utf8');
    expect(page.match(/<figure/g)?.length).toBe(4);
    for (const [, name = ''] of page.matchAll(/src="([^"]+)"/g))
      expect(existsSync(join(data, 'demo', name))).toBe(true);
    const { width, height } = await sharp(join(data, 'demo', 'contact-sheet.png')).metadata();
    expect(Math.min(width, height)).toBeGreaterThan(240);
  });

  test('a second run finds everything known and reads nothing twice, in Vietnamese too', () => {
    const { status, stdout } = demo('--lang', 'vi');
    expect(status).toBe(0);
    expect(stdout).toContain('Đã gửi 7 tệp: 4 ca, 3 ca đã đánh giá, 1 ca không đánh giá được');
    expect(stdout).toContain('6 tệp trùng');
    expect(stdout).not.toContain('trung vị');
  });

  test('an empty folder is a refusal, a language that nobody speaks is misuse', () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    expect(
      spawnSync(process.execPath, ['src/cli/main.ts', 'demo', '--dicom', empty], { encoding: 'utf8' }).status,
    ).toBe(1);
    expect(demo('--lang', 'fr').status).toBe(2);
  });
});
