// `haidang viewer install`: OHIF's built files from npm into the data folder; the service then shows it at /ohif.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { userFolder } from '#cli/paths.ts';
import { readConfig } from '#service/config.ts';
import { viewerFolder } from '#service/viewer.ts';

const run = promisify(execFile);
/** The version whose files are known to run under /ohif. */
const PACKAGE = '@ohif/app@3.13.2';

const ROOT = '/ohif/';

/** OHIF is built for the root of a host: its page, loaders and styles are told the folder that they really lie in. */
async function moveUnderFolder(folder: string): Promise<void> {
  let loaders = 0;
  for (const name of await readdir(folder)) {
    if (!/\.(?:html|js|css)$/.test(name)) continue;
    const path = join(folder, name);
    const before = await readFile(path, 'utf8');
    const after = before
      .replaceAll('__webpack_require__.p = "/"', `__webpack_require__.p = "${ROOT}"`)
      .replaceAll(/url\(\/(?!\/)/g, `url(${ROOT}`)
      .replace('PUBLIC_URL="/"', `PUBLIC_URL="${ROOT}"`);
    const moved = name === 'index.html' ? after.replaceAll(/(href|src|content)="\/(?!\/)/g, `$1="${ROOT}`) : after;
    if (moved === before) continue;
    if (name.endsWith('.js')) loaders += 1;
    await writeFile(path, moved);
  }
  if (loaders === 0) throw new Error('the package is built in another way than expected');
}

async function install(dataDir: string): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'haidang-viewer-'));
  try {
    // npm checks the package against the hash in the registry.
    await run('npm', ['pack', PACKAGE, '--ignore-scripts', '--pack-destination', work], { cwd: work });
    const [archive] = (await readdir(work)).filter((name) => name.endsWith('.tgz'));
    await run('tar', ['-xzf', archive ?? '', '-C', work], { cwd: work });
    const built = join(work, 'package', 'dist');
    await moveUnderFolder(built);
    const target = viewerFolder(dataDir);
    const beside = `${target}.new`;
    await rm(beside, { recursive: true, force: true });
    await cp(built, beside, { recursive: true, filter: (name) => !name.endsWith('.map') });
    await rm(target, { recursive: true, force: true });
    await rename(beside, target);
    return target;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export function addViewerCommand(program: Command): void {
  program
    .command('viewer')
    .description('the DICOM viewer (OHIF)')
    .command('install')
    .description(`fetch ${PACKAGE} from npm (50 MB) into the data folder; the service shows it at /ohif`)
    .action(async () => {
      const { dataDir } = readConfig(process.env, userFolder());
      process.stderr.write(`${await install(dataDir)}\n`);
    });
}
