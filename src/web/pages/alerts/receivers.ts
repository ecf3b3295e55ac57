// The receivers of an alert in words; a role that a ward has named itself stands as it is written.
import type { Alert } from '#client/client.ts';
import { say, type WordKey } from '#web/pages/shell/words.ts';

const ROLE_WORDS: Readonly<Record<string, WordKey>> = {
  radiologist: 'role.radiologist',
  physician: 'role.physician',
  nurse: 'role.nurse',
  researcher: 'role.researcher',
  his: 'role.his',
  admin: 'role.admin',
  province: 'role.province',
  'radiologist-on-call': 'role.radiologist-on-call',
  'head-of-radiology': 'role.head-of-radiology',
  'physician-on-call': 'role.physician-on-call',
  'head-of-department': 'role.head-of-department',
};

export const roleText = (role: string): string => {
  const word = ROLE_WORDS[role];
  return word === undefined ? role : say(word);
};

export const receiversText = ({ roles, departmentCodes, loginNames }: Alert['audience']): string =>
  [...roles.map(roleText), ...departmentCodes, ...loginNames].join(', ');
