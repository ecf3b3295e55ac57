// The command as its contract says: JSON lines on standard output and nothing else there, exit status 0, 1 or 2.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { encodeGrayPng } from '#image/picture.ts';
import { freshDataDir } from '../store/hosts.ts';
import { filmDicom, filmPicture } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = mkdtempSync(join(tmpdir(), 'haidang-cli-'));
const inRoot = (name: string): string => join(root, name);

beforeAll(async () => {
  writeTinyModel(inRoot('models'), { id: 'cxr-findings' });
  writeTinyModel(inRoot('models'), { id: 'cxr-other', seed: 1 });
  writeFileSync(inRoot('pa.dcm'), await filmDicom({ study: 's1' }));
  writeFileSync(inRoot('ap.dcm'), await filmDicom({ study: 's1', view: 'AP' }));
  writeFileSync(inRoot('hand.dcm'), await filmDicom({ study: 's2', bodyPart: 'HAND' }));
  writeFileSync(inRoot('cut.dcm'), (await filmDicom({ study: 's3' })).subarray(0, 3000));
  writeFileSync(inRoot('film.png'), await encodeGrayPng({ columns: 64, rows: 64, values: filmPicture(64, 0) }));
});
afterAll(() => rmSync(root, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function haidang(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], {
    env: {
      ...process.env,
      HAIDANG_MODELS_DIR: inRoot('models'),
      HAIDANG_DATA_DIR: inRoot('data'),
      INIT_CWD: root,
      ...env,
    },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}

const line = z.strictObject({
  files: z.array(z.string()),
  outcome: z.enum(['assessed', 'not-assessed', 'failed']),
  reasons: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  findings: z.array(
    z.strictObject({
      code: z.string(),
      probability: z.number().min(0).max(1),
      decision: z.enum(['positive', 'negative', 'indeterminate']),
    }),
  ),
  priority: z.enum(['critical', 'urgent', 'routine']),
  provenance: z.record(z.string(), z.string()),
});

const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((json) => line.parse(JSON.parse(json)));

describe.concurrent('haidang preread --json', () => {
  test('prints one line per study, relative names resolved from where the user stands', async () => {
    const { status, stdout } = await haidang(['preread', 'pa.dcm', 'ap.dcm', 'film.png', '--age', '40', '--json']);
    expect(linesOf(stdout).map(({ files, outcome }) => [files, outcome])).toEqual([
      [['pa.dcm', 'ap.dcm'], 'assessed'],
      [['film.png'], 'assessed'],
    ]);
    expect(status).toBe(0);
  });

  test('a refused, a broken and a missing file are lines with their reasons, and the exit status is 1', async () => {
    const { status, stdout } = await haidang(['preread', 'hand.dcm', 'cut.dcm', 'nowhere.dcm', 'pa.dcm', '--json']);
    expect(linesOf(stdout).map(({ outcome, reasons }) => [outcome, reasons[0]?.code])).toEqual([
      ['not-assessed', 'preread.body-part-not-accepted'],
      ['not-assessed', 'dicom.truncated'],
      ['not-assessed', 'preread.empty'],
      ['assessed', undefined],
    ]);
    expect(status).toBe(1);
  });
});

test.concurrent('without --json it is a table in the language asked for, and --out writes the films with their heatmaps', async () => {
  const { status, stdout, stderr } = await haidang(['preread', 'pa.dcm', '--lang', 'vi', '--out', 'maps']);
  expect(status).toBe(0);
  expect(stdout).toContain('Đã đánh giá');
  expect(stderr).toContain('Không phải trang thiết bị y tế');
  const written = readdirSync(inRoot('maps'));
  expect(written.length).toBeGreaterThan(0);
  expect(written.every((name) => /^pa\.[\w-]+\.png$/.test(name))).toBe(true);
});

test.concurrent('--model reads with another model than the setting names, and provenance says so', async () => {
  const { status, stdout } = await haidang(['preread', 'pa.dcm', '--model', 'cxr-other', '--json']);
  expect(linesOf(stdout).map(({ outcome, provenance }) => [outcome, provenance['modelId']])).toEqual([
    ['assessed', 'cxr-other'],
  ]);
  expect(status).toBe(0);
  const unknown = await haidang(['preread', 'pa.dcm', '--model', 'nothing', '--json']);
  expect(unknown).toMatchObject({ status: 1, stdout: '' });
  expect(unknown.stderr).toContain('there is cxr-findings, cxr-other');
});

test.concurrent.each([
  ['no file', ['preread', '--json']],
  ['an age that is none', ['preread', 'pa.dcm', '--age', 'old']],
  ['an unknown option', ['preread', 'pa.dcm', '--jsn']],
  ['an unknown command', ['prereed', 'pa.dcm']],
])('%s is misuse: status 2, a sentence on standard error, nothing on standard output', async (_name, args) => {
  const { status, stdout, stderr } = await haidang(args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).not.toBe('');
});

test.concurrent('a wrong setting names the variable, not its value, and ends with 1', async () => {
  const { status, stderr } = await haidang(['serve'], { HAIDANG_PORT: 'geheim' });
  expect(status).toBe(1);
  expect(stderr).toContain('HAIDANG_PORT');
  expect(stderr).not.toContain('geheim');
});

test.concurrent('migrate says what it did, and to which database', async () => {
  const { status, stdout } = await haidang(['migrate'], { HAIDANG_DATA_DIR: await freshDataDir() });
  expect([status, stdout]).toEqual([0, 'embedded: nothing to do\n']);
});
