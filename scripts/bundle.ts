// `npm run bundle -- FILE.tar.gz`: one archive with Node, the program, its packages and its models for this platform, for a hospital without
// internet. Needs the package registry here, nothing there.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
const MIB = 1024 * 1024;
const LAUNCHER = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/bin/node" "$here/node_modules/haidang/dist/haidang.js" "$@"
`;
/** Of no use at run time, and a third of the packages. */
const NOT_RUN = /\.(?:map|md|markdown|d\.[cm]?ts|flow)$/i;
const KEEP = /licen[cs]e|notice|copying/i;
/** Folders of native code in packages that carry every platform, for example `linux/x64`. */
const PLATFORMS = ['darwin', 'linux', 'win32'];

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function npm(folder: string, ...args: readonly string[]): string {
  return execFileSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * MIB,
  });
}

/** Binaries of other platforms, and what only people and debuggers read. */
function prune(modules: string): void {
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory() || !PLATFORMS.includes(basename(entry.parentPath)) || !entry.parentPath.includes('bin'))
      continue;
    if (basename(entry.parentPath) !== process.platform || entry.name !== process.arch)
      rmSync(join(entry.parentPath, entry.name), { recursive: true, force: true });
  }
  for (const file of filesIn(modules)) if (NOT_RUN.test(file) && !KEEP.test(basename(file))) rmSync(file);
  // Node itself lies in bin/.
  for (const name of readdirSync(modules))
    if (/^node(-|$)/.test(name)) rmSync(join(modules, name), { recursive: true });
  rmSync(join(modules, '.bin'), { recursive: true, force: true });
}

function assemble(target: string): void {
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts=false', '--pack-destination', target)) as {
    filename: string;
  }[];
  if (packed === undefined) throw new Error('npm packed nothing');
  copyFileSync(join(root, '.npmrc'), join(target, '.npmrc'));
  // The lock file's versions, not the newest that the ranges allow.
  copyFileSync(join(root, 'package-lock.json'), join(target, 'package-lock.json'));
  copyFileSync(join(root, 'package.json'), join(target, 'package.json'));
  npm(target, 'ci', '--omit=dev', '--silent');
  const own = join(target, 'node_modules/haidang');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', packed.filename, '-C', own, '--strip-components=1'], { cwd: target });
  writeFileSync(join(target, 'sbom.cdx.json'), npm(root, 'sbom', '--sbom-format=cyclonedx', '--omit=dev'));
  for (const name of [packed.filename, 'package.json', 'package-lock.json', '.npmrc']) rmSync(join(target, name));
  prune(join(target, 'node_modules'));
  mkdirSync(join(target, 'bin'));
  copyFileSync(process.execPath, join(target, 'bin/node'));
  writeFileSync(join(target, 'haidang'), LAUNCHER);
  for (const name of ['bin/node', 'haidang']) chmodSync(join(target, name), 0o755);
  copyFileSync(join(root, 'deploy/bundle/README.md'), join(target, 'README.md'));
  copyFileSync(join(root, 'deploy/systemd/haidang.service'), join(target, 'haidang.service'));
  copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  cpSync(join(root, 'docs'), join(target, 'docs'), { recursive: true });
}

function sums(target: string): string {
  const lines = filesIn(target).map((file) => {
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${hash}  ./${relative(target, file)}`;
  });
  return `${lines.toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('\n')}\n`;
}

const { positionals } = parseArgs({ allowPositionals: true });
const [file] = positionals;
if (file === undefined || process.platform === 'win32') {
  process.stderr.write(
    'Usage: npm run bundle -- FILE.tar.gz (on Linux or macOS; on Windows install the package with npm)\n',
  );
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'haidang-bundle-'));
try {
  const target = join(work, 'haidang');
  mkdirSync(target);
  assemble(target);
  writeFileSync(join(target, 'SHA256SUMS'), sums(target));
  const bytes = filesIn(target).reduce((total, one) => total + statSync(one).size, 0);
  execFileSync('tar', ['-czf', resolve(file), '-C', work, 'haidang']);
  const packed = statSync(resolve(file)).size;
  process.stderr.write(
    `${file}: ${Math.round(packed / MIB)} MiB, unpacked ${Math.round(bytes / MIB)} MiB, for ${process.platform}-${process.arch}\n`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
