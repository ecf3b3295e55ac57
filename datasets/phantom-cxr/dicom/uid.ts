// Identities of phantoms: parts come in, a UID under 2.25 (a UUID written as a number, PS3.5 B.2) goes out, always the same one.
import { derivedUuid } from '#kernel/ids.ts';

export const phantomUid = (...parts: readonly (string | number)[]): string => {
  const uuid = derivedUuid('haidang-phantom', ...parts.map(String));
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;
};
