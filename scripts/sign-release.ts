// Checksums of a folder of release files, and a detached signature over them in OpenSSH's format, which every system with OpenSSH 8.2 verifies.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const SUMS = 'SHA256SUMS';
/** What the signature is for: one of another purpose, such as a commit, does not count here. */
const NAMESPACE = 'haidang-release';

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** `key`: the file of a private OpenSSH key, Ed25519. Writes `SHA256SUMS` and `SHA256SUMS.sig` beside the files. */
export async function signRelease(folder: string, key: string): Promise<void> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith(SUMS))
    .map(({ name }) => name)
    .toSorted();
  if (names.length === 0) throw new Error(`${folder} holds nothing to sign`);
  const lines = await Promise.all(names.map(async (name) => `${await sha256Of(join(folder, name))}  ${name}\n`));
  const sums = join(folder, SUMS);
  writeFileSync(sums, lines.join(''));
  // ssh-keygen asks before it writes over an old one.
  rmSync(`${sums}.sig`, { force: true });
  execFileSync('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', NAMESPACE, sums], { stdio: ['ignore', 'ignore', 'pipe'] });
}
