// How one entry hangs on the one before.
import { sha256Hex } from '#kernel/ids.ts';
import { canonicalJson } from '#store/host/canonical.ts';

/** What the first entry names as its predecessor. */
export const GENESIS = '0'.repeat(64);

export const chainHash = (previousHash: string, sequence: number, entry: string): string =>
  sha256Hex(`${previousHash}\n${sequence}\n${entry}`);

/** What an entry keeps of a committed record, so that a later edit of it shows. */
export const digestOf = (record: unknown): string => sha256Hex(canonicalJson(record));
