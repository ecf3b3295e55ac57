// `haidang person`: what a data officer is asked for: hand over all that is stored of a person, erase it, or hold it for a court.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import type { FacilityStore, Store } from '#store/store.ts';
import { tellRefusal } from '#cli/fail.ts';
import { openStoreOf } from '#cli/open-store.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { LOCAL_FACILITY } from '#access/identity.ts';

interface Options {
  readonly facility: string;
}
interface WithReason extends Options {
  readonly reason: string;
  readonly actor: string;
}

async function withStore(facility: string, work: (store: Store, local: FacilityStore) => Promise<void>): Promise<void> {
  const store = await openStoreOf(readConfig(process.env, userFolder()));
  try {
    await work(store, await store.facility(facility));
  } catch (thrown) {
    tellRefusal(thrown);
  } finally {
    await store.close();
  }
}

const print = (result: object): void => void process.stdout.write(`${JSON.stringify(result)}\n`);

export function addPersonCommands(program: Command): void {
  const person = program
    .command('person')
    .description('all that is stored of one person: hand it over, erase it, or forbid its erasure');
  const command = (name: string, description: string) =>
    person
      .command(`${name} <patient-code>`)
      .description(description)
      .option('--facility <id>', 'the hospital whose data these are', LOCAL_FACILITY);
  const withReason = (name: string, description: string) =>
    command(name, description)
      .requiredOption('--reason <text>', 'who asked for it and on what ground; kept in the audit trail')
      .option('--actor <login>', 'who does it', process.env['USER'] ?? 'local');

  command('export', 'write every row as JSON, and the films and maps beside it')
    .requiredOption('--out <folder>', 'a new folder')
    .action((code: string, { facility, out }: Options & { readonly out: string }) =>
      withStore(facility, async (store, local) => {
        const { blobs, ...data } = await local.personData.export(code);
        const folder = resolveUserPath(out);
        mkdirSync(join(folder, 'files'), { recursive: true, mode: 0o700 });
        writeFileSync(join(folder, 'data.json'), JSON.stringify(data, undefined, 2), { mode: 0o600 });
        for (const sha256 of blobs)
          writeFileSync(join(folder, 'files', sha256), await store.blobs.get(sha256), { mode: 0o600 });
        const rows = data.tables.reduce((total, table) => total + table.rows.length, 0);
        print({ patientCodes: data.patientCodes, rows, files: blobs.length, folder });
      }),
    );
  withReason('erase', 'delete every row, film and map; only the audit trail keeps that it happened')
    .requiredOption('--confirm <patient-code>', 'the patient code once more')
    .action((code: string, { facility, confirm, ...why }: WithReason & { readonly confirm: string }) => {
      if (confirm !== code) return person.error('--confirm must repeat the patient code', { exitCode: 2 });
      return withStore(facility, async (store, local) => {
        const { rows, blobs } = await local.personData.erase(code, why);
        for (const sha256 of blobs) await (await store.blobs.remove(sha256)).done();
        print({ rows, files: blobs.length });
      });
    });
  withReason('hold', 'forbid erasure, for example while a court asks').action(
    (code: string, { facility, ...why }: WithReason) =>
      withStore(facility, async (_store, local) => {
        await local.personData.hold(code, why);
        print({ held: true });
      }),
  );
  withReason('release', 'end a hold').action((code: string, { facility, ...why }: WithReason) =>
    withStore(facility, async (_store, local) => {
      await local.personData.release(code, why);
      print({ held: false });
    }),
  );
}
