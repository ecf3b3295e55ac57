// `npm run release -- FOLDER --key KEY`: what is published of a version, in one empty folder: the offline bundle of this platform, the list of its
// packages with their licences (CycloneDX), the sums of both, and a signature over the sums. docs/operations/install.en.md says how it is verified.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { signRelease } from './sign-release.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: { type: 'string' } } });
const [given] = positionals;
const { key } = values;
if (given === undefined || key === undefined) {
  process.stderr.write('Usage: npm run release -- FOLDER --key KEY (a private OpenSSH key, Ed25519)\n');
  process.exit(2);
}
const folder = resolve(given);
mkdirSync(folder, { recursive: true });
if (readdirSync(folder).length > 0) {
  process.stderr.write(`${given} is not empty.\n`);
  process.exit(2);
}
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });

run(
  process.execPath,
  'scripts/bundle.ts',
  join(folder, `haidang-${version}-${process.platform}-${process.arch}.tar.gz`),
);
writeFileSync(join(folder, `haidang-${version}.cdx.json`), run('npm', 'sbom', '--sbom-format=cyclonedx', '--omit=dev'));
await signRelease(folder, resolve(key));
for (const name of readdirSync(folder)) process.stdout.write(`${name}\n`);
