// `haidang keys`: keys of systems that cannot sign; also while the service runs.
import { type Command, InvalidArgumentError } from 'commander';
import type { Role } from '#access/roles.ts';
import { facilityOption, roleOption } from '#cli/access-options.ts';
import { administer } from '#cli/administer.ts';

interface Place {
  readonly facility?: string;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!/^[0-9]{1,4}$/.test(text) || days < 1 || days > 3650) throw new InvalidArgumentError('1 to 3650 days');
  return days;
}

function parseName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) throw new InvalidArgumentError('letters, digits, . _ -');
  return text;
}

export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('keys of systems (Authorization: Bearer hdk_…)');
  keys
    .command('add')
    .description('print a key; it is not shown again')
    .requiredOption('--name <name>', 'the system, for the audit trail', parseName)
    .addOption(roleOption())
    .addOption(facilityOption())
    .option('--days <days>', 'how long it is good; absent: until it is revoked', parseDays)
    .action(async (options: Place & { readonly name: string; readonly role: Role; readonly days?: number }) => {
      const { name, role, days, facility } = options;
      process.stdout.write(`${await administer(facility, (it) => it.addKey({ name, role, days }))}\n`);
    });
  keys
    .command('list')
    .description('keys without their secrets, one JSON line each')
    .addOption(facilityOption())
    .action(async ({ facility }: Place) => {
      for (const key of await administer(facility, (it) => it.listKeys()))
        process.stdout.write(`${JSON.stringify(key)}\n`);
    });
  keys
    .command('revoke')
    .description('the key opens nothing any more')
    .argument('<id>', 'from the list')
    .addOption(facilityOption())
    .action(async (id: string, { facility }: Place) => {
      await administer(facility, (it) => it.revokeKey(id));
    });
}
