// `npm run notebooks` opens the notebooks in JupyterLab with a TypeScript kernel; `-- --run` runs them all and says what a failing cell said.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../', import.meta.url));
const notebooks = join(root, 'notebooks-ts');
/** A tool of the notebooks only, so not a dependency of the service. */
const KERNEL = 'tslab@1.0.22';

const lines = z.union([z.string(), z.array(z.string()).transform((parts) => parts.join(''))]);
const notebook = z.object({
  cells: z.array(
    z.object({
      cell_type: z.string(),
      source: lines,
      outputs: z
        .array(z.object({ output_type: z.string(), name: z.string().optional(), text: lines.optional() }))
        .default([]),
    }),
  ),
});

function installKernel(folder: string): void {
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, KERNEL], {
    stdio: 'inherit',
  });
  const kernel = join(folder, 'jupyter', 'kernels', 'tslab');
  mkdirSync(kernel, { recursive: true });
  const argv = [
    process.execPath,
    join(folder, 'node_modules/.bin/tslab'),
    'kernel',
    '--config-path',
    '{connection_file}',
  ];
  writeFileSync(
    join(kernel, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'TypeScript', language: 'typescript' }),
  );
}

/** The kernel writes what went wrong to standard error and leaves the error itself empty. */
function failuresOf(file: string): string[] {
  const { cells } = notebook.parse(JSON.parse(readFileSync(file, 'utf8')));
  return cells.flatMap(({ source, outputs }, at) => {
    if (!outputs.some(({ output_type: type }) => type === 'error')) return [];
    const said = outputs.flatMap(({ name, text }) => (name === 'stderr' ? [text ?? ''] : []));
    return [`cell ${at + 1}:\n${source}\n\n${said.join('')}`];
  });
}

function run(folder: string, where: readonly string[]): void {
  for (const name of readdirSync(notebooks).filter((file) => file.endsWith('.ipynb'))) {
    const args = [
      '--to',
      'notebook',
      '--execute',
      '--allow-errors',
      '--ExecutePreprocessor.timeout=300',
      ...where,
      name,
    ];
    const { status } = spawnSync('jupyter-nbconvert', args, {
      cwd: notebooks,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, JUPYTER_PATH: join(folder, 'jupyter') },
    });
    const failures =
      status === 0
        ? failuresOf(where.includes('--inplace') ? join(notebooks, name) : join(folder, name))
        : ['jupyter-nbconvert did not run'];
    process.stdout.write(`${name}: ${failures.length === 0 ? 'ok' : `FAILED\n${failures.join('\n')}`}\n`);
    if (failures.length > 0) process.exitCode = 1;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'haidang-notebooks-'));
try {
  installKernel(folder);
  if (process.argv.includes('--run'))
    run(folder, process.argv.includes('--inplace') ? ['--inplace'] : ['--output-dir', folder]);
  else
    spawnSync('jupyter', ['lab', notebooks], {
      stdio: 'inherit',
      env: { ...process.env, JUPYTER_PATH: join(folder, 'jupyter') },
    });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
