// `haidang models reload ID`: asks the service that runs here to read a model's folder, and the setting of its canary, again.
import type { Command } from 'commander';
import { LOCAL_FACILITY } from '#access/identity.ts';
import { createClient } from '#client/client.ts';
import { systemClock } from '#kernel/clock.ts';
import { addressBeside } from '#service/address-file.ts';
import { readConfig } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import { modelErrors } from '#models/errors.ts';
import { tellRefusal } from '#cli/fail.ts';
import { userFolder } from '#cli/paths.ts';

const TOKEN_S = 60;

async function reload(id: string, { json }: { readonly json?: boolean }): Promise<void> {
  const config = readConfig(process.env, userFolder());
  const address = await addressBeside(config.dataDir);
  if (address === undefined)
    throw modelErrors.error('no-service', { field: 'HAIDANG_DATA_DIR', reason: config.dataDir });
  const tokens = await tokensBeside(config, systemClock);
  const token = await tokens.issue({
    actor: 'command-line',
    roles: ['admin'],
    facilityId: LOCAL_FACILITY,
    seconds: TOKEN_S,
  });
  const { data } = await createClient({ baseUrl: address, token }).v1.reloadModel(id);
  if (json === true) process.stdout.write(`${JSON.stringify(data)}\n`);
  else
    for (const { version, outcome, reason } of data.versions)
      process.stdout.write(`${data.model} ${version ?? '?'}  ${outcome}${reason === null ? '' : `: ${reason}`}\n`);
  if (data.versions.some(({ outcome }) => outcome === 'refused')) process.exitCode = 1;
}

export function addReloadCommand(models: Command): void {
  models
    .command('reload <id>')
    .description('put changed or added versions of a model in service, without stopping it')
    .option('--json', 'one JSON object: what was done with each version')
    .action((id: string, options: { readonly json?: boolean }) => reload(id, options).catch(tellRefusal));
}
