// A researcher's own folder: films, a table with other column names, five lines of shell, a full report; what is broken is said and the rest goes on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { encodeGrayPng } from '#image/picture.ts';
import { filmPicture } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = mkdtempSync(join(tmpdir(), 'haidang-evaluate-'));
const inRoot = (name: string): string => join(root, name);
const FILMS = 24;

beforeAll(async () => {
  writeTinyModel(inRoot('models'), { id: 'cxr-findings' });
  writeTinyModel(inRoot('models'), { id: 'cxr-other', seed: 1 });
  mkdirSync(inRoot('my-films'));
  const lines = ['Ảnh chụp,Mã BN,Năm tuổi,Dịch màng phổi'];
  for (let i = 0; i < FILMS; i += 1) {
    writeFileSync(
      inRoot(`my-films/f${i}.png`),
      await encodeGrayPng({ columns: 64, rows: 64, values: filmPicture(64, i) }),
    );
    lines.push(`f${i}.png,BN${Math.floor(i / 2)},${40 + i},${i % 2 === 0 ? 'có' : 'không'}`);
  }
  writeFileSync(inRoot('my-films/f3.png'), 'no picture at all');
  lines.push('f99.png,BN99,50,có');
  writeFileSync(inRoot('my-films/films.csv'), lines.join('\n'));
});
afterAll(() => rmSync(root, { recursive: true }));

async function haidang(...args: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], {
    env: { ...process.env, HAIDANG_MODELS_DIR: inRoot('models'), HAIDANG_DATA_DIR: inRoot('data'), INIT_CWD: root },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}

const report = z.object({
  model: z.string(),
  dataset: z.string(),
  split: z.string(),
  figures: z.array(
    z.object({
      source: z.string(),
      finding: z.string(),
      metric: z.string(),
      value: z.number().nullable(),
      lower: z.number().nullable(),
      upper: z.number().nullable(),
      n: z.number(),
      positives: z.number(),
    }),
  ),
});

test('a folder is described in one line and measured in the next', async () => {
  const bare = await haidang('evaluate', '--dataset', 'my-films');
  expect(bare.status).toBe(1);
  expect(bare.stderr).toContain('haidang datasets new');

  const made = await haidang(
    'datasets',
    'new',
    'my-films',
    '--column',
    'file=Ảnh chụp',
    '--column',
    'age=Năm tuổi',
    '--finding',
    'Effusion=Dịch màng phổi',
  );
  expect(made).toMatchObject({ status: 0, stderr: '' });

  const measured = await haidang('evaluate', '--dataset', 'my-films', '--resume', 'run.ndjson', '--json');
  expect(measured.stderr).toContain('films.csv, row 26, column Ảnh chụp: the film “f99.png” is not in the folder');
  expect(measured.status).toBe(1);
  const { figures } = report.parse(JSON.parse(measured.stdout));
  const effusion = figures.find(({ finding, metric }) => finding === 'Effusion' && metric === 'auroc');
  expect(effusion).toMatchObject({ source: 'my-films', n: FILMS - 1, positives: FILMS / 2 });
  expect(effusion?.value).toBeTypeOf('number');
  const refused = figures.find(({ source, metric }) => source === 'all' && metric === 'refused-share');
  expect(refused).toMatchObject({ value: 1 / FILMS, n: FILMS });

  // Broken off after seven films and in the middle of a line: the answers that are there are taken, the others computed.
  const journal = readFileSync(inRoot('run.ndjson'), 'utf8').split('\n');
  writeFileSync(inRoot('run.ndjson'), `${journal.slice(0, 8).join('\n')}\n{"film":"f1`);
  const resumed = await haidang('evaluate', '--dataset', 'my-films', '--resume', 'run.ndjson', '--json');
  expect(report.parse(JSON.parse(resumed.stdout)).figures).toEqual(figures);

  const other = await haidang('evaluate', '--model', 'cxr-other', '--dataset', 'my-films', '--resume', 'run.ndjson');
  expect(other.status).toBe(1);
  expect(other.stderr).toContain('belongs to another run');
});

