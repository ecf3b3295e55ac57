// The native library is loaded in the children only, whether run from the clone or from a bundle.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-processes-'));
// Under node_modules, so that the bundle finds the libraries that stay outside of it, as an installed package does.
const bundled = resolve('node_modules/.cache/haidang-bundle-test');
beforeAll(() => {
  writeTinyModel(root);
  mkdirSync(bundled, { recursive: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(bundled, { recursive: true });
});

/** Starts the parent fixture, which prints the ids of its children, and then tells what libraries it has mapped itself. */
const parentWith = (file: string): string =>
  execFileSync(process.execPath, [file, root, 'tell-and-close'], { encoding: 'utf8', timeout: 60_000 });

test.skipIf(process.platform !== 'linux')('the process that answers never loads ONNX Runtime', () => {
  const [, children, mapped] = parentWith(resolve('test/fixtures/engine-parent.ts')).split('\n');
  expect(JSON.parse(children ?? '')).toEqual(['libonnxruntime', 'libonnxruntime']);
  expect(JSON.parse(mapped ?? '')).toEqual([]);
});

test('a bundle starts its own bundled worker', async () => {
  await build({
    entryPoints: {
      'engine-parent': 'test/fixtures/engine-parent.ts',
      'inference-worker': 'src/inference/process/worker.ts',
    },
    outdir: bundled,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outExtension: { '.js': '.js' },
    packages: 'external',
    logLevel: 'error',
  });
  const [ids] = parentWith(join(bundled, 'engine-parent.js')).split('\n');
  expect(JSON.parse(ids ?? '')).toHaveLength(2);
});
