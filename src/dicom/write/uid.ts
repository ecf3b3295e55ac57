// UIDs of what we write: a UUID as a number under 2.25 (PS3.5 B.2), derived from its parts, so that the same thing keeps its name.
import { derivedUuid } from '#kernel/ids.ts';

export function derivedUid(...parts: readonly string[]): string {
  return `2.25.${BigInt(`0x${derivedUuid(...parts).replaceAll('-', '')}`)}`;
}
