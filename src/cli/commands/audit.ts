// `haidang audit`: is the chain of every facility whole, and the entries themselves; also while the service runs.
import type { Command } from 'commander';
import { facilityOption } from '#cli/access-options.ts';
import { auditBeside } from '#cli/audit-beside.ts';

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the audit trail: a chain of hashes per facility');
  audit
    .command('verify')
    .description('one JSON line per facility; exit status 1 where an entry was edited, taken out or cut off')
    .addOption(facilityOption())
    .option('--json', 'one JSON line per facility (always)')
    .action(async ({ facility }: { readonly facility?: string }) => {
      for await (const verdict of (await auditBeside()).verify(facility)) {
        process.stdout.write(`${JSON.stringify(verdict)}\n`);
        if (!verdict.intact) process.exitCode = 1;
      }
    });
  audit
    .command('export')
    .description('every entry of a facility as JSON lines, then the signed head as the last line')
    .addOption(facilityOption())
    .action(async ({ facility }: { readonly facility?: string }) => {
      for await (const line of (await auditBeside()).export(facility ?? 'local')) process.stdout.write(`${line}\n`);
    });
}
