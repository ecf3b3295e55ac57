// Options that the commands about identity share.
import { InvalidArgumentError, Option } from 'commander';
import { ROLES } from '#access/roles.ts';

function parseFacility(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) throw new InvalidArgumentError('small letters, digits and hyphens');
  return text;
}

export const roleOption = () => new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory();

export const facilityOption = () => new Option('--facility <id>', 'whose records it sees').argParser(parseFacility);
