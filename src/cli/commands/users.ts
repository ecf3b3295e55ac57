// `haidang users`: local accounts, for a clinic without an identity provider; also while the service runs.
import type { Command } from 'commander';
import type { Role } from '#access/roles.ts';
import { facilityOption, roleOption } from '#cli/access-options.ts';
import { administer } from '#cli/administer.ts';

interface Place {
  readonly facility?: string;
}

const tellPassword = (password: string): void => {
  process.stderr.write('Mật khẩu đầu tiên, hiện một lần · The first password, shown once:\n');
  process.stdout.write(`${password}\n`);
};

export function addUsersCommands(program: Command): void {
  const users = program.command('users').description('local accounts of people');
  users
    .command('add')
    .description('print the first password, which the person changes at the first login')
    .argument('<login>', 'the name to log in with')
    .addOption(roleOption())
    .addOption(facilityOption())
    .action(async (login: string, { role, facility }: Place & { readonly role: Role }) => {
      tellPassword(await administer(facility, (it) => it.addAccount({ login, role })));
    });
  users
    .command('list')
    .description('accounts, one JSON line each')
    .addOption(facilityOption())
    .action(async ({ facility }: Place) => {
      for (const account of await administer(facility, (it) => it.listAccounts()))
        process.stdout.write(`${JSON.stringify(account)}\n`);
    });
  users
    .command('disable')
    .description('no more logins; the open ones end')
    .argument('<login>')
    .addOption(facilityOption())
    .action(async (login: string, { facility }: Place) => {
      await administer(facility, (it) => it.disableAccount(login));
    });
  users
    .command('reset')
    .description('print a new first password; open logins end')
    .argument('<login>')
    .addOption(facilityOption())
    .action(async (login: string, { facility }: Place) => {
      tellPassword(await administer(facility, (it) => it.resetAccount(login)));
    });
}
