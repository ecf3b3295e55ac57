// `haidang token`: a bearer token of the service's own issuer, for a program or a first look; the service need not run.
import { type Command, InvalidArgumentError } from 'commander';
import { LOCAL_FACILITY } from '#access/identity.ts';
import type { Role } from '#access/roles.ts';
import { facilityOption, roleOption } from '#cli/access-options.ts';
import { systemClock } from '#kernel/clock.ts';
import { readConfig } from '#service/config.ts';
import { tokensBeside } from '#service/identity.ts';
import { userFolder } from '#cli/paths.ts';

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;
/** A token cannot be called back; what lives longer is a key (`haidang keys`). */
const LONGEST_S = 30 * SECONDS.d;

function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,4})([mhd])$/.exec(text) ?? [];
  const seconds = unit === 'm' || unit === 'h' || unit === 'd' ? Number(count) * SECONDS[unit] : 0;
  if (seconds === 0 || seconds > LONGEST_S)
    throw new InvalidArgumentError('minutes, hours or days, at most 30d: for example 1h');
  return seconds;
}

function parseName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@:-]{0,99}$/.test(text)) throw new InvalidArgumentError('a login name without spaces');
  return text;
}

interface Options {
  readonly role: Role;
  readonly facility?: string;
  readonly for: number;
  readonly name?: string;
}

async function token({
  role,
  facility = LOCAL_FACILITY,
  for: seconds,
  name = `token-${role}`,
}: Options): Promise<void> {
  const tokens = await tokensBeside(readConfig(process.env, userFolder()), systemClock);
  const text = await tokens.issue({ actor: name, roles: [role], facilityId: facility, seconds });
  process.stdout.write(`${text}\n`);
}

export function addTokenCommand(program: Command): void {
  program
    .command('token')
    .description('print a bearer token (Authorization: Bearer …) of this data folder or database')
    .addOption(roleOption())
    .addOption(facilityOption())
    .option('--for <duration>', 'how long it is good: 30m, 1h, 7d', parseDuration, SECONDS.h)
    .option('--name <name>', 'who it is, for the audit trail', parseName)
    .action(token);
}