test('the report is written in every form, can be checked, plotted and compared', async () => {
  const first = await haidang(
    'evaluate',
    '--dataset',
    'my-films',
    '--out',
    'report',
    '--lang',
    'vi',
    '--prevalence',
    '0.1',
  );
  expect(first.stdout.split('\n').length).toBeLessThan(24);
  const page = readFileSync(inRoot('report/report.html'), 'utf8');
  expect(page).toContain('<html lang="vi">');
  expect(page).toContain('tỷ lệ mắc 10.0 %');
  for (const word of ['mô hình', 'bản hiệu chuẩn', 'bộ dữ liệu', 'chương trình', 'phim/giây'])
    expect(page).toContain(word);
  expect(page).not.toMatch(/<td>(model|dataset|program|age|sex)<\/td>/);
  // Nothing from elsewhere: no script, no picture, no font by address.
  expect(page).not.toMatch(/<script|<img|<link|src=|url\(|@import/);
  expect(readFileSync(inRoot('report/report.tex'), 'utf8')).toContain('my-films & Effusion & 12 / 23');
  expect(readFileSync(inRoot('report/report.md'), 'utf8')).toContain('| my-films | Effusion | 12 / 23 |');
  expect(readFileSync(inRoot('report/figures.csv'), 'utf8')).toMatch(
    /^source,finding,metric,value,lower,upper,n,positives,note\n/,
  );
  const predictions = readFileSync(inRoot('report/predictions.csv'), 'utf8').trim().split('\n');
  expect(predictions[0]).toMatch(/^film,patient,source,head,logit,probability,decision,refused/);
  // Three heads of 23 films, one line for the refused film, one heading.
  expect(predictions).toHaveLength(3 * 23 + 1 + 1);

  const same = await haidang('evaluate', '--dataset', 'my-films', '--check', 'report/report.json');
  expect(same.stderr).toContain('no figure moved');
  const moved = JSON.parse(readFileSync(inRoot('report/report.json'), 'utf8'));
  moved.figures[0].value += 0.01;
  writeFileSync(inRoot('moved.json'), JSON.stringify(moved));
  const checked = await haidang('evaluate', '--dataset', 'my-films', '--check', 'moved.json');
  expect(checked.stderr).toContain('my-films Effusion auroc value: was');
  expect(checked.status).toBe(1);

  const plot = await haidang('plot', 'report/report.json', '--kind', 'calibration', '--finding', 'Effusion');
  expect(plot.stdout).toMatch(/^<svg xmlns/);

  const compared = await haidang(
    'compare',
    '--models',
    'cxr-findings,cxr-other',
    '--dataset',
    'my-films',
    '--margin',
    '0.05',
    '--json',
  );
  const { models, figures, nonInferiority } = JSON.parse(compared.stdout);
  expect(models).toEqual(['cxr-findings', 'cxr-other']);
  expect(Object.keys(figures[0])).toEqual([
    'source',
    'finding',
    'n',
    'metric',
    'a',
    'b',
    'difference',
    'lower',
    'upper',
    'p',
  ]);
  expect(nonInferiority).toHaveLength(figures.length);
  await haidang(
    'evaluate',
    '--model',
    'cxr-findings,cxr-other',
    '--dataset',
    'my-films',
    '--predictions',
    'answers.csv',
  );
  const fromTables = await haidang(
    'compare',
    '--predictions',
    'answers-cxr-findings.csv,answers-cxr-other.csv',
    '--dataset',
    'my-films',
    '--json',
  );
  // Sums in another order differ in their last digits.
  const rounded = (rows: Record<string, unknown>[]) =>
    rows.map((row) => Object.values(row).map((value) => (typeof value === 'number' ? value.toFixed(9) : value)));
  expect(rounded(JSON.parse(fromTables.stdout).figures)).toEqual(rounded(figures));
});

test('a calibration that was fitted to the folder replaces the model’s only when it is asked to', async () => {
  await haidang('evaluate', '--dataset', 'my-films', '--model', 'cxr-other', '--predictions', 'for-fit.csv');
  // Logits that follow the labels, so that a fit exists.
  const lines = readFileSync(inRoot('for-fit.csv'), 'utf8').trim().split('\n');
  const sick = new Set(
    Array.from({ length: FILMS }, (_, i) => i)
      .filter((i) => i % 2 === 0)
      .map((i) => `f${i}.png`),
  );
  const fitted = lines.map((line, at) => {
    const cells = line.split(',');
    if (at === 0 || cells[3] === '') return line;
    cells[4] = String((sick.has(cells[0] ?? '') ? 1 : -1) + (at % 5) - 2);
    return cells.join(',');
  });
  writeFileSync(inRoot('for-fit.csv'), fitted.join('\n'));
  const args = ['calibrate', '--model', 'cxr-other', '--dataset', 'my-films', '--predictions', 'for-fit.csv', '--json'];
  const kept = readFileSync(inRoot('models/cxr-other/calibration.json'), 'utf8');
  const tried = JSON.parse((await haidang(...args)).stdout);
  expect(tried.file).toBe(inRoot('cxr-other.calibration.json'));
  expect(readFileSync(inRoot('models/cxr-other/calibration.json'), 'utf8')).toBe(kept);
  const effusion = tried.heads.find((head: { code: string }) => head.code === 'Effusion');
  expect(effusion).toMatchObject({ source: 'my-films', fitted: { fittedOn: { n: FILMS - 1, positives: FILMS / 2 } } });
  expect(tried.heads.find((head: { code: string }) => head.code === 'Nodule')).toMatchObject({ fitted: null });
  await haidang(...args, '--write', '--prevalence', 'Effusion=0.1');
  const written = JSON.parse(readFileSync(inRoot('models/cxr-other/calibration.json'), 'utf8'));
  expect(written.heads[0].prevalence.value).toBe(0.1);
  expect((await haidang('models', 'verify', '--json')).stdout).toContain('"model":"cxr-other"');
});

test('predictions can be Parquet', async () => {
  await haidang('evaluate', '--dataset', 'my-films', '--predictions', 'answers.parquet');
  expect(readFileSync(inRoot('answers.parquet')).subarray(0, 4).toString()).toBe('PAR1');
});

test('a data set that asks for no head of the model is refused with both lists', async () => {
  mkdirSync(inRoot('strange'));
  writeFileSync(inRoot('strange/t.csv'), 'file,hernia\na.png,1\n');
  writeFileSync(inRoot('strange/a.png'), 'x');
  await haidang('datasets', 'new', 'strange', '--finding', 'Hernia=hernia');
  const { status, stdout, stderr } = await haidang('evaluate', '--dataset', 'strange', '--json');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('strange asks for Hernia; cxr-findings has Effusion, Nodule, any-abnormality');
});

test('verify lists every fault, one line each, and leaves 1', async () => {
  const { status, stdout } = await haidang('datasets', 'verify', 'my-films');
  expect(status).toBe(1);
  expect(stdout).toContain('row 26, column Ảnh chụp');
  expect(stdout).toContain('1 faults');
});

test('a data set that only people can get says how', async () => {
  const { status, stderr } = await haidang('datasets', 'fetch', 'vindr-cxr', '--to', 'here');
  expect(status).toBe(1);
  expect(stderr).toContain('PhysioNet');
});

test('a file that is not there, or is something else, is a sentence and no stack trace', async () => {
  const paths = [
    ['evaluate', '--dataset', 'my-films', '--check', 'absent.json'],
    ['evaluate', '--dataset', 'my-films', '--check', 'my-films/films.csv'],
    ['plot', 'absent.json', '--kind', 'roc'],
    ['models', 'import', 'my-films', '--id', 'net', '--labels', 'A'],
  ];
  const answers = await Promise.all(paths.map((args) => haidang(...args)));
  expect(answers.map(({ status, stdout }) => [status, stdout])).toEqual(paths.map(() => [1, '']));
  for (const { stderr } of answers) expect(stderr).not.toContain('node:');
  expect(answers[0]?.stderr).toContain('ENOENT');
  expect(answers[1]?.stderr).toContain('is no report.json');
  expect(answers[3]?.stderr).toContain('is a folder');
  const path = await haidang('evaluate', '--dataset', 'my-films', '--model', '../models/cxr-findings');
  expect(path.stderr).toContain('models.unknown-model');
});
