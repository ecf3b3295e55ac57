// A head from labelled films to a folder that verifies, as a researcher does it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { encodeGrayPng } from '#image/picture.ts';
import { loadModel } from '#models/load.ts';
import { filmPicture } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

vi.setConfig({ testTimeout: 400_000, hookTimeout: 180_000 });

const root = mkdtempSync(join(tmpdir(), 'haidang-train-'));
const FILMS = 80;

beforeAll(async () => {
  writeTinyModel(join(root, 'models'), { id: 'cxr-findings' });
  mkdirSync(join(root, 'films'));
  const lines = ['image,mrn,stripes'];
  for (let i = 0; i < FILMS; i += 1) {
    // What the label says can be seen: fine stripes over half of the films, stronger in some.
    const striped = i % 2 === 0;
    const base = filmPicture(64, i % 7);
    const values = striped ? base.map((value, at) => value + 0.15 * ((at % 64) % 8 < 4 ? 1 : -1)) : base;
    writeFileSync(join(root, `films/f${i}.png`), await encodeGrayPng({ columns: 64, rows: 64, values }));
    lines.push(`f${i}.png,BN${i},${striped ? 1 : 0}`);
  }
  writeFileSync(join(root, 'films/films.csv'), lines.join('\n'));
});
afterAll(() => rmSync(root, { recursive: true }));

async function haidang(...args: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], {
    env: {
      ...process.env,
      HAIDANG_MODELS_DIR: join(root, 'models'),
      HAIDANG_DATA_DIR: join(root, 'data'),
      INIT_CWD: root,
    },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}

test('a head is trained, judged on persons kept apart, and its folder verifies', async () => {
  const made = await haidang(
    'datasets',
    'new',
    'films',
    '--column',
    'file=image',
    '--column',
    'patient=mrn',
    '--finding',
    'Stripes=stripes',
  );
  expect(made.status).toBe(0);
  const trained = await haidang('train-head', '--id', 'stripes', '--dataset', 'films', '--json');
  expect(trained.stderr).toContain('validation loss');
  expect(trained.status).toBe(0);
  const report = JSON.parse(trained.stdout);
  expect(report).toMatchObject({ model: 'stripes', films: FILMS, patients: FILMS, maps: 'class-map' });
  expect(report.parts.training + report.parts.validation + report.parts.test).toBe(FILMS);
  const [{ finding, n, auroc, lower, upper }] = report.test;
  expect([finding, n]).toEqual(['Stripes', report.parts.test]);
  expect(lower <= auroc && auroc <= upper).toBe(true);

  const model = await loadModel(join(root, 'models/stripes'));
  expect(model.manifest.heads.map(({ code }) => code)).toEqual(['Stripes']);
  const verify = await haidang('models', 'verify', '--json');
  const verdicts = verify.stdout
    .trim()
    .split('\n')
    .map((line): { model: string; outcome: string } => JSON.parse(line));
  expect(verdicts).toContainEqual(expect.objectContaining({ model: 'stripes', outcome: 'ready' }));

  const again = await haidang('train-head', '--id', 'stripes', '--dataset', 'films');
  expect(again).toMatchObject({ status: 2 });
  expect(again.stderr).toContain('is there already');
  const nobody = await haidang('train-head', '--id', 'confirmed-head', '--confirmed');
  expect(nobody.stderr).toContain('training.too-few');
});
