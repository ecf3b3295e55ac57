// Chains audit entries: each holds the hash of the one before.
import { sha256Hex } from '#kernel/ids.ts';
import { canonicalJson } from '#store/host/canonical.ts';

/** What the first entry names as its predecessor. */
export const GENESIS = '0'.repeat(64);

export const chainHash = (previousHash: string, sequence: number, entry: string): string =>
  sha256Hex(`${previousHash}\n${sequence}\n${entry}`);

/**
 * `chainHash` as SQL: hangs the rows of `entry` (n from 1, entry) on the row of `head` (sequence, hash) and moves the facility's head
 * to the last of them. For a `with recursive` whose `$1` is the facility.
 */
export const CHAIN_SQL = `
    chain as (
      select 0::bigint as n, head.sequence, null::text as previous_hash, head.hash from head
      union all
      select entry.n, chain.sequence + 1, chain.hash,
        encode(sha256(convert_to(chain.hash || E'\\n' || (chain.sequence + 1) || E'\\n' || entry.entry, 'UTF8')), 'hex')
      from chain join entry on entry.n = chain.n + 1),
    moved as (
      update audit_head set sequence = last.sequence, hash = last.hash
      from (select sequence, hash from chain order by n desc limit 1) last where facility_id = $1)`;

/** What an entry keeps of a committed record, so that a later edit of it shows. */
export const digestOf = (record: unknown): string => sha256Hex(canonicalJson(record));
