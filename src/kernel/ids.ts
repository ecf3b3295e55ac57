// Identities: random where a new thing is born, derived where the same thing must get the same name again.
import { createHash, randomUUID } from 'node:crypto';

export type Uuid = string;

export const newUuid = (): Uuid => randomUUID();

export const sha256Hex = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The same parts always give the same UUID (version 8, RFC 9562: SHA-256 over the parts joined by NUL). */
export function derivedUuid(...parts: readonly string[]): Uuid {
  const hash = createHash('sha256').update(parts.join('\0')).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
