// `haidang deidentify FILE… --out FOLDER --key FILE`: DICOM files without what names their persons; consistent for one key.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { resolveUserPath } from '#cli/paths.ts';
import { deidentified } from '#dicom/deidentify/deidentify.ts';
import { createPseudonyms, type Pseudonyms } from '#dicom/deidentify/pseudonyms.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { CareError } from '#kernel/errors.ts';

type Line =
  | { readonly file: string; readonly outcome: 'written'; readonly out: string }
  | { readonly file: string; readonly outcome: 'refused'; readonly code: string; readonly reason: string };

const KEY_BYTES = 32;

/** Made where it is not there yet, readable by its owner only: who has it can tell who a film is of. */
async function keyIn(file: string): Promise<Buffer> {
  const made = randomBytes(KEY_BYTES);
  try {
    await writeFile(file, `${made.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex');
  if (key.length < KEY_BYTES)
    throw dicomErrors.error('unreadable', { field: '--key', reason: 'no key of 32 bytes in hexadecimal' });
  return key;
}

async function clean(file: string, folder: string, names: Pseudonyms): Promise<Line> {
  try {
    const bytes = await readFile(resolveUserPath(file)).catch((cause: unknown) => {
      throw dicomErrors.error('unreadable', { cause });
    });
    const result = deidentified(bytes, names);
    // Names of the new file derive from the new identities: the old name may be the patient's.
    const out = join(folder, result.patient, `${result.sopInstanceUid}.dcm`);
    await mkdir(join(folder, result.patient), { recursive: true });
    await writeFile(out, result.bytes);
    return { file, outcome: 'written', out };
  } catch (thrown) {
    if (!(thrown instanceof CareError)) throw thrown;
    return { file, outcome: 'refused', code: thrown.code, reason: thrown.reason };
  }
}

const inWords = (line: Line): string =>
  line.outcome === 'written' ? `${line.file} → ${line.out}` : `${line.file}  refused  ${line.code}: ${line.reason}`;

export function addDeidentifyCommand(program: Command): void {
  program
    .command('deidentify')
    .description('write DICOM files without what names their persons (PS3.15 Basic Profile, dates moved per patient)')
    .argument('<files...>', 'DICOM files')
    .requiredOption('--out <folder>', 'where the new files go')
    .requiredOption('--key <file>', 'secret key of the pseudonyms; made where it is not there')
    .option('--json', 'one JSON line per file')
    .action(
      async (
        files: readonly string[],
        options: { readonly out: string; readonly key: string; readonly json?: true },
      ) => {
        const names = createPseudonyms(await keyIn(resolveUserPath(options.key)));
        for (const file of files) {
          const line = await clean(file, resolveUserPath(options.out), names);
          process.stdout.write(`${options.json === true ? JSON.stringify(line) : inWords(line)}\n`);
          if (line.outcome === 'refused') process.exitCode = 1;
        }
      },
    );
}
