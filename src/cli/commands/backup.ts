// `haidang backup FILE`, `haidang restore FILE`, `haidang verify`: the stored data as a whole. A backup holds patients’ data and no private key.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from '#service/config.ts';
import { packageVersion } from '#service/version.ts';
import { restoreStore } from '#store/backup/restore-store.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { workOn } from '#cli/owner.ts';

const verified = z.object({ blobs: z.number(), missing: z.array(z.string()), damaged: z.array(z.string()) });

/** Written beside and renamed, so that a file of this name is whole. */
async function backup(file: string): Promise<void> {
  const path = resolveUserPath(file);
  const draft = `${path}.part`;
  const out = () => createWriteStream(draft, { mode: 0o600 });
  try {
    await workOn<void>(readConfig(process.env, userFolder()), {
      directly: async (store) => void (await store.backup(out(), packageVersion())),
      path: '/v1/admin/backup',
      fromAnswer: async ({ body }) => pipeline(Readable.from(body ?? []), out()),
    });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  process.stderr.write(`${file}\n`);
}

async function restore(file: string): Promise<void> {
  const { dataDir, databaseUrl, blobs } = readConfig(process.env, userFolder());
  const restored = await restoreStore(resolveUserPath(file), {
    dataDir,
    blobs,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  process.stdout.write(`${JSON.stringify(restored)}\n`);
}

async function verify(): Promise<void> {
  const found = await workOn(readConfig(process.env, userFolder()), {
    directly: (store) => store.verify(),
    path: '/v1/admin/verify',
    fromAnswer: async (answer) => verified.parse(await answer.json()),
  });
  process.stdout.write(`${JSON.stringify(found)}\n`);
  if (found.missing.length + found.damaged.length > 0) process.exitCode = 1;
}

export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .argument('<file>')
    .description('everything that is stored, as of one moment, in one file; the service may run')
    .action(backup);
  program
    .command('restore')
    .argument('<file>')
    .description(
      'a backup into an empty HAIDANG_DATA_DIR (and an empty DATABASE_URL and HAIDANG_BLOBS, where they are set)',
    )
    .action(restore);
  program
    .command('verify')
    .description('compare the database with the stored files')
    .option('--json', 'the output is JSON in any case')
    .action(verify);
}
