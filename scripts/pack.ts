// `npm pack` runs this first: src → dist, compiled, because Node strips types only outside node_modules.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildPages } from '#web/build-pages.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = `${root}dist`;

rmSync(dist, { recursive: true, force: true });

// Everything lies flat in dist/, so that a file beside `import.meta.url` is found wherever the code that asks was put.
await build({
  absWorkingDir: root,
  outdir: dist,
  entryPoints: {
    haidang: 'src/cli/main.ts',
    main: 'src/main.ts',
    client: 'src/client/client.ts',
    'inference-worker': 'src/inference/process/worker.ts',
    'decode-worker': 'src/preread/read/decode-worker.ts',
    'embedded-worker': 'src/store/host/embedded-worker.ts',
  },
  bundle: true,
  packages: 'external',
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  chunkNames: 'chunk-[hash]',
  legalComments: 'inline',
  logLevel: 'warning',
});

const command = `${dist}/haidang.js`;
writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`);
chmodSync(command, 0o755);

for (const [from, to] of [
  ['src/messages/vi', 'vi'],
  ['src/messages/en', 'en'],
  ['src/store/migrations', 'migrations'],
  ['src/cli/risk-export/haidang_risk', 'haidang_risk'],
] as const)
  cpSync(`${root}${from}`, `${dist}/${to}`, { recursive: true });

const { files } = await buildPages();
mkdirSync(`${dist}/pages`);
for (const [name, content] of files) writeFileSync(`${dist}/pages/${name}`, content);
writeFileSync(`${dist}/pages/files.json`, JSON.stringify([...files.keys()]));

// The client's types; everything else is used through the command and the API.
execFileSync('npx', ['tsc', '--project', 'tsconfig.client.json'], { cwd: root, stdio: ['ignore', 2, 2] });
