import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-verify-'));
beforeAll(() => {
  writeTinyModel(root, { id: 'good' });
  writeTinyModel(root, {
    id: 'off',
    alter: ({ golden }) => ({
      golden: { ...golden, cases: golden.cases.map((each) => ({ ...each, logits: each.logits.map((x) => x + 1) })) },
    }),
  });
  writeTinyModel(root, { id: 'touched' });
  appendFileSync(join(root, 'touched', '1', 'model.onnx'), '\0');
});
afterAll(() => rmSync(root, { recursive: true }));

const haidang = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, ['src/cli/main.ts', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

test('one JSON line per model, the refused with their reason, exit 1', async () => {
  const { code, stdout } = await haidang('models', 'verify', '--models', root, '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({
      model: 'touched',
      outcome: 'refused',
      reason: expect.stringContaining('models.file-changed'),
    }),
    expect.objectContaining({
      model: 'good',
      version: '1',
      precision: 'fp32',
      outcome: 'ready',
      provider: 'cpu',
      tolerance: 1e-4,
    }),
    expect.objectContaining({
      model: 'off',
      outcome: 'refused',
      reason: expect.stringContaining('models.golden-differs'),
    }),
  ]);
  expect(lines[1].goldenDifference).toBeLessThan(1e-4);
  expect(code).toBe(1);
});

test('a list says which model reads, in which precision, and which are refused; none that reads is exit 1', async () => {
  process.env['HAIDANG_CXR_MODEL'] = 'good';
  const listed = await haidang('models', '--models', root, '--json');
  delete process.env['HAIDANG_CXR_MODEL'];
  const lines = listed.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ model: 'good', version: '1', inUse: true, precision: 'fp32' }),
    expect.objectContaining({ model: 'off', inUse: false, precision: null }),
  ]);
  expect(listed.stderr).toContain('touched is refused: models.file-changed');
  expect(listed.code).toBe(0);
  expect(await haidang('models', '--models', root)).toMatchObject({ code: 1 });
});

test('a folder without models is a failed check, and misuse is 2', async () => {
  expect(await haidang('models', 'verify', '--models', join(root, 'good'), '--json')).toMatchObject({
    code: 1,
    stdout: '',
  });
  expect(await haidang('models', 'verify', '--nonsense')).toMatchObject({ code: 2, stdout: '' });
});
