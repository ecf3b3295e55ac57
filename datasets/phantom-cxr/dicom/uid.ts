// UIDs of phantoms under 2.25 (a UUID as a number, PS3.5 B.2), derived, so that the same phantom keeps its UIDs.
import { derivedUuid } from '#kernel/ids.ts';

export const phantomUid = (...parts: readonly (string | number)[]): string => {
  const uuid = derivedUuid('haidang-phantom', ...parts.map(String));
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;
};
