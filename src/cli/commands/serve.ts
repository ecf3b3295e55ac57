// `haidang serve`: the service in the foreground; `haidang migrate`: only the database, for a site that wants to see it done first.
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { openStoreOf } from '#cli/open-store.ts';
import { userFolder } from '#cli/paths.ts';

export function addServeCommands(program: Command): void {
  program
    .command('serve')
    .description('run the service; settings are environment variables (HAIDANG_PORT, HAIDANG_DATA_DIR, DATABASE_URL …)')
    .action(async () => {
      // Loaded here: the other commands need not load every door.
      const { runUntilStopped } = await import('#cli/run-service.ts');
      await runUntilStopped(process.env);
    });

  program
    .command('migrate')
    .description('bring the database up to this version and stop')
    .action(async () => {
      const store = await openStoreOf(readConfig(process.env, userFolder()));
      const done = store.migrated.length === 0 ? 'nothing to do' : store.migrated.join(', ');
      await store.close();
      process.stdout.write(`${store.host}: ${done}\n`);
    });
}
